from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_maker import apart, told

from zhanggui.records import Review
from zhanggui.reviews.findings import Window, findings
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.statistics import chance_of_difference, wilson


def _ten(n_bad: int, **given: object) -> list:  # type: ignore[type-arg]
    return [
        told(i, "漏水", category="质量", day=i, **given) if i < n_bad else told(i, "嗯", day=i)  # type: ignore[arg-type]
        for i in range(10)
    ]


def test_n_of_n_with_interval_quotes_and_topics() -> None:
    (found,) = findings(*apart(_ten(4)))
    assert (found.category, found.polarity, found.n, found.total) == ("质量", "negative", 4, 10)
    assert found.low < 0.4 < found.high
    assert found.topics == (("漏水", 4),)
    assert {quote.text for quote in found.quotes} == {"漏水"}
    assert (found.since, found.until) == (date(2026, 3, 1), date(2026, 3, 10))


def test_below_support_it_is_silent() -> None:
    assert findings(*apart(_ten(2))) == []
    assert findings(*apart(_ten(4)[:7])) == []


def test_suspicious_reviews_stand_apart() -> None:
    pairs = [*_ten(4), told(99, "漏水", category="质量", day=3, suspicious=True)]
    (found,) = findings(*apart(pairs))
    assert (found.n, found.total, found.suspicious) == (4, 10, 1)


def test_one_product_and_one_window() -> None:
    pairs = _ten(4) + _ten(0, product="P2")
    assert findings(*apart(pairs), product_id="P2") == []
    assert findings(*apart(pairs))[0].total == 20
    window = Window(since=date(2026, 3, 1), until=date(2026, 3, 8))
    assert findings(*apart(_ten(4)), window=window)[0].total == 8
    assert findings(*apart([told(i, "漏", category="质量") for i in range(9)]), window=window) == []


def test_neutral_opinions_are_no_finding() -> None:
    pairs = [told(i, "一般", category="质量", polarity="neutral") for i in range(10)]
    assert findings(*apart(pairs)) == []


def test_a_change_is_told_only_where_it_is_larger_than_chance() -> None:
    late = [
        told(i, "漏水", category="质量", day=i) if i >= 30 else told(i, "嗯", day=i)
        for i in range(60)
    ]
    assert findings(*apart(late))[0].change == pytest.approx(1.0)
    even = [
        told(i, "漏水", category="质量", day=i) if i % 2 else told(i, "嗯", day=i)
        for i in range(60)
    ]
    assert findings(*apart(even))[0].change is None


def test_quotes_are_the_customers_own_words() -> None:
    contents = [f"第{i}次买了。杯盖一直漏水！物流还行。" for i in range(10)]
    reviews = [Review(id=str(i), content=text) for i, text in enumerate(contents)]
    found = findings(reviews, read(reviews, load_students()))
    leak = next(one for one in found if one.category == "质量" and one.polarity == "negative")
    assert leak.topics[0] == ("杯盖漏水", 10)
    for quote in leak.quotes:
        assert quote.text in contents[int(quote.review_id)]


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_holds_the_share(n: int, total: int) -> None:
    n = min(n, total)
    low, high = wilson(n, total)
    assert 0 <= low <= n / total + 1e-12
    assert n / total - 1e-12 <= high <= 1


def test_wilson_by_hand() -> None:
    # Newcombe 1998, table I: 15 of 148.
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    assert wilson(0, 0) == (0.0, 1.0)


def test_chance_of_difference() -> None:
    assert chance_of_difference(5, 10, 5, 10) == 1.0
    assert chance_of_difference(30, 40, 5, 40) < 1e-6
    assert chance_of_difference(0, 0, 5, 10) == 1.0
    assert chance_of_difference(10, 10, 10, 10) == 1.0
