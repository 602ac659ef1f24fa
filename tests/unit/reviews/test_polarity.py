from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.records import Opinion, Review
from zhanggui.reviews.polarity import balance
from zhanggui.reviews.reading import load_students, read, read_chunk_with


def _opinion(polarity: str) -> Opinion:
    return Opinion(
        aspect=None,
        opinion="好",
        category="其他",
        polarity=polarity,
        start=0,
        end=1,  # type: ignore[arg-type]
    )


def _polarity(text: str, rating: float | None = None) -> tuple[str, float]:
    (reading,) = read([Review(id="1", content=text, rating=rating)], load_students())
    return reading.polarity, reading.score


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("质量很好，物流也快，很满意，下次还会再来", "positive"),
        ("太差了，用了两天就坏了，客服还不理人", "negative"),
        ("垃圾", "negative"),
        ("好用，推荐", "positive"),
        ("Great product, love it", "positive"),
        ("It broke after two days, terrible quality", "negative"),
        ("", "neutral"),
        ("   ", "neutral"),
    ],
)
def test_clear_reviews(text: str, expected: str) -> None:
    polarity, score = _polarity(text)
    assert polarity == expected
    assert -1 <= score <= 1
    assert (score > 0) == (expected == "positive")
    assert (score < 0) == (expected == "negative")


@pytest.mark.parametrize(
    "text",
    [
        "用了快一年没掉漆",
        "外婆天天用，说比老款省力",
        "洗了七八次还没变形",
        "一点都不漏，放包里放心",
        "180斤平台期用的，承重够大",
        "之前那个老断线，这条三个月了没毛病",
        "租房党福音，插上就能用",
    ],
)
def test_short_facts_that_praise(text: str) -> None:
    assert _polarity(text)[1] > 0


@pytest.mark.parametrize(
    "text",
    [
        "用了两个月开始掉漆",
        "第三天就充不进电了",
        "外婆嫌重，用一次就扔一边了",
        "盖子拧不紧，洒了一身",
        "说好不掉毛的，一上身就掉毛",
    ],
)
def test_short_facts_that_blame(text: str) -> None:
    assert _polarity(text)[0] == "negative"


def test_stars_decide_where_the_text_is_silent() -> None:
    assert _polarity("给我妈买的", 5)[0] == "positive"
    assert _polarity("给我妈买的", 1)[0] == "negative"
    assert _polarity("给我妈买的")[0] == "neutral"
    assert _polarity("给我妈买的", 96.0) == _polarity("给我妈买的")


def test_a_clear_text_wins_over_its_stars() -> None:
    assert _polarity("漏水，包都湿了，客服还不理人，差评", 5)[0] == "negative"
    assert _polarity("质量很好，物流也快，非常满意，会回购", 1)[0] == "positive"


@given(st.floats(1, 5), st.floats(1, 5))
def test_more_stars_never_lower_a_score(one: float, other: float) -> None:
    reader = load_students().polarity
    low, high = reader.scores(["还没用"] * 2, [(), ()], sorted((one, other)))
    assert low <= high


def test_mild_blame_weighs_less() -> None:
    mild = replace(_opinion("negative"), opinion="有点慢")
    assert balance([_opinion("negative")]) < balance([mild]) < 0
    assert balance([_opinion("positive"), mild]) > 0


def test_the_balance_is_signed_and_damped() -> None:
    praise, blame = _opinion("positive"), _opinion("negative")
    assert balance([]) == 0
    assert balance([praise]) > 0 > balance([blame])
    assert balance([praise] * 8) < 8 * balance([praise])
    assert balance([praise, blame]) < 0 < balance([blame, praise])


def test_chunks_do_not_change_readings() -> None:
    texts = ["很好", "太差", "", "物流快" * 50, "😡"] * 150
    reviews = [Review(id=str(i), content=text) for i, text in enumerate(texts)]
    readings = list(read(iter(reviews), load_students()))
    assert [one.id for one in readings] == [one.id for one in reviews]
    alone = read_chunk_with(None, reviews[700:705])
    assert [one.score for one in alone] == pytest.approx([one.score for one in readings[700:705]])
