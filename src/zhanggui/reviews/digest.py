"""Findings in sentences: fixed frames (`data/digest.yaml`), every number from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhanggui.records import Finding
from zhanggui.reviews.lexicon import OTHER
from zhanggui.reviews.trend import Outbreak
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language


class _Frames(DataModel):
    negative: str
    positive: str
    rise: str
    fall: str
    outbreak: str
    product: str
    unnamed: str
    topics: str
    topic: str
    joint: str
    date: str
    day: str
    """A date of the year that the sentence has named already."""
    empty: str
    vague: str


class _Digest(DataModel):
    zh: _Frames
    en: _Frames
    categories: dict[str, str]


def digest(
    findings: Sequence[Finding],
    language: Language,
    outbreaks: Sequence[Outbreak] = (),
    *,
    titles: Mapping[str, str] | None = None,
    limit: int | None = None,
) -> list[str]:
    """One sentence for each outbreak and each of the first `limit` findings, in their order.

    Findings about nothing in particular (category 其他) are left out. `titles` names products
    by their id; one without a title is called by its id.
    """
    frames: _Frames = getattr(_data(), language)
    if not findings and not outbreaks:
        return [frames.empty]
    telling = [one for one in findings if one.category != OTHER][:limit]
    if not telling and not outbreaks:
        return [frames.vague]
    names = titles or {}
    return [_outbreak(one, frames, language, names) for one in outbreaks] + [
        _finding(one, frames, language, names) for one in telling
    ]


def _finding(one: Finding, frames: _Frames, language: Language, titles: Mapping[str, str]) -> str:
    frame = frames.negative if one.polarity == "negative" else frames.positive
    change = ""
    if one.change is not None:
        points = round(abs(one.change) * 100)
        change = (frames.rise if one.change > 0 else frames.fall).format(points=points)
    return frame.format(
        product=_product(one.product_id, frames, titles),
        topics=_topics(one.topics, frames),
        n=one.n,
        total=one.total,
        category=category_name(one.category, language),
        share=f"{one.n / one.total:.0%}",
        low=f"{one.low:.0%}",
        high=f"{one.high:.0%}",
        change=change,
    )


def _outbreak(one: Outbreak, frames: _Frames, language: Language, titles: Mapping[str, str]) -> str:
    later = frames.day if one.until.year == one.since.year else frames.date
    return frames.outbreak.format(
        product=_product(one.product_id, frames, titles),
        topics=_topics(one.topics, frames),
        category=category_name(one.category, language),
        since=_date(one.since, frames.date),
        until=_date(one.until, later),
        n=one.n,
        total=one.total,
        n_outside=one.n_outside,
        total_outside=one.total_outside,
    )


def _product(product_id: str | None, frames: _Frames, titles: Mapping[str, str]) -> str:
    if product_id is None:
        return ""
    if product_id in titles:
        return frames.product.format(title=titles[product_id])
    return frames.unnamed.format(id=product_id)


def _date(day: date, frame: str) -> str:
    return frame.format(year=day.year, month=day.month, day=day.day)


def _topics(topics: Sequence[tuple[str, int]], frames: _Frames) -> str:
    if not topics:
        return ""
    told = frames.joint.join(frames.topic.format(name=name, count=n) for name, n in topics)
    return frames.topics.format(list=told)


def category_name(category: str, language: Language) -> str:
    """The category in `language`; a shop's own categories stay as they are."""
    return category if language == "zh" else _data().categories.get(category, category)


def _data() -> _Digest:
    return load(_Digest, "zhanggui.reviews", "data/digest.yaml")
