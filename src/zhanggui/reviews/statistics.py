"""Shares with their uncertainty."""

from __future__ import annotations

import math

_Z95 = 1.959964


def wilson(n: int, total: int) -> tuple[float, float]:
    """The 95 % interval of n / total (Wilson 1927); (0, 1) where nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share, square = n / total, _Z95 * _Z95
    centre = share + square / (2 * total)
    spread = _Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    low, high = (centre - spread), (centre + spread)
    scale = 1 + square / total
    return max(0.0, low / scale), min(1.0, high / scale)


def chance_of_difference(n: int, total: int, n_other: int, total_other: int) -> float:
    """How likely chance alone makes two shares differ so much, two-sided.

    The z-test of two proportions with pooled variance and continuity correction; 1 where
    either side is empty.
    """
    if not total or not total_other:
        return 1.0
    pooled = (n + n_other) / (total + total_other)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / total_other))
    if spread == 0:
        return 1.0
    correction = (1 / total + 1 / total_other) / 2
    distance = max(0.0, abs(n / total - n_other / total_other) - correction)
    return math.erfc(distance / spread / math.sqrt(2))
