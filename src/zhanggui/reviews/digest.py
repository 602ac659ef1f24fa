"""Findings in sentences: fixed frames (`data/digest.yaml`), every number from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from zhanggui.records import Finding
from zhanggui.reviews.trend import Outbreak
from zhanggui.text.language import Language


class _Frames(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    negative: str
    positive: str
    rise: str
    fall: str
    outbreak: str
    topic: str
    joint: str
    empty: str


class _Digest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: _Frames
    en: _Frames
    categories: dict[str, str]


def digest(
    findings: Sequence[Finding], language: Language, outbreaks: Sequence[Outbreak] = ()
) -> list[str]:
    """One sentence for each outbreak and each finding, in their order."""
    frames = getattr(_data(), language)
    if not findings and not outbreaks:
        return [frames.empty]
    return [_outbreak(one, frames, language) for one in outbreaks] + [
        _finding(one, frames, language) for one in findings
    ]


def _finding(one: Finding, frames: _Frames, language: Language) -> str:
    frame = frames.negative if one.polarity == "negative" else frames.positive
    category = category_name(one.category, language)
    change = ""
    if one.change is not None:
        points = round(abs(one.change) * 100)
        change = (frames.rise if one.change > 0 else frames.fall).format(points=points)
    return frame.format(
        topic=_topics(one.topics, frames) or category,
        n=one.n,
        total=one.total,
        category=category,
        share=f"{one.n / one.total:.0%}",
        low=f"{one.low:.0%}",
        high=f"{one.high:.0%}",
        change=change,
    )


def _outbreak(one: Outbreak, frames: _Frames, language: Language) -> str:
    return frames.outbreak.format(
        product=one.product_id,
        topic=_topics(one.topics, frames) or category_name(one.category, language),
        since=one.since.isoformat(),
        until=one.until.isoformat(),
        n=one.n,
        total=one.total,
        n_outside=one.n_outside,
        total_outside=one.total_outside,
    )


def _topics(topics: Sequence[tuple[str, int]], frames: _Frames) -> str:
    return frames.joint.join(frames.topic.format(name=name, count=n) for name, n in topics)


def category_name(category: str, language: Language) -> str:
    """The category in `language`; a shop's own categories stay as they are."""
    return category if language == "zh" else _data().categories.get(category, category)


@cache
def _data() -> _Digest:
    source = files("zhanggui.reviews") / "data" / "digest.yaml"
    return _Digest.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
