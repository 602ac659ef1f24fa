from __future__ import annotations

import pytest

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


def _polarity(text: str) -> tuple[str, float]:
    (reading,) = read([Review(id="1", content=text)], load_students())
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
