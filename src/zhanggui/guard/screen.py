"""The guard that comes with the package: injection and offence of any text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from zhanggui.guard.injection import INJECTION, InjectionScreen
from zhanggui.guard.offence import OffenceScreen
from zhanggui.knowledge.embedder import shipped_encoder
from zhanggui.students.mixed_text import MixedText


@dataclass(frozen=True, slots=True)
class Screening:
    """What the guard says about one text."""

    injection: bool
    score: float
    """Of injection, in [0, 1]; `injection` from 0.5 on."""
    offensive: bool


@dataclass(frozen=True, slots=True)
class Guard:
    """Both screens."""

    injections: InjectionScreen
    offences: OffenceScreen

    def screen(self, texts: Sequence[str]) -> list[Screening]:
        """One screening for each text, in order."""
        scores = self.injections.scores(texts)
        offensive = self.offences.offensive(texts)
        return [
            Screening(score >= INJECTION, score, bad)
            for score, bad in zip(scores, offensive, strict=True)
        ]


@cache
def shipped_guard() -> Guard:
    """The guard with the shipped students, loaded once per process."""
    encoder = shipped_encoder()
    return Guard(
        InjectionScreen(_student("injection"), encoder), OffenceScreen(_student("offence"), encoder)
    )


def _student(task: str) -> MixedText:
    with as_file(files("zhanggui.students") / "shipped" / task) as folder:
        return MixedText.load(folder)
