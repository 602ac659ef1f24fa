from __future__ import annotations

from decimal import Decimal

from zhanggui.knowledge.attributes import name_and_value, passages_of_product
from zhanggui.records import Product


def cup(**fields: object) -> Product:
    return Product(id="P001", title="山汀保温杯", **fields)  # type: ignore[arg-type]


def test_one_attribute_is_one_passage() -> None:
    found = passages_of_product(cup(attributes={"材质": "304不锈钢", "容量": " 500ml "}))
    assert [(p.source, p.text) for p in found] == [
        ("products.csv:P001/材质", "材质：304不锈钢"),
        ("products.csv:P001/容量", "容量：500ml"),
    ]
    assert {(p.heading, p.product_id, p.kind) for p in found} == {
        ("山汀保温杯", "P001", "attribute")
    }


def test_price_brand_and_stock_are_passages_too() -> None:
    product = cup(price=Decimal("100.00"), brand="山汀", stock=0)
    texts = [p.text for p in passages_of_product(product)]
    assert texts == ["价格：100元", "品牌：山汀", "库存：0件"]


def test_what_the_shop_wrote_wins_over_the_column() -> None:
    product = cup(price=Decimal("89.90"), attributes={"价格": "89.9元起"})
    assert [p.text for p in passages_of_product(product)] == ["价格：89.9元起"]


def test_the_file_names_the_source() -> None:
    (only,) = passages_of_product(cup(brand="山汀"), "products.xlsx")
    assert only.source == "products.xlsx:P001/品牌"


def test_empty_values_give_nothing() -> None:
    assert passages_of_product(cup(attributes={"材质": " ", "": "x"})) == []


def test_a_value_may_hold_the_separator() -> None:
    (only,) = passages_of_product(cup(attributes={"尺寸": "高：22cm"}))
    assert name_and_value(only) == ("尺寸", "高：22cm")
