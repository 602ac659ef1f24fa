"""What changes over time: counts per week or month, and outbreaks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from zhanggui.records import Polarity, Quote, Reading, Review
from zhanggui.reviews.findings import Read, keys_of, quotes, topics_of
from zhanggui.reviews.statistics import chance_of_difference

Step = Literal["week", "month"]

_WINDOW_DAYS = (14, 30, 45)
_MIN_CASES = 4
_MIN_RISE = 2.0
# The chance that all windows of all products together raise one false alarm.
_FALSE_ALARM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """n of N in one week or month."""

    since: date
    """Its first day: a Monday, or the first of the month."""
    category: str
    polarity: Polarity
    n: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak:
    """A complaint about one product that is far more frequent in a period than outside it."""

    product_id: str
    category: str
    since: date
    until: date
    n: int
    total: int
    """Reviews of the product inside the period."""
    n_outside: int
    total_outside: int
    chance: float
    """How likely chance alone makes such a period (corrected for all periods tried)."""
    topics: tuple[tuple[str, int], ...]
    quotes: tuple[Quote, ...]


def trend(
    reviews: Iterable[Review],
    readings: Iterable[Reading],
    *,
    step: Step = "week",
    product_id: str | None = None,
) -> list[TrendPoint]:
    """Counts per period, category and polarity, by time; periods without a hit have n = 0.

    Undated and suspicious reviews are left out.
    """
    totals: Counter[date] = Counter()
    counts: Counter[tuple[date, str, Polarity]] = Counter()
    for one in _dated(reviews, readings):
        if product_id is None or one.review.product_id == product_id:
            start = _period(_day(one), step)
            totals[start] += 1
            counts.update((start, *key) for key in keys_of(one.reading))
    series = sorted({(category, polarity) for _, category, polarity in counts})
    return [
        TrendPoint(
            since=start,
            category=category,
            polarity=polarity,
            n=counts[start, category, polarity],
            total=totals[start],
        )
        for start in sorted(totals)
        for category, polarity in series
    ]


def outbreaks(reviews: Iterable[Review], readings: Iterable[Reading]) -> list[Outbreak]:
    """The periods in which a complaint about a product breaks out, surest first.

    A scan over windows of two weeks to six weeks (Kulldorff's scan statistic with a z-test):
    for each product and category the window least likely by chance, kept if that stays
    unlikely after dividing by the number of windows tried.
    """
    by_product: dict[str, list[Read]] = {}
    for one in _dated(reviews, readings):
        if one.review.product_id is not None:
            by_product.setdefault(one.review.product_id, []).append(one)
    found: list[Outbreak] = []
    for product_id, told in by_product.items():
        told.sort(key=_day)
        categories = Counter(
            category
            for one in told
            for category, polarity in keys_of(one.reading)
            if polarity == "negative"
        )
        for category, count in categories.items():
            best = _scan(product_id, category, told) if count >= _MIN_CASES else None
            if best is not None and best.chance * len(by_product) <= _FALSE_ALARM:
                found.append(best)
    return sorted(found, key=lambda one: one.chance)


def _scan(product_id: str, category: str, told: Sequence[Read]) -> Outbreak | None:
    days = [_day(one) for one in told]
    hits = [(category, "negative") in keys_of(one.reading) for one in told]
    all_hits, tried, best = sum(hits), 0, (1.0, 0, 0)
    for first in sorted({days.index(day) for day in days}):
        for length in _WINDOW_DAYS:
            end = days[first] + timedelta(days=length)
            last = next((i for i in range(first, len(days)) if days[i] >= end), len(days))
            n, total = sum(hits[first:last]), last - first
            tried += 1
            outside, total_outside = all_hits - n, len(told) - total
            rises = n * max(total_outside, 1) >= _MIN_RISE * max(outside, 0.5) * total
            if n >= _MIN_CASES and total_outside and rises:
                chance = chance_of_difference(n, total, outside, total_outside)
                best = min(best, (chance, first, last))
    chance, first, last = best
    # A window is one choice among all that were tried.
    chance = -math.expm1(tried * math.log1p(-chance)) if chance < 1 else 1.0
    if chance > _FALSE_ALARM:
        return None
    said = [told[i] for i in range(first, last) if hits[i]]
    key: tuple[str, Polarity] = (category, "negative")
    return Outbreak(
        product_id=product_id,
        category=category,
        since=_day(said[0]),
        until=_day(said[-1]),
        n=len(said),
        total=last - first,
        n_outside=all_hits - len(said),
        total_outside=len(told) - (last - first),
        chance=chance,
        topics=topics_of(said, key),
        quotes=quotes(said, key),
    )


def _dated(reviews: Iterable[Review], readings: Iterable[Reading]) -> list[Read]:
    return [
        Read(review, reading)
        for review, reading in zip(reviews, readings, strict=True)
        if review.created_at is not None and not reading.suspicious
    ]


def _day(one: Read) -> date:
    return one.review.created_at.date() if one.review.created_at else date.min


def _period(day: date, step: Step) -> date:
    return day.replace(day=1) if step == "month" else day - timedelta(days=day.weekday())
