"""Found spans against true ones: exactly, by overlap, and by characters left uncovered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Span = tuple[str, int, int]
"""Type, start, end."""


@dataclass(slots=True)
class Tally:
    """Counts over texts."""

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    """Found with the same type, start and end."""
    touched: Counter[str] = field(default_factory=Counter)
    """True ones that something of the same type overlaps."""
    right: Counter[str] = field(default_factory=Counter)
    """Found ones that overlap something true of the same type."""
    personal: int = 0
    """Characters inside true spans."""
    uncovered: int = 0
    """Those of them in no found span of any type."""
    clean: int = 0
    """Texts without anything personal."""
    flagged: int = 0
    """Those of them in which something was found."""

    def add(self, text: str, true: Sequence[Span], found: Sequence[Span]) -> None:
        """Counts one text."""
        self.true.update(kind for kind, _, _ in true)
        self.found.update(kind for kind, _, _ in found)
        self.exact.update(kind for kind, _, _ in set(true) & set(found))
        self.touched.update(one[0] for one in true if _met(one, found))
        self.right.update(one[0] for one in found if _met(one, true))
        covered = set(_places(found))
        personal = {at for at in _places(true) if not text[at].isspace()}
        self.personal += len(personal)
        self.uncovered += len(personal - covered)
        if not true:
            self.clean += 1
            self.flagged += bool(found)

    def precision(self, kinds: Iterable[str], *, exact: bool = False) -> float:
        """The share of found spans of `kinds` that are true; 1 if there is none."""
        return _share(self.exact if exact else self.right, self.found, kinds)

    def recall(self, kinds: Iterable[str], *, exact: bool = False) -> float:
        """The share of true spans of `kinds` that were found; 1 if there is none."""
        return _share(self.exact if exact else self.touched, self.true, kinds)

    def f(self, kinds: Sequence[str], *, beta: float = 1.0, exact: bool = False) -> float:
        """The weighted harmonic mean of precision and recall."""
        precision, recall = self.precision(kinds, exact=exact), self.recall(kinds, exact=exact)
        weighted = beta * beta * precision + recall
        return (1 + beta * beta) * precision * recall / weighted if weighted else 0.0


def _met(one: Span, others: Sequence[Span]) -> bool:
    kind, start, end = one
    return any(kind == other[0] and start < other[2] and other[1] < end for other in others)


def _places(spans: Sequence[Span]) -> Iterable[int]:
    return (at for _, start, end in spans for at in range(start, end))


def _share(part: Counter[str], whole: Counter[str], kinds: Iterable[str]) -> float:
    kinds = list(kinds)
    total = sum(whole[kind] for kind in kinds)
    return sum(part[kind] for kind in kinds) / total if total else 1.0
