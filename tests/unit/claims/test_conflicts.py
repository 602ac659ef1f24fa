from __future__ import annotations

import pytest

from zhanggui.claims.conflicts import conflicts_of, without_conflicts
from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Product


def goods(title: str, **attributes: str) -> Product:
    return Product(id="1", title=title, attributes=attributes)


@pytest.mark.parametrize(
    "product",
    [
        goods("杯", 容量="350ml", 净容量="500ml"),
        goods("杯 500ml", 容量="350ml"),
        goods("充电宝 20000mAh", 电池容量="10000mAh"),
        goods("杯", 材质="304不锈钢", 材料="陶瓷"),
        goods("茶", 产地="福建", 原产地="云南"),
        Product(id="1", title="Mug", attributes={"Capacity": "350 ml", "Volume": "500 ml"}),
    ],
)
def test_facts_that_disagree(product: Product) -> None:
    (found,) = conflicts_of(facts_of(product))
    assert all(fact.value in found.why for fact in (found.left, found.right))


@pytest.mark.parametrize(
    "product",
    [
        goods("杯", 容量="500ml", 容积="0.5L"),
        goods("杯 500ml", 容量="500ml"),
        goods("杯 500ml", 容量="350ml/500ml"),
        goods("湿巾 800克", 净重="80克", 数量="10包"),
        goods("充电宝 5000mAh", 电池容量="4900mAh"),
        goods("四件套 1.8m床", 高度="30cm"),
        goods("杯", 净重="280g", 毛重="400g"),
        goods("杯", 材质="不锈钢", 材料="304不锈钢"),
        goods("茶", 产地="福建武夷山", 原产地="福建"),
        goods("风扇 24W", 功率="24W", 待机功率="0.5W"),
    ],
)
def test_facts_that_agree_or_speak_of_two_things(product: Product) -> None:
    assert conflicts_of(facts_of(product)) == ()
    assert without_conflicts(product) is product


@pytest.mark.parametrize(
    ("product", "texts"),
    [
        (goods("杯", 容量="350ml", 容积="500ml", 材质="陶瓷"), ("容量350ml", "装得下500ml")),
        (goods("杯 500ml", 容量="350ml", 材质="陶瓷"), ("容量350ml", "500ml大容量")),
    ],
)
def test_neither_value_proves_anything(product: Product, texts: tuple[str, ...]) -> None:
    for text in texts:
        found = verify({"t": text}, facts_of(product))
        (claim,) = (one for one in found if one.status == "unsupported")
        assert "350ml" in claim.why
        assert "500ml" in claim.why
    (claim,) = verify({"t": "陶瓷"}, facts_of(product))
    assert claim.status == "supported"


def test_what_disagrees_is_left_out_of_the_product() -> None:
    settled = without_conflicts(goods("云沐 杯 500ml 白", 容量="350ml", 材质="陶瓷"))
    assert settled.title == "云沐 杯 白"
    assert settled.attributes == {"材质": "陶瓷"}
