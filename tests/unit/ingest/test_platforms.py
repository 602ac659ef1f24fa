"""Product files of the platforms, in the platforms' own columns. All content is made up."""

from __future__ import annotations

import codecs
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from platform_files import LEGACY, SHOPIFY, TAOBAO, WOO, taobao_bytes
from zhanggui.ingest.platforms import platform_of
from zhanggui.ingest.readers import read
from zhanggui.ingest.spec_tables import spec_attributes, without_words
from zhanggui.records import Product, RowFault


def products(path: Path, content: bytes) -> dict[str, Product]:
    path.write_bytes(content)
    found = list(read(Product, path))
    assert not [row for row in found if isinstance(row, RowFault)]
    return {row.id: row for row in found if isinstance(row, Product)}


@pytest.mark.parametrize("content", [SHOPIFY, LEGACY])
def test_shopify_variants_and_pictures_are_parts_of_their_product(
    tmp_path: Path, content: str
) -> None:
    found = products(tmp_path / "products.csv", content.encode())
    assert list(found) == ["steel-cup", "pan"]
    cup = found["steel-cup"]
    assert (cup.title, cup.brand, cup.price, cup.stock) == ("Steel Cup", "Haowu", Decimal(12), 7)
    assert cup.attributes["Color"] == "Red、Black"
    assert cup.attributes["Weight"] == "350 g"
    assert cup.attributes["Capacity"] == "500 ml"
    assert found["pan"].attributes == {}


def test_a_price_is_told_only_where_all_variants_share_it(tmp_path: Path) -> None:
    content = SHOPIFY.replace(",Black,,12.00", ",Black,,14.00")
    assert content != SHOPIFY
    assert products(tmp_path / "products.csv", content.encode())["steel-cup"].price is None


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
def test_woocommerce_variations_belong_to_their_product(tmp_path: Path, bom: bytes) -> None:
    found = products(tmp_path / "products.csv", bom + WOO.encode())
    assert list(found) == ["10", "CAP-1"]
    hoodie = found["10"]
    assert hoodie.category == "Clothing > Hoodies, Sale"
    assert (hoodie.price, hoodie.stock) == (Decimal(45), 9)
    assert hoodie.attributes == {"Color": "Blue、Green, dark", "Weight": "1.5 kg"}
    assert found["CAP-1"].attributes == {"Color": "Red"}


def test_woocommerce_speaks_chinese_too(tmp_path: Path) -> None:
    content = (
        "ID,类型,SKU,名称,简短描述,描述,库存,重量（kg）,常规售价,分类,父级,属性 1 名称,属性 1 值\n"
        "7,simple,C,保温杯,,好,3,0.35,129,杯子,,颜色,雾灰\n"
    )
    cup = products(tmp_path / "products.csv", content.encode())["7"]
    assert (cup.title, cup.category, cup.price) == ("保温杯", "杯子", Decimal(129))
    assert cup.attributes == {"颜色": "雾灰", "重量": "0.35 kg"}


def test_a_variation_of_nothing_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text(WOO.replace("id:10", "id:99"), encoding="utf-8")
    faults = [row for row in read(Product, path) if isinstance(row, RowFault)]
    assert [fault.line for fault in faults] == [3]
    assert "'99'" in faults[0].reason


@pytest.mark.parametrize("encoding", ["utf-16", "gbk", "utf-8-sig"])
def test_taobao_has_its_names_twice(tmp_path: Path, encoding: str) -> None:
    found = products(tmp_path / "products.csv", taobao_bytes(encoding))
    assert list(found) == ["HW-1", "6001"]
    cup = found["HW-1"]
    assert (cup.title, cup.brand, cup.price, cup.stock) == ("保温杯", "好物", Decimal(129), 50)
    assert cup.attributes == {
        "型号": "X1",
        "货号": "HW-1",
        "颜色分类": "雾灰",
        "内胆": "304不锈钢",
        "容量": "500ml",
    }
    # Numbers of 淘宝's are no attributes.
    assert found["6001"].attributes == {}


def test_taobao_in_a_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in TAOBAO.split("\r\n")[:-1]:
        sheet.append([cell.strip('"').replace('""', '"') for cell in line.split("\t")])
    workbook.save(tmp_path / "products.xlsx")
    found = list(read(Product, tmp_path / "products.xlsx"))
    assert [row.id for row in found if isinstance(row, Product)] == ["HW-1", "6001"]


def test_a_layout_of_the_shop_is_left_alone(tmp_path: Path) -> None:
    assert platform_of(("id", "title", "price")).name == "generic"
    found = products(tmp_path / "products.csv", b"id,title,x\n1,a,b\n")
    assert found["1"] == Product(id="1", title="a", extra={"x": "b"})


def test_spec_tables_and_size_charts() -> None:
    specs = "<table><tr><th>材质：</th><td>棉 &amp; 麻</td></tr></table>"
    sizes = "<table><tr><td>尺码</td><td>胸围</td><td>衣长</td></tr></table>"
    assert list(spec_attributes(f"<p>话</p>{specs}{sizes}")) == [("材质", "棉 & 麻")]


def test_pictures_and_tables_stay_and_words_go() -> None:
    kept = ['<img src="a.jpg"/>', "<TABLE><tr>\n<td>x<img></td></tr></TABLE>", '<video src="v">']
    html = f"<div>旧词{kept[0]}\n<p>旧词</p>{kept[1]}</div>{kept[2]}x</video>"
    assert without_words(html) == kept[0] + kept[1] + kept[2] + "x</video>"
    assert without_words("<p>话</p>") == ""
