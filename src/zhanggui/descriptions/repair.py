"""Faulty sentences: found and left out, the whole sentence and never a part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.fit import fit, fit_title
from zhanggui.records import EXTRA_PARTS, Copy, Verdict
from zhanggui.text.sentences import Span, sentences

_PROSE = ("body", "seo_description")


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that may not be published."""

    part: str
    text: str
    start: int
    end: int


def faults(copy: Copy, verdict: Verdict) -> list[Fault]:
    """The sentences of `copy` that hold an unproved claim or a violation."""
    bad = [
        (claim.part, claim.start, claim.end)
        for claim in verdict.claims
        if claim.status in ("unsupported", "contradicted")
    ]
    bad += [(one.part, one.start, one.end) for one in verdict.violations]
    found = []
    for part, text in copy.parts().items():
        pieces = sentences(text) if part in _PROSE else [Span(text, 0, len(text))]
        for piece in pieces:
            if any(where == part and s < piece.end and piece.start < e for where, s, e in bad):
                found.append(Fault(part, piece.text, piece.start, piece.end))
    return found


def pruned(copy: Copy, found: list[Fault], task: Brief) -> Copy:
    """`copy` without its faulty sentences; a faulty title gives way to the product's own."""
    parts = copy.parts()
    for fault in sorted(found, key=lambda one: one.start, reverse=True):
        whole = parts[fault.part]
        parts[fault.part] = whole[: fault.start] + whole[fault.end :]
    bullets = tuple(parts[f"bullets.{index}"] for index in range(len(copy.bullets)))
    extra = {name: parts[name].strip() for name in EXTRA_PARTS if name in parts}
    left = Copy(parts["title"].strip(), bullets, parts["body"].strip(), **extra)
    if not left.title:
        left = replace(left, title=fit_title(task.product.title, task.channel))
    return fit(left, task.channel)
