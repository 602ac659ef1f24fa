from __future__ import annotations

import pytest

from zhanggui.errors import InputError
from zhanggui.records import Opinion, Reading
from zhanggui.reviews.rows import opinions_label, reading_row

_SAID = {"aspect": "杯盖", "opinion": "漏水", "category": "密封", "polarity": "negative"}


def test_the_row_has_the_shape_of_the_contract() -> None:
    opinion = Opinion(
        aspect=None, opinion="好用", category="使用体验", polarity="positive", start=0, end=2
    )
    reading = Reading(id="7", polarity="positive", score=0.123456, opinions=(opinion,))
    assert reading_row(reading) == {
        "id": "7",
        "polarity": "positive",
        "score": 0.1235,
        "opinions": [
            {
                "aspect": None,
                "opinion": "好用",
                "category": "使用体验",
                "polarity": "positive",
                "start": 0,
                "end": 2,
            }
        ],
        "suspicious": False,
        "suspicious_reason": "",
    }


def test_spans_are_found_where_they_are_not_given() -> None:
    label = opinions_label({"content": "漏水？我的杯盖漏水", "opinions": [_SAID]})
    (one,) = label.opinions
    assert one.aspect == (5, 7)
    assert one.opinion == (7, 9)
    assert one.category == "密封"


def test_given_places_count() -> None:
    row = _SAID | {"opinion_start": 0}
    label = opinions_label({"content": "漏水？我的杯盖漏水", "opinions": [row]})
    assert label.opinions[0].opinion == (0, 2)


def test_one_side_may_be_implicit() -> None:
    label = opinions_label({"content": "漏水", "opinions": [_SAID | {"aspect": None}]})
    assert label.opinions[0].aspect is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"content": "", "opinions": []}, "content"),
        ({"content": "好"}, "list"),
        ({"content": "好", "opinions": ["x"]}, "list"),
        ({"content": "好", "opinions": [_SAID]}, "not in the content"),
        ({"content": "杯盖漏水", "opinions": [_SAID | {"aspect_start": 1}]}, "not in the content"),
        ({"content": "杯盖漏水", "opinions": [_SAID | {"polarity": "bad"}]}, "polarity"),
        ({"content": "杯盖漏水", "opinions": [_SAID | {"category": ""}]}, "category"),
        ({"content": "杯盖漏水", "opinions": [_SAID | {"aspect": 3}]}, "text"),
        ({"content": "好", "opinions": [_SAID | {"aspect": None, "opinion": None}]}, "needs"),
    ],
)
def test_a_bad_row_says_why(row: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        opinions_label(row)
