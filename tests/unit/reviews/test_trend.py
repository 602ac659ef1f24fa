from __future__ import annotations

import random
from datetime import date

from review_maker import apart, told

from zhanggui.reviews.trend import outbreaks, trend


def _half_year(bad_days: range, rate: float, product: str = "P1") -> list:  # type: ignore[type-arg]
    dice = random.Random(0)
    pairs = []
    for day in range(180):
        bad = (day in bad_days and dice.random() < rate) or dice.random() < 0.03
        content, category = ("杯盖漏水", "质量") if bad else ("嗯", "")
        pairs.append(told(day, content, category=category, day=day, product=product))
    return pairs


def test_a_bad_batch_is_found_with_its_period_and_words() -> None:
    pairs = _half_year(range(90, 120), 0.6) + _half_year(range(0), 0, "P2")
    (found,) = outbreaks(*apart(pairs))
    assert (found.product_id, found.category) == ("P1", "质量")
    assert date(2026, 5, 28) <= found.since <= date(2026, 6, 8)
    assert date(2026, 6, 18) <= found.until <= date(2026, 7, 5)
    assert found.n / found.total > 3 * found.n_outside / found.total_outside
    assert found.n + found.n_outside == sum(p[0].content == "杯盖漏水" for p in pairs[:180])
    assert found.topics[0][0] == "杯盖漏水"
    assert found.chance < 0.01


def test_an_even_half_year_has_no_outbreak() -> None:
    pairs = [p for n in range(8) for p in _half_year(range(0), 0, f"P{n}")]
    assert outbreaks(*apart(pairs)) == []


def test_suspicious_and_undated_reviews_start_no_outbreak() -> None:
    pairs = _half_year(range(0), 0)
    pairs += [told(900 + i, "漏水", category="质量", day=50, suspicious=True) for i in range(20)]
    pairs += [told(950 + i, "漏水", category="质量") for i in range(20)]
    assert outbreaks(*apart(pairs)) == []


def test_a_trend_counts_each_period_and_keeps_its_zeros() -> None:
    pairs = [told(1, "漏", category="质量", day=0), told(2, "嗯", day=1), told(3, "嗯", day=40)]
    months = trend(*apart(pairs), step="month")
    assert [(p.since, p.n, p.total) for p in months] == [
        (date(2026, 3, 1), 1, 2),
        (date(2026, 4, 1), 0, 1),
    ]
    weeks = trend(*apart(pairs))
    assert all(point.since.weekday() == 0 for point in weeks)
    assert trend(*apart(pairs), product_id="P9") == []
