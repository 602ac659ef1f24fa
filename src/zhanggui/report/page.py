"""`report.html`: what a run wrote, answered and read, each statement beside its proof."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from zhanggui.labels import draft_label, file_metadata, reply_label
from zhanggui.records import Claim, Draft, Finding, Product, Question, Reply
from zhanggui.report.charts import Balance, Point, balance_chart, interval_bar, trend_chart
from zhanggui.text.duration import duration

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A share over time, with the words that explain it."""

    title: str
    sentence: str
    points: Sequence[Point]
    baseline: float | None = None
    """Columns above this share are marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSummary:
    """What the reviews say, counted."""

    total: int
    counted: int
    """Reviews in the findings: `total` without suspicious ones and duplicates."""
    positive: int
    neutral: int
    negative: int
    suspicious: Mapping[str, int]
    """Reason → number of reviews."""
    balances: Sequence[Balance]
    findings: Sequence[Finding]
    digest: Sequence[str]
    trends: Sequence[Trend]


@dataclass(frozen=True, slots=True)
class Cost:
    """One row of the compute receipt."""

    purpose: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """Everything the page shows."""

    shop: str
    made_at: datetime
    model: str
    seconds: float
    drafts: Sequence[tuple[Product, Draft]]
    answers: Sequence[tuple[Question, Reply]]
    reviews: ReviewSummary
    costs: Sequence[Cost]
    rest: Sequence[str]
    """Sentences about the time that the rest of the shop would take."""
    responsible: str = ""
    """Who is responsible for the AI-made texts; the page's metadata say so."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text, with the claim that covers it."""

    text: str
    claim: Claim | None


def segments(text: str, part: str, claims: Sequence[Claim]) -> list[Segment]:
    """`text` cut at the edges of the claims of `part`; the pieces join to `text` again."""
    pieces: list[Segment] = []
    position = 0
    for claim in sorted((c for c in claims if c.part == part), key=lambda c: (c.start, -c.end)):
        if claim.start < position:
            continue
        if claim.start > position:
            pieces.append(Segment(text[position : claim.start], None))
        pieces.append(Segment(text[claim.start : claim.end], claim))
        position = claim.end
    if position < len(text):
        pieces.append(Segment(text[position:], None))
    return pieces


def words(language: Language) -> Mapping[str, Any]:
    """The page's own texts in `language`."""
    loaded = yaml.safe_load(_asset(f"words.{language}.yaml"))
    assert isinstance(loaded, dict)
    return loaded


def render(data: ReportData, language: Language = "zh") -> str:
    """The page as one HTML document that needs no other file and no network."""
    environment = Environment(
        loader=PackageLoader("zhanggui.report", "assets"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        segments=segments,
        interval_bar=interval_bar,
        draft_label=draft_label,
        reply_label=reply_label,
    )
    environment.filters["percent"] = lambda share: f"{share * 100:.0f} %"
    environment.filters["duration"] = duration
    w = words(language)
    return environment.get_template("page.html").render(
        data=data,
        w=w,
        language="zh-CN" if language == "zh" else "en",
        style=_asset("style.css"),
        figures=figures_of(data),
        aigc=file_metadata(data.responsible, _content_id(data)),
        balance=balance_chart(
            data.reviews.balances, title=w["balance"], names=(w["praise"], w["complaint"])
        ),
        trends=[
            (trend, trend_chart(trend.points, title=trend.title, baseline=trend.baseline))
            for trend in data.reviews.trends
        ],
    )


def figures_of(data: ReportData) -> dict[str, int]:
    """The headline figures: drafts, publishable, proved, factual, answers, sent, …"""
    claims = [claim for _, draft in data.drafts for claim in draft.verdict.claims]
    return {
        "drafts": len(data.drafts),
        "publishable": sum(
            draft.verdict.publishable and draft.state != "needs_review" for _, draft in data.drafts
        ),
        "proved": sum(claim.status == "supported" for claim in claims),
        "factual": sum(claim.status != "opinion" for claim in claims),
        "answers": len(data.answers),
        "sent": sum(reply.decision == "send" for _, reply in data.answers),
        "suggested": sum(reply.decision == "suggest" for _, reply in data.answers),
        "handed_over": sum(reply.decision == "hand_over" for _, reply in data.answers),
    }


def _content_id(data: ReportData) -> str:
    """Names the AI-made texts of the page."""
    drafts = [part for _, draft in data.drafts for part in draft.copy.parts().values()]
    replies = [reply.text for _, reply in data.answers]
    texts = "\0".join((*drafts, *replies)).encode("utf-8", "replace")
    return hashlib.sha256(texts).hexdigest()[:32]


def _asset(name: str) -> str:
    return files("zhanggui.report").joinpath("assets", name).read_text(encoding="utf-8")
