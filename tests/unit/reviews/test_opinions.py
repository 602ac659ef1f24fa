from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.reviews.opinions import read_opinions


def _said(text: str) -> set[tuple[str | None, str | None, str, str]]:
    return {(one.aspect, one.opinion, one.category, one.polarity) for one in read_opinions(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("物流很快", ("物流", "很快", "物流", "positive")),
        ("发货太慢了", ("发货", "太慢", "物流", "negative")),
        ("漂亮的颜色", ("颜色", "漂亮", "外观", "positive")),
        ("快递，太慢了", ("快递", "太慢", "物流", "negative")),
        ("好用", (None, "好用", "使用体验", "positive")),
        ("没有异味", (None, "没有异味", "气味", "positive")),
        ("洗了不掉色", (None, "不掉色", "质量", "positive")),
        ("面料不柔软", ("面料", "不柔软", "材质", "negative")),
        ("噪音小", ("噪音", "小", "功能", "positive")),
        ("噪音大", (None, "噪音大", "功能", "negative")),
        ("续航长", ("续航", "长", "功能", "positive")),
        ("裤长偏短", ("裤长", "偏短", "尺寸", "negative")),
        ("一分钱一分货", (None, "一分钱一分货", "价格", "negative")),
        ("The fabric is not soft", ("fabric", "not soft", "材质", "negative")),
        ("great price", (None, "great price", "价格", "positive")),
        ("It is too small for me", ("It", "too small", "尺寸", "negative")),
        ("ＱＵＡＬＩＴＹ is good", ("ＱＵＡＬＩＴＹ", "good", "质量", "positive")),
    ],
)
def test_one_opinion(text: str, expected: tuple[str | None, str, str, str]) -> None:
    assert expected in _said(text)


def test_joined_aspects_share_the_opinion() -> None:
    assert {one.aspect for one in read_opinions("质量和包装都不错")} == {"质量", "包装"}


def test_contrast_keeps_both_sides() -> None:
    said = _said("质量很好，就是有点贵")
    assert ("质量", "很好", "质量", "positive") in said
    assert (None, "有点贵", "价格", "negative") in said


@pytest.mark.parametrize(
    "text",
    [
        "希望质量好一点",
        "如果便宜就买",
        "此用户没有填写评价",
        "第二天就去上班了",
        "可以放进包里",
        "冲水的时候",
        "",
        "I hope it is good",
    ],
)
def test_no_opinion_where_none_is_given(text: str) -> None:
    assert read_opinions(text) == ()


def test_a_negated_fault_is_praise_and_negated_praise_is_blame() -> None:
    assert {one.polarity for one in read_opinions("不漏水")} == {"positive"}
    assert {one.polarity for one in read_opinions("不是很满意")} == {"negative"}


def test_an_emoji_is_an_opinion_without_an_aspect() -> None:
    (one,) = read_opinions("书包😡")
    assert (one.aspect, one.opinion, one.polarity) == (None, "😡", "negative")


@given(st.text(alphabet="物流质量很不没有好差快慢，。 和ＡａGood is not soft😊\n㎏", max_size=60))
def test_spans_are_pieces_of_the_text(text: str) -> None:
    for one in read_opinions(text):
        span = text[one.start : one.end]
        assert one.opinion is not None
        assert one.opinion in span
        assert one.aspect is None or one.aspect in span


def test_a_negation_only_denies_the_fault_it_touches() -> None:
    assert {one.polarity for one in read_opinions("没吃完全扔了")} == {"negative"}
    assert {one.polarity for one in read_opinions("没有任何异味")} == {"positive"}
    assert {one.polarity for one in read_opinions("没发现漏水")} == {"positive"}
