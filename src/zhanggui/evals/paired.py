"""Paired differences: an exact test, an interval, and many of them at once.

All three know that several pairs may come from one question and then lean the same way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Difference:
    """What the second of each pair has more than the first."""

    pairs: int
    first: float
    """Mean of the first ones; a share where the outcome is yes or no."""
    second: float
    low: float
    high: float
    """95 % interval of `second - first`, for this comparison alone."""
    chance: float
    """How likely chance alone gives so large a difference, two-sided."""

    @property
    def size(self) -> float:
        """`second - first`."""
        return self.second - self.first


def difference(first: Whole, second: Whole, question: Whole) -> Difference:
    """Compares pairs; `question` numbers (from 0) the question that each pair comes from."""
    if not len(first):
        raise ValueError("there are no pairs to compare")
    gaps = second - first
    sums = np.bincount(question, weights=gaps).round().astype(np.int64)
    binary = bool(np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all())
    low, high = interval(sums, np.bincount(question), binary=binary)
    return Difference(
        len(first),
        float(first.mean()),
        float(second.mean()),
        low,
        high,
        flip_chance(sums),
    )


def flip_chance(sums: Whole) -> float:
    """The exact two-sided sign-flip test of the sums of each question.

    If the group made no difference, the first and the second of a pair could change places,
    for all pairs of a question at once. The distribution over all such exchanges is
    counted out, not sampled. With one yes-or-no pair a question this is McNemar's exact test
    (McNemar 1947; Fagerland, Lydersen & Laake 2013, BMC Med Res Methodol 13:91).
    """
    sizes = np.abs(sums[sums != 0])
    observed, total = abs(int(sums.sum())), int(sizes.sum())
    if observed == 0:
        return 1.0
    # The sum is 2 K - total, K what the questions with a plus add up to.
    mass = np.zeros(total + 1)
    mass[0], top = 1.0, 0
    for size, count in zip(*np.unique(sizes, return_counts=True), strict=True):
        spread = np.zeros(total + 1)
        for plus, weight in enumerate(_coins(int(count))):
            start = plus * size
            spread[start : start + top + 1] += weight * mass[: top + 1]
        mass, top = spread, top + int(size * count)
    return min(1.0, 2.0 * float(mass[(total + observed) // 2 :].sum()))


@lru_cache(maxsize=4096)
def _coins(count: int) -> tuple[float, ...]:
    """The chances of 0 … `count` heads of `count` coins."""
    return tuple(math.comb(count, heads) / 2**count for heads in range(count + 1))


def interval(sums: Whole, pairs: Whole, *, binary: bool) -> tuple[float, float]:
    """The 95 % interval of the mean difference from the sums and numbers of pairs a question.

    For yes-or-no outcomes half a pair is added to each of the four cells (Agresti & Min 2005,
    Statist. Med. 24:729-740), so that no discordant pair does not mean no doubt; the variance
    is the one between questions (Liang & Zeger 1986). Not corrected for many comparisons.
    """
    questions, total = len(pairs), int(pairs.sum())
    added = 2 if binary else 0
    centre = float(sums.sum()) / (total + added)
    squares = float(np.square(sums - pairs * centre).sum())
    squares *= questions / (questions - 1) if questions > 1 else 1.0
    if binary:
        squares += total / questions
    half = _Z95 * math.sqrt(squares) / (total + added)
    if binary:
        return max(-1.0, centre - half), min(1.0, centre + half)
    return centre - half, centre + half


def holm(chances: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Chances corrected for being many: below 0.05 for any of them at most once in twenty reports.

    Holm's step-down procedure with weights (Holm 1979, Scand. J. Statist. 6:65-70): a heavier
    comparison may use more of the one in twenty.
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place] / weights[place])
    left, largest = sum(weights), 0.0
    corrected = [1.0] * len(chances)
    for place in order:
        largest = max(largest, min(1.0, chances[place] / weights[place] * left))
        corrected[place] = largest
        left -= weights[place]
    return corrected
