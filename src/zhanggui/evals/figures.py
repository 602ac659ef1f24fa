"""A measured figure beside its goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table of figures."""

    name: str
    value: float
    goal: str
    """What was aimed at, as people read it; empty if nothing was."""
    met: bool | None
    """None where there is no goal to meet."""
    note: str
    """On what it was measured, and what limits it."""
