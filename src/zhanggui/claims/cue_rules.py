"""Gifts, awards, comparisons, sales figures, promises: claims by the way they are spoken."""

from __future__ import annotations

import re

from zhanggui.claims.known import Known
from zhanggui.claims.marks import Clause, Mark
from zhanggui.claims.vocabulary import Cue, cues
from zhanggui.records import Fact
from zhanggui.text.normalise import fold

_CODE = re.compile(
    r"(?<![a-z0-9.\-])(?:[a-z]+[a-z.\-]*\d[a-z0-9+.\-]*|\d+[a-z][a-z0-9+\-]*|\d+(?:\.\d+)?)(?![a-z0-9])"
)
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}$")
_AMOUNT = re.compile(
    r"[一二两三四五六七八九十\d]+|[个只件支条把张份套双瓶包片枚块根]|精美|专属|同款|\s"
)


def cue_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every turn of speech that is a claim by itself."""
    marks = []
    for cue in cues():
        for match in cue.pattern.finditer(clause.norm):
            fact = _proof(cue, match, known)
            if fact is not None:
                marks.append(Mark(match.start(), match.end(), "supported", fact))
            else:
                marks.append(Mark(match.start(), match.end(), "unsupported", None, cue.why))
    return marks


def _proof(cue: Cue, match: re.Match[str], known: Known) -> Fact | None:
    if cue.needs == "kind":
        return next(iter(known.kinds.get(cue.fact_kind, ())), None)
    if cue.needs == "object":
        wanted = _AMOUNT.sub("", fold(match["object"]))
        return known.holding(wanted) if len(wanted) > 1 else None
    named = match.groupdict().get("key") or match[0]
    return known.holding(fold(named)) or known.holding(fold(match[0]))


def code_marks(clause: Clause, known: Known, taken: list[Mark]) -> list[Mark]:
    """Model numbers, ratings and bare numbers must stand in a fact as they are."""
    marks: list[Mark] = []
    if _LIST_NUMBER.match(clause.norm):
        return marks
    for match in _CODE.finditer(clause.norm):
        start, end = match.span()
        if any(mark.start < end and start < mark.end for mark in taken):
            continue
        code = match[0].strip(".-")
        fact = _holding_code(code, known)
        if fact is not None:
            marks.append(Mark(start, start + len(code), "supported", fact))
        else:
            why = "商品资料里没有这个型号或数字"
            marks.append(Mark(start, start + len(code), "unsupported", None, why))
    return marks


def _holding_code(code: str, known: Known) -> Fact | None:
    pattern = re.compile(rf"(?<![a-z0-9.]){re.escape(code)}(?![a-z0-9]|\.\d)")
    if code not in known.all_text:
        return None
    return next((fact for text, fact in known.folded if pattern.search(text)), None)
