from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.records import Opinion, Polarity
from zhanggui.reviews.opinions import read_opinions
from zhanggui.reviews.topics import TOPICS, topics


def _opinion(
    opinion: str | None,
    aspect: str | None = None,
    category: str = "质量",
    polarity: Polarity = "negative",
) -> Opinion:
    return Opinion(
        aspect=aspect, opinion=opinion, category=category, polarity=polarity, start=0, end=1
    )


def test_ways_to_say_one_thing_are_one_topic() -> None:
    said = [
        [_opinion("漏")],
        [_opinion("一直漏水", "杯盖")],
        [_opinion("往外渗"), _opinion("有点漏水", "盖子")],
    ]
    assert topics(said) == (("漏水", 3),)


def test_an_aspect_that_all_name_belongs_to_the_topic() -> None:
    said = [[_opinion("漏水", "杯盖")], [_opinion("渗水", "杯盖")], [_opinion("杯盖漏")]]
    assert topics(said[:2]) == (("杯盖漏水", 2),)
    assert topics([*said[:2], [_opinion("漏水")]]) == (("漏水", 3),)


def test_a_longer_expression_ends_with_its_topic() -> None:
    assert topics([[_opinion("杯盖漏水")], [_opinion("杯盖渗水")]]) == (("杯盖漏水", 2),)


def test_words_that_only_judge_are_no_topic() -> None:
    good = [[_opinion("很好", polarity="positive")], [_opinion("不错", polarity="positive")]]
    assert topics(good * 3) == ()
    told = [[_opinion("不错", "密封圈", polarity="positive")]] * 2
    assert topics(told) == (("密封圈不错", 2),)


@pytest.mark.parametrize("text", ["没漏", "不漏水", "没有发现漏水", "没发现渗水"])
def test_a_denied_fault_is_praise(text: str) -> None:
    assert topics([read_opinions(text)] * 2) == (("不漏水", 2),)


def test_english() -> None:
    said = [[_opinion("leaks", "lid")], [_opinion("leaking", "lid")]]
    assert topics(said) == (("lid leaks", 2),)


_OPINIONS = st.lists(
    st.builds(
        _opinion,
        st.sampled_from(
            [None, "漏", "渗水", "太小", "好", "有点紧", "没漏", "leaks", "很", "精致"]
        ),
        st.sampled_from([None, "杯盖", "尺码", "lid"]),
        st.sampled_from(["质量", "尺寸", "物流"]),
        st.sampled_from(["positive", "negative"]),
    ),
    max_size=4,
)


@given(st.lists(_OPINIONS, max_size=12))
def test_a_review_counts_once_for_each_topic(said: list[list[Opinion]]) -> None:
    found = topics(said)
    assert len(found) <= TOPICS
    assert all(1 < count <= len(said) for _, count in found)
    assert len({name for name, _ in found}) == len(found)
    doubled = [[*opinions, *opinions] for opinions in said]
    assert topics(doubled) == found
