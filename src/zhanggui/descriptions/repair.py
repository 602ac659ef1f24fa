"""Faulty sentences: found, rewritten by the model, left out where that does not help."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhanggui.descriptions.brief import Brief, Copy, fact_bullet, filler
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.fit import fit, fit_title, lacking
from zhanggui.descriptions.writer import rewrite
from zhanggui.llm.engine import Engine
from zhanggui.records import Verdict
from zhanggui.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that may not be published, and why."""

    part: str
    text: str
    start: int
    end: int
    problem: str


def faults(copy: Copy, verdict: Verdict) -> list[Fault]:
    """The sentences of `copy` that hold an unproved claim or a violation."""
    bad = [
        (claim.part, claim.start, claim.end, f"“{claim.text}”{claim.why}")
        for claim in verdict.claims
        if claim.status in ("unsupported", "contradicted")
    ]
    bad += [(one.part, one.start, one.end, f"“{one.text}”{one.why}") for one in verdict.violations]
    found = []
    for part, text in copy.parts().items():
        pieces = sentences(text) if part == "body" else [_whole(text)]
        for start, end in [(piece.start, piece.end) if piece else (0, 0) for piece in pieces]:
            problems = [why for where, s, e, why in bad if where == part and s < end and start < e]
            if problems:
                found.append(Fault(part, text[start:end], start, end, "；".join(problems)))
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int


def _whole(text: str) -> _Piece:
    return _Piece(0, len(text))


def rewritten(copy: Copy, found: list[Fault], task: Brief, engine: Engine, attempt: int) -> Copy:
    """`copy` with the faulty sentences as the model rewrites them; unchanged if it cannot."""
    asked = [(fault.text, fault.problem) for fault in found]
    answers = rewrite(task, asked, engine, attempt=attempt)
    if not answers:
        return copy
    return fit(_replaced(copy, list(zip(found, answers, strict=True))), task.channel)


def pruned(copy: Copy, found: list[Fault], task: Brief) -> Copy:
    """`copy` without its faulty sentences: the product's own title, fewer bullets, filled up
    with facts in their own words, a shorter body."""
    blanked = _replaced(copy, [(fault, "") for fault in found])
    if not blanked.title:
        blanked = replace(blanked, title=fit_title(task.product.title, task.channel))
    return fit(_filled(blanked, task), task.channel)


def _filled(copy: Copy, task: Brief) -> Copy:
    channel: Channel = task.channel
    bullets = [bullet for bullet in copy.bullets if bullet]
    text = copy.body + "".join(bullets)
    for fact in task.facts:
        if len(bullets) >= channel.bullets.least:
            break
        bullet = fact_bullet(fact, channel)
        if fact.value not in text and len(bullet) <= channel.bullets.limit:
            bullets.append(bullet)
            text += fact.value
    body = copy.body
    missing = [fact for fact in task.facts if fact.value not in text]
    for count in range(1, len(missing) + 1):
        if len(body) >= channel.body.least:
            break
        space = " " if channel.language == "en" and copy.body else ""
        body = copy.body + space + filler(missing[:count], channel)
    return replace(copy, bullets=tuple(bullets), body=body)


def _replaced(copy: Copy, changes: list[tuple[Fault, str]]) -> Copy:
    parts = copy.parts()
    for fault, text in sorted(changes, key=lambda change: change[0].start, reverse=True):
        whole = parts[fault.part]
        parts[fault.part] = whole[: fault.start] + text + whole[fault.end :]
    bullets = tuple(parts[f"bullets.{index}"] for index in range(len(copy.bullets)))
    return Copy(parts["title"].strip(), bullets, parts["body"].strip())


def complete(copy: Copy, channel: Channel) -> bool:
    """Whether no part is missing."""
    return not lacking(copy, channel)
