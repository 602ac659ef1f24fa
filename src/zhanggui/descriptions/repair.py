"""Faulty sentences: found, rewritten by the model, left out where that does not help."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from zhanggui.descriptions.brief import Brief, Copy, fact_bullet, filler
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.fit import HAN, PIECE, fit, fit_title
from zhanggui.descriptions.writer import rewrite
from zhanggui.llm.engine import Engine
from zhanggui.records import Verdict
from zhanggui.text.language import language_of
from zhanggui.text.sentences import Span, sentences

_ENDS = "。！？!?.；;"
_LEAST = 8
# A clause that begins so leans on the one before it.
_LEANS = re.compile(
    r"或|而|并|同时|也|还|但|不过|所以|因此|让|使|却|就|又|且|以及|才|便|更|只是|可以|能"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that may not be published, and why."""

    part: str
    text: str
    start: int
    end: int
    problem: str
    spans: tuple[tuple[int, int], ...]
    """The faulty spans inside `text`."""

    @property
    def words(self) -> list[str]:
        """The words at fault."""
        return [self.text[start:end] for start, end in self.spans]


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
        pieces = sentences(text) if part == "body" else [Span(text, 0, len(text))]
        for start, end in [(piece.start, piece.end) for piece in pieces]:
            hits = [(s, e, why) for where, s, e, why in bad if where == part]
            hits = [hit for hit in hits if hit[0] < end and start < hit[1]]
            if hits:
                problem = "；".join(why for _, _, why in hits)
                spans = tuple((max(s, start) - start, min(e, end) - start) for s, e, _ in hits)
                found.append(Fault(part, text[start:end], start, end, problem, spans))
    return found


def trimmed(copy: Copy, found: list[Fault], channel: Channel) -> Copy:
    """`copy` without the faulty clauses, wherever enough of their sentence remains."""
    changes = [(fault, _without_clauses(fault)) for fault in found if fault.part != "title"]
    return fit(_replaced(copy, [change for change in changes if change[1]]), channel)


def _without_clauses(fault: Fault) -> str:
    """The sentence without its faulty clauses; empty if too little or nothing is left."""
    text = fault.text
    mark = text[-1] if text[-1] in _ENDS else ""
    kept = [
        piece
        for piece in PIECE.finditer(text.rstrip(_ENDS))
        if not any(start < piece.end() and piece.start() < end for start, end in fault.spans)
    ]
    if not kept or sum(len(piece[0].strip()) for piece in kept) < _LEAST:
        return ""
    # A first clause in English carries the subject of the sentence.
    leans = language_of(text) == "en" or _LEANS.match(kept[0][0])
    if kept[0].start() > 0 and leans:
        return ""
    comma = ", " if language_of(text) == "en" else "，"
    return comma.join(piece[0].strip() for piece in kept) + mark


def rewritten(copy: Copy, found: list[Fault], task: Brief, engine: Engine) -> Copy:
    """`copy` with the faulty sentences as the model rewrites them; unchanged if it cannot."""
    asked = [(fault.text, fault.problem) for fault in found]
    answers = rewrite(task, asked, engine)
    useful = [
        (fault, _ended(answer, fault))
        for fault, answer in zip(found, answers, strict=False)
        if _is_rewrite(answer, fault)
    ]
    return fit(_replaced(copy, useful), task.channel)


def _is_rewrite(answer: str, fault: Fault) -> bool:
    """A small model now and then gives back the complaint, the same words or the whole product."""
    if not answer or len(answer) > 2 * len(fault.text) or "资料" in answer:
        return False
    return not any(word in answer for word in fault.words)


def _ended(answer: str, fault: Fault) -> str:
    """The answer with the end mark of the sentence that it replaces."""
    mark = fault.text[-1]
    return answer if mark not in _ENDS or answer[-1] in _ENDS else answer + mark


def pruned(copy: Copy, found: list[Fault], task: Brief) -> Copy:
    """`copy` without its faulty sentences; a faulty title gives way to the product's own."""
    blanked = _replaced(copy, [(fault, "") for fault in found])
    if not blanked.title:
        blanked = replace(blanked, title=fit_title(task.product.title, task.channel))
    return fit(blanked, task.channel)


def filled(copy: Copy, task: Brief) -> Copy:
    """`copy` with facts in their own words where bullets or body fall short of the channel."""
    channel, language = task.channel, task.language
    bullets = list(copy.bullets)
    text = copy.body + "".join(bullets)
    # Facts in Chinese do not help an English text.
    usable = [
        fact
        for fact in task.facts
        if language == "zh" or not HAN.search(fact.attribute + fact.value)
    ]
    for fact in usable:
        if len(bullets) >= channel.bullets.least:
            break
        bullet = fact_bullet(fact, language)
        if fact.value not in text and len(bullet) <= channel.bullets.limit:
            bullets.append(bullet)
            text += fact.value
    body = copy.body
    # Facts that are told nowhere yet come first; sorting keeps the order otherwise.
    missing = sorted(usable, key=lambda fact: fact.value in text)
    space = " " if language == "en" and copy.body else ""
    for count in range(1, len(missing) + 1):
        if len(body) >= channel.body.least:
            break
        body = copy.body + space + filler(missing[:count], language)
    return fit(replace(copy, bullets=tuple(bullets), body=body), channel)


def _replaced(copy: Copy, changes: list[tuple[Fault, str]]) -> Copy:
    parts = copy.parts()
    for fault, text in sorted(changes, key=lambda change: change[0].start, reverse=True):
        whole = parts[fault.part]
        parts[fault.part] = whole[: fault.start] + text + whole[fault.end :]
    bullets = tuple(parts[f"bullets.{index}"] for index in range(len(copy.bullets)))
    return Copy(parts["title"].strip(), bullets, parts["body"].strip())
