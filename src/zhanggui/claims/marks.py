"""Marks: spans of one clause that a rule has decided."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from zhanggui.records import ClaimStatus, Fact
from zhanggui.text.normalise import Normalised, normalise


@dataclass(frozen=True, slots=True)
class Mark:
    """A decided span; offsets count in the normal form of the clause."""

    start: int
    end: int
    status: ClaimStatus
    fact: Fact | None = None
    why: str = ""


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

    @property
    def norm(self) -> str:
        return self.normal.text

    def to_norm(self, offset: int) -> int:
        """The offset in the normal form of an offset in the original."""
        return bisect_left(self.normal.offsets, offset)


def clause_of(text: str, label: str = "", value: str = "", sentence: str = "") -> Clause:
    """A clause ready for the rules."""
    return Clause(text, normalise(text), label, value, sentence or text)


_RANK: dict[str, int] = {"contradicted": 0, "unsupported": 1, "supported": 2, "opinion": 3}


def without_overlaps(marks: list[Mark]) -> list[Mark]:
    """The marks in order; of two that overlap the longer stays, of two equals the worse."""
    ranked = sorted(marks, key=lambda mark: (mark.start - mark.end, _RANK[mark.status]))
    kept: list[Mark] = []
    for mark in ranked:
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.start)
