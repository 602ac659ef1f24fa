"""One measured value with its goal, as `zhanggui evals run` shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, what it should be, and whether it is."""

    name: str
    value: float
    goal: str
    """The goal in words; empty where there is none."""
    met: bool | None
    """None where there is no goal."""
    note: str
    """How it was measured: on what, how many."""
    unit: str = ""
    """What is counted (`ms`, `replies`); empty for a share, or for a number where above 1."""
