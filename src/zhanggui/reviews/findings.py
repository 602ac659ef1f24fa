"""Readings become findings: n of N reviews say something, since when, and in whose words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhanggui.records import Finding, Opinion, Polarity, Quote, Reading, Review
from zhanggui.reviews.statistics import chance_of_difference, wilson
from zhanggui.reviews.topics import topics
from zhanggui.text.sentences import sentences

MIN_SUPPORT = 3
"""Fewer reviews than this say nothing."""
MIN_TOTAL = 8
"""In a window with fewer counted reviews there are no findings at all."""
_SIGNIFICANCE = 0.01
_QUOTES = 5
_QUOTE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Whether `moment` lies inside; an undated review only fits the open window."""
        if moment is None:
            return self.since is None and self.until is None
        day = moment.date()
        return (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Read:
    """A review with its reading."""

    review: Review
    reading: Reading


def findings(
    reviews: Iterable[Review],
    readings: Iterable[Reading],
    *,
    product_id: str | None = None,
    window: Window | None = None,
) -> list[Finding]:
    """What customers praise and complain about, most frequent first.

    `readings` run parallel to `reviews`. With `product_id` only its reviews count. Topics
    below `MIN_SUPPORT` reviews and windows below `MIN_TOTAL` are silent; suspicious reviews
    are counted apart.
    """
    window = window or Window()
    chosen = [
        Read(review, reading)
        for review, reading in zip(reviews, readings, strict=True)
        if (product_id is None or review.product_id == product_id)
        and window.holds(review.created_at)
    ]
    counted = [one for one in chosen if not one.reading.suspicious]
    if len(counted) < MIN_TOTAL:
        return []
    doubtful = Counter(
        key for one in chosen if one.reading.suspicious for key in keys_of(one.reading)
    )
    saying: dict[tuple[str, Polarity], list[Read]] = {}
    for one in counted:
        for key in keys_of(one.reading):
            saying.setdefault(key, []).append(one)
    found = [
        _finding(key, said, counted, doubtful[key], product_id)
        for key, said in saying.items()
        if len(said) >= MIN_SUPPORT
    ]
    return sorted(found, key=lambda one: (-one.n, one.category, one.polarity))


def keys_of(reading: Reading) -> set[tuple[str, Polarity]]:
    """The (category, polarity) pairs that a review speaks of; neutral ones are no finding."""
    return {
        (opinion.category, opinion.polarity)
        for opinion in reading.opinions
        if opinion.polarity != "neutral"
    }


def _finding(
    key: tuple[str, Polarity],
    said: Sequence[Read],
    counted: Sequence[Read],
    suspicious: int,
    product_id: str | None,
) -> Finding:
    category, polarity = key
    low, high = wilson(len(said), len(counted))
    days = [one.review.created_at.date() for one in counted if one.review.created_at]
    return Finding(
        category=category,
        polarity=polarity,
        n=len(said),
        total=len(counted),
        low=low,
        high=high,
        since=min(days, default=None),
        until=max(days, default=None),
        product_id=product_id,
        change=_change(said, counted),
        quotes=quotes(said, key),
        topics=topics_of(said, key),
        suspicious=suspicious,
    )


def _change(said: Sequence[Read], counted: Sequence[Read]) -> float | None:
    """The later half of the dated reviews against the earlier half."""
    moments = sorted(_moment(one) for one in counted if one.review.created_at)
    if len(moments) < 2 * MIN_TOTAL:
        return None
    middle = moments[len(moments) // 2]
    later_total = sum(moment >= middle for moment in moments)
    earlier_total = len(moments) - later_total
    dated = [_moment(one) for one in said if one.review.created_at]
    later = sum(moment >= middle for moment in dated)
    earlier = len(dated) - later
    if chance_of_difference(later, later_total, earlier, earlier_total) > _SIGNIFICANCE:
        return None
    return later / later_total - earlier / earlier_total


def _moment(one: Read) -> date:
    # Exports mix moments with and without a time zone, which do not compare: days do.
    return one.review.created_at.date() if one.review.created_at else date.min


def quotes(said: Sequence[Read], key: tuple[str, Polarity]) -> tuple[Quote, ...]:
    """Sentences that say it, newest first, each in the customer's own words."""
    newest = sorted(said, key=_moment, reverse=True)
    result = []
    seen: set[str] = set()
    for one in newest:
        opinion = next(o for o in one.reading.opinions if (o.category, o.polarity) == key)
        text = _sentence_around(one.review.content, opinion)
        if text not in seen:
            seen.add(text)
            result.append(Quote(one.review.id, text))
        if len(result) == _QUOTES:
            break
    return tuple(result)


def _sentence_around(content: str, opinion: Opinion) -> str:
    for sentence in sentences(content):
        if sentence.start <= opinion.start < sentence.end:
            end = max(sentence.end, opinion.end)
            if end - sentence.start <= _QUOTE_LENGTH:
                return content[sentence.start : end].strip()
            break
    margin = max(0, _QUOTE_LENGTH - (opinion.end - opinion.start)) // 2
    start = max(0, opinion.start - margin)
    return content[start : opinion.end + margin].strip()


def topics_of(said: Iterable[Read], key: tuple[str, Polarity]) -> tuple[tuple[str, int], ...]:
    """The commonest topics of one finding, each with its number of reviews."""
    return topics(
        [o for o in one.reading.opinions if (o.category, o.polarity) == key] for one in said
    )
