"""How well the law check tells unlawful copy from lawful uses of the same words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from zhanggui.evals.figures import Figure
from zhanggui.law.check import check
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import normalise

_GOAL = 0.95


class LawCase(DataModel):
    """One sentence; `listed` says that it is about the words which a word list holds."""

    text: str
    category: str
    unlawful: bool
    listed: bool


class LawCases(DataModel):
    """`cases/law.yaml`: our own sentences, held out from training, and a plain word list."""

    listed: tuple[str, ...]
    cases: tuple[LawCase, ...]


def cases() -> LawCases:
    """The hand-written cases."""
    return load(LawCases, "zhanggui.evals", "cases/law.yaml")


def figures(_: Path | None = None) -> list[Figure]:
    """Precision and recall of the law check and, beside them, of a plain word list."""
    data = cases()
    words = [word.lower() for word in data.listed]

    def checked(case: LawCase) -> bool:
        return bool(check({"text": case.text}, case.category))

    def in_list(case: LawCase) -> bool:
        text = normalise(case.text).text
        return any(word in text for word in words)

    listed = [case for case in data.cases if case.listed]
    implied = [case for case in data.cases if not case.listed]
    return [
        *_pair("law: sentences with the listed words", listed, checked, _GOAL),
        *_pair("law: the same, a plain word list", listed, in_list, None),
        *_pair("law: implied in other words", implied, checked, None),
        *_pair("law: the same, a plain word list, implied", implied, in_list, None),
    ]


def _pair(
    name: str, rows: Sequence[LawCase], named: Callable[[LawCase], bool], goal: float | None
) -> list[Figure]:
    found = [case for case in rows if named(case)]
    right = sum(case.unlawful for case in found)
    wanted = sum(case.unlawful for case in rows)
    note = f"{right} right of {len(found)} named, {wanted} unlawful of {len(rows)} sentences"
    return [
        _figure(f"{name}, precision", right / max(1, len(found)), goal, note),
        _figure(f"{name}, recall", right / max(1, wanted), goal, note),
    ]


def _figure(name: str, value: float, goal: float | None, note: str) -> Figure:
    if goal is None:
        return Figure(name, value, "", None, note)
    return Figure(name, value, f">= {goal}", value >= goal, note)
