"""Marks: spans of one clause that a rule has decided."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache

from zhanggui.claims.vocabulary import negated
from zhanggui.records import ClaimStatus, Fact
from zhanggui.text.normalise import Normalised, normalise
from zhanggui.text.units import unit_table


@dataclass(frozen=True, slots=True)
class Mark:
    """A decided span; offsets count in the normal form of the clause."""

    start: int
    end: int
    status: ClaimStatus
    fact: Fact | None = None
    why: str = ""
    statement: bool = False
    """Whether the clause says it as a whole (a comparison), not by one word of it."""
    open: bool = False
    """Whether it may be mere talk: the way it is spoken made a claim of it, no number or name."""


def contradicted(start: int, end: int, fact: Fact) -> Mark:
    """The mark where `fact` says something else."""
    return Mark(start, end, "contradicted", fact, says(fact))


def says(fact: Fact) -> str:
    """What the data say instead, as the reason of a contradiction."""
    return f"资料里{fact.attribute}是{fact.value}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in its original and its normal form."""

    text: str
    normal: Normalised
    label: str
    """What stands before it with a colon (`材质：`), normalised; else empty."""
    value: str
    """What stands after it with a colon (`：不支持`), normalised; else empty."""
    sentence: str = ""
    """The sentence around it, as it is written."""
    lead: str = ""
    """The items of the same list before it (`不含香精、`), normalised."""
    tail: str = ""
    """Those after it (`、微波炉都不能放`), normalised."""

    @property
    def norm(self) -> str:
        return self.normal.text

    def denies(self, start: int, end: int) -> bool:
        """Whether the words at `[start, end)` of the normal form are denied: 不含…, …都不能放."""
        whole = self.lead + self.norm + (f"：{self.value}" if self.value else self.tail)
        return negated(whole, len(self.lead) + start, len(self.lead) + end)

    def to_norm(self, offset: int) -> int:
        """The offset in the normal form of an offset in the original."""
        return bisect_left(self.normal.offsets, offset)


def clause_of(text: str, label: str = "", value: str = "", sentence: str = "") -> Clause:
    """A clause ready for the rules."""
    return Clause(text, normalise(text), label, value, sentence or text)


FAULTY = frozenset(("contradicted", "unsupported"))
_TOGETHER = re.compile(r"\s*|的小?|之")
_NUMBER = re.compile(r"[\d零一二两三四五六七八九十百千半]")
_ROUGHLY = re.compile(r"\s*(?:左右|上下|前后|多点|出头)$")
_PROMISE = re.compile(
    r"(?:内|以内|的)?(?:免费)?(?:质保|保修|只换不修|换新|维修|联保|包换|warranty)"
)
_RANK: dict[str, int] = {"contradicted": 0, "unsupported": 1, "supported": 2, "opinion": 3}


def without_overlaps(marks: list[Mark]) -> list[Mark]:
    """The marks in order; of two that overlap the longer stays, of two equals the worse."""
    ranked = sorted(marks, key=lambda mark: (mark.start - mark.end, _RANK[mark.status]))
    kept: list[Mark] = []
    for mark in ranked:
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.start)


def joined(marks: list[Mark], text: str) -> list[Mark]:
    """The marks with neighbours of one fault as one (浙江|杭州, 两个月|的小|奶猫); a faulty
    number without the 约 before and the 左右 after it, and with its promise (三年|质保)."""
    result: list[Mark] = []
    for mark in marks:
        if mark.status in FAULTY:
            mark = _trimmed(mark, text)
        last = result[-1] if result else None
        near = last and _TOGETHER.fullmatch(text[last.end : mark.start])
        number = _NUMBER.match(text, mark.start)
        if last and near and not number and {last.status, mark.status} <= FAULTY:
            worse = min(last, mark, key=lambda one: _RANK[one.status])
            result[-1] = replace(worse, start=last.start, end=mark.end)
        else:
            result.append(mark)
    return result


@cache
def _about() -> re.Pattern[str]:
    """What bounds a number and is no part of its fault: 约, 足足有, at least."""
    kinds = ("about", "min", "max")
    words = [word for word, bound in unit_table().before if bound in kinds and word != "from"]
    return re.compile(
        rf"(?:{'|'.join(map(re.escape, (*words, '高达', '仅')))})\s*(?=[a-z]|{_NUMBER.pattern})"
    )


def _trimmed(mark: Mark, text: str) -> Mark:
    about = _about().match(text[mark.start : mark.end])
    start = mark.start + (about.end() if about else 0)
    end = mark.end
    if _NUMBER.match(text, start):
        end = start + len(_ROUGHLY.sub("", text[start:end]))
        promise = _PROMISE.match(text, end)
        end = promise.end() if promise else end
    return replace(mark, start=start, end=end)
