"""What an evaluation finds, one number a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number beside its goal."""

    name: str
    value: float
    goal: str
    met: bool | None
    note: str
