from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.answers.understanding import asked_facets, clauses, small_talk, understand
from zhanggui.records import Message, Product

CUP = Product(id="P1", title="雾岚保温杯 350ml", category="保温杯", brand="雾岚")


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("多重", {"weight"}),
        ("能承多重", {"load"}),
        ("装多少水", {"capacity"}),
        ("多大的孩子能用", {"age"}),
        ("多大", {"size"}),
        ("几天能发货", {"ship_time"}),
        ("发货后几天到", {"delivery_time"}),
        ("退货运费谁出", {"return_fee"}),
        ("运费多少", {"ship_fee"}),
        ("能开专票吗", {"vat_invoice"}),
        ("有红色吗", {"colour"}),
        ("how long does shipping take", {"delivery_time"}),
        ("who pays return shipping", {"return_fee"}),
        ("今天天气怎么样", set()),
    ],
)
def test_the_narrowest_matter_is_meant(text: str, matters: set[str]) -> None:
    assert set(asked_facets(text)) == matters


def test_words_that_only_name_the_product_need_no_answer() -> None:
    assert understand("保温杯的杯子能放洗碗机吗", product=CUP).anchors == ()
    assert understand("保温杯带吸管吗", product=CUP).anchors == ("吸管",)


def test_what_is_told_about_a_product_is_left_out_and_about_a_return_kept() -> None:
    assert understand("多重？想放小包里", product=CUP).anchors == ()
    assert "封膜撕" in "".join(understand("封膜撕了，还能退吗").anchors)


def test_slips_are_corrected() -> None:
    assert understand("能开发漂吗").facets == ("invoice",)


def test_the_kind_of_answer_comes_from_the_matter_first() -> None:
    assert understand("保质期多久").kinds == ("time",)
    assert understand("多大的宝宝能穿").kinds == ("number",)
    assert understand("退货运费谁承担").kinds == ("party",)
    assert understand("能洗吗").kinds == ()


def test_a_follow_up_leans_on_the_customers_last_question() -> None:
    thread = [Message("customer", "寄到新疆运费多少"), Message("shop", "15元。"), *_thanks()]
    asked = understand("那西藏呢", thread)
    assert "ship_fee" in asked.facets
    assert asked.anchors == ("西藏",)


def test_a_question_with_its_own_matter_leans_on_nothing() -> None:
    asked = understand("那多重", [Message("customer", "有红色吗")])
    assert asked.facets == ("weight",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("你好", "greeting"), ("亲，在吗？", "greeting"), ("好的谢谢", "thanks"), ("多重", "")],
)
def test_small_talk_is_the_whole_message(text: str, kind: str) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    "text",
    ["我的快递到哪了", "怎么还没发货", "快递单号多少", "where is my order", "那单退款到哪了"],
)
def test_own_orders(text: str) -> None:
    assert understand(text).own_order


@pytest.mark.parametrize("text", ["几天发货", "发什么快递", "退款多久到账", "包邮吗"])
def test_rules_of_the_shop_are_no_own_order(text: str) -> None:
    assert not understand(text).own_order


def test_clauses_split_at_marks_and_at_white_space_between_han() -> None:
    assert clauses("材质是什么，多重？还有能洗吗") == ["材质是什么", "多重", "能洗吗"]


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    asked = understand(text)
    assert len(asked.facets) == len(set(asked.facets))
    assert all(len(anchor) > 1 for anchor in asked.anchors)


def _thanks() -> list[Message]:
    return [Message("customer", "好的谢谢")]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("我的吸尘器发出了吗", True),
        ("我买的音乐盒发走了没", True),
        ("我那个吸顶灯到哪儿了", True),
        ("吸尘器寄出了没", True),
        ("Did my vacuum ship yet?", True),
        ("退货寄到哪里", False),
        ("新疆能发吗", False),
        ("周日发货吗", False),
        ("我买的杯子漏水怎么办", False),
    ],
)
def test_an_order_of_ones_own_is_told_from_a_rule(text: str, own: bool) -> None:
    assert understand(text).own_order is own
