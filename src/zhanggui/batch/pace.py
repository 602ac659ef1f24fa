"""Where a run stands, how fast it goes, and so how long the rest will take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

_RECENT = 30
_ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands."""

    done: int
    failed: int
    total: int
    resumed: int
    """Of `done`, those of an earlier start."""
    seconds_left: float | None
    """None as long as there is too little to tell."""


OnProgress = Callable[[Progress], None]


class Pace:
    """Seconds per item over the last items."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)

    def add(self, seconds: float) -> None:
        """Notes how long an item took."""
        self._recent.append(seconds)

    def seconds_for(self, remaining: int) -> float | None:
        """An estimate for `remaining` items; None before there is enough to tell.

        The mean without the fastest and the slowest tenth: loading a model makes the first
        item slow, and a median would leave out that some items always are.
        """
        count = len(self._recent)
        if count < _ENOUGH:
            return None
        cut = max(1, count // 10)
        return fmean(sorted(self._recent)[cut : count - cut]) * remaining
