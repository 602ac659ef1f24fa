"""Our copy beside what the same weights write unchecked and beside a list of the attributes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zhanggui.claims.facts import IDENTITY, facts_of
from zhanggui.descriptions.channel import Channel, load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.descriptions.overlap import copied
from zhanggui.descriptions.verdict import proof_of
from zhanggui.evals.figures import Figure
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import fold
from zhanggui.text.sentences import sentences

OURS, UNCHECKED, LISTED = "ours", "same weights, unchecked", "list of attributes"
_UNSUPPORTED, _COVERED, _PUBLISHABLE, _COPIED = 0.01, 0.95, 0.70, 0.50


class _Prompts(DataModel):
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CopyMeasure:
    """One text about one product, measured by verification."""

    factual: int
    """Claims that need a fact."""
    unsupported: int
    contradicted: int
    publishable: bool
    covered: float
    """Share of the attributes asked for that the text tells."""
    copied: float
    """Share of the body's characters in pieces of four and more that stand in an attribute."""
    repeats: bool
    """Whether a sentence stands in two parts."""


def figures(
    products: Sequence[Product],
    engine: Engine,
    channel: str = "generic",
    *,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Figure]:
    """The table of three ways to write about `products` for `channel`; `on_done` gets how many
    products are done."""
    style = load_channel(channel)
    measured: dict[str, list[CopyMeasure]] = {OURS: [], UNCHECKED: [], LISTED: []}
    for done, product in enumerate(products, 1):
        draft = describe(product, style, engine)
        measured[OURS].append(measure(product, style, draft.copy.parts()))
        measured[UNCHECKED].append(measure(product, style, plain(product, style, engine)))
        measured[LISTED].append(measure(product, style, listed(product, style)))
        on_done(done)
    return [figure for name, ones in measured.items() for figure in _figures(name, ones)]


def plain(product: Product, channel: Channel, engine: Engine) -> dict[str, str]:
    """What the engine writes when it is simply asked."""
    prompts = load(_Prompts, "zhanggui.evals", "prompts/plain_copy.yaml")
    language = channel.language_for(product)
    data = {"title": product.title, "attributes": dict(product.attributes)}
    request = Request(
        messages=(
            ChatMessage("system", prompts.en if language == "en" else prompts.zh),
            ChatMessage("user", json.dumps(data, ensure_ascii=False)),
        ),
        purpose="evals.plain_copy",
        max_tokens=500,
    )
    return {"body": chat(engine, request).text}


def listed(product: Product, channel: Channel) -> dict[str, str]:
    """The attributes one after the other, as templates do it."""
    told = [f"{fact.attribute}：{fact.value}" for fact in _asked(product, channel)]
    return {"title": product.title, "body": "；".join(told) + "。"}


def measure(product: Product, channel: Channel, parts: Mapping[str, str]) -> CopyMeasure:
    """`parts` as verification sees them."""
    facts = facts_of(product)
    # A text in the other language leans on what the data say in it.
    verdict = proof_of(product, parts, channel=channel).verdict(dict(parts))
    factual = [claim for claim in verdict.claims if claim.status != "opinion"]
    asked = {fact.attribute for fact in _asked(product, channel)}
    told = {one.evidence.attribute for one in factual if one.status == "supported" and one.evidence}
    return CopyMeasure(
        factual=len(factual),
        unsupported=sum(claim.status == "unsupported" for claim in factual),
        contradicted=sum(claim.status == "contradicted" for claim in factual),
        publishable=verdict.publishable and bool(factual),
        covered=len(asked & told) / max(1, len(asked)),
        copied=copied(parts.get("body", ""), facts),
        repeats=_repeats(parts),
    )


def _asked(product: Product, channel: Channel) -> list[Fact]:
    facts = [fact for fact in facts_of(product) if fact.attribute not in IDENTITY]
    return facts[: channel.facts]


def _repeats(parts: Mapping[str, str]) -> bool:
    told = [fold(one.text).rstrip("。.!！") for text in parts.values() for one in sentences(text)]
    return len(told) != len(set(told))


def _figures(name: str, ones: Sequence[CopyMeasure]) -> list[Figure]:
    drafts = max(1, len(ones))
    factual = max(1, sum(one.factual for one in ones))
    note = f"n={len(ones)} products, {factual} claims, judged by our own verification"
    unsupported = sum(one.unsupported for one in ones) / factual
    contradicted = sum(one.contradicted for one in ones) / factual
    covered = sum(one.covered for one in ones) / drafts
    ready = sum(one.publishable for one in ones) / drafts
    most = max((one.copied for one in ones), default=0.0)
    repeats = sum(one.repeats for one in ones) / drafts

    def figure(title: str, value: float, goal: str, met: bool) -> Figure:
        judged_here = name == OURS
        return Figure(
            f"{title}: {name}",
            value,
            goal if judged_here else "",
            met if judged_here else None,
            note,
        )

    return [
        figure("unsupported claims", unsupported, "<= 0.01", unsupported <= _UNSUPPORTED),
        figure("contradicted claims", contradicted, "0", contradicted == 0),
        figure("attributes told", covered, ">= 0.95", covered >= _COVERED),
        figure("publishable", ready, ">= 0.7", ready >= _PUBLISHABLE),
        figure("copied, the most of a body", most, "<= 0.5", most <= _COPIED),
        figure("drafts that repeat a sentence", repeats, "0", repeats == 0),
    ]
