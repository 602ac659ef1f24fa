from __future__ import annotations

from decimal import Decimal

import pytest

from zhanggui.claims.facts import fact, facts_of, says_no
from zhanggui.records import Product

CUP = Product(
    id="C1",
    title="云沐 保温杯 500ml",
    category="家居/杯具",
    brand="云沐",
    price=Decimal("89.00"),
    attributes={"容量": "500ml", "内胆材质": "316不锈钢", "质保": "1年"},
)


def test_facts_keep_the_attributes_as_written_and_in_order() -> None:
    facts = facts_of(CUP)
    assert [(one.attribute, one.value) for one in facts][: len(CUP.attributes)] == list(
        CUP.attributes.items()
    )
    assert {one.attribute for one in facts if one.kind == "identity"} == {"标题", "品牌", "类目"}


@pytest.mark.parametrize(
    ("attribute", "value", "kind"),
    [
        ("内胆材质", "316不锈钢", "material"),
        ("颜色", "雾霾蓝", "colour"),
        ("产地", "浙江永康", "origin"),
        ("质保", "1年", "warranty"),
        ("适用人群", "儿童", "audience"),
        ("包装清单", "杯子×1", "package"),
        ("执行标准", "GB/T 29606-2013", "certificate"),
        ("功能", "防水", "function"),
        ("容量", "500ml", "quantity"),
        ("Material", "solid oak", "material"),
        ("图案", "小熊", "text"),
    ],
)
def test_kinds(attribute: str, value: str, kind: str) -> None:
    assert fact(attribute, value).kind == kind


def test_terms_are_canonical_and_denied_ones_say_so() -> None:
    assert "304不锈钢" in fact("材质", "SUS304").terms
    assert "蓝色" in fact("颜色", "雾霾蓝").terms
    assert "!酒精" in fact("成分", "不含酒精").terms
    assert "!洗碗机" in fact("可否进洗碗机", "否").terms
    assert {"干皮", "中性肌肤"} <= set(fact("适合肤质", "干性、中性皮肤").terms)
    assert "!降噪" in fact("降噪", "不支持主动降噪").terms
    assert "降噪" not in fact("降噪", "不支持主动降噪").terms


def test_a_unit_in_the_name_belongs_to_the_number() -> None:
    (amount,) = fact("容量(ml)", "500").quantities
    assert (amount.low, amount.dimension) == (Decimal(500), "volume")


def test_the_price_is_a_fact_only_when_asked_for() -> None:
    assert all(one.attribute != "价格" for one in facts_of(CUP))
    assert facts_of(CUP, price=True)[-1].value == "89.00元"


def test_markup_and_empty_values_are_left_out() -> None:
    product = Product(id="1", title="杯子", attributes={"材质": "<b>陶瓷</b>", "备注": " "})
    assert [(one.attribute, one.value) for one in facts_of(product)] == [
        ("材质", "陶瓷"),
        ("标题", "杯子"),
    ]


@pytest.mark.parametrize("value", ["否", "无", "不支持", "不支持主动降噪", "No", "没有，需另购"])
def test_values_that_say_no(value: str) -> None:
    assert says_no(value)


@pytest.mark.parametrize("value", ["是", "无线", "500ml", "不锈钢", "可折叠"])
def test_values_that_do_not_say_no(value: str) -> None:
    assert not says_no(value)
