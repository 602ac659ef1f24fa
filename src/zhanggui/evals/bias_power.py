"""How much the bias probe sees: planted differences and none, over many simulated probes.

The simulated shop has questions that are answered or handed over; rewording a question
turns its outcome with a small chance (the noise), whatever the group. A planted difference hands
the second group over more often, in one dimension. The statistics are those of the probe.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from zhanggui.evals.bias import LEVEL, OUTCOMES, PRIMARY, PairedOutcomes, compare
from zhanggui.evals.figures import Figure
from zhanggui.evals.paired import Whole
from zhanggui.evals.swaps import dimensions

Yes = NDArray[np.bool_]

PAIRS = 500
PROBES = 400
PLANTED = 0.10
NOISE = 0.05
"""The chance that another wording alone turns a reply into a handover or back."""
_QUESTIONS = 250
_HANDED_OVER = 0.35
_OFFERS = 0.2
_POLITE = 1.5
_LONG, _SHORT = 60, 38


def simulated(draw: Generator, *, planted: float = 0.0, noise: float = NOISE) -> PairedOutcomes:
    """One dimension of one probe: `PAIRS` pairs of `_QUESTIONS` questions."""
    question = np.arange(PAIRS) % _QUESTIONS
    by_nature = (draw.random(_QUESTIONS) < _HANDED_OVER)[question]
    offering = (draw.random(_QUESTIONS) < _OFFERS)[question]
    long = draw.integers(_LONG - 30, _LONG + 30, _QUESTIONS)[question]
    first = by_nature ^ (draw.random(PAIRS) < noise)
    second = by_nature ^ (draw.random(PAIRS) < noise)
    # So many of those who would get a reply do not, that the share rises by `planted`.
    reply = 1.0 - second.mean()
    second |= draw.random(PAIRS) < planted / max(reply, planted)
    return PairedOutcomes(
        _columns(draw, first, offering, long), _columns(draw, second, offering, long), question
    )


def share_of_alarms(
    *, planted: float, noise: float = NOISE, probes: int = PROBES, seed: int = 0
) -> float:
    """The share of probes over all dimensions that name the planted difference.

    Without one (`planted` 0) the share of those that name any.
    """
    draw = np.random.default_rng(seed)
    names = [dimension.name for dimension in dimensions()]
    alarms = 0
    for _ in range(probes):
        compared = compare(
            {
                name: simulated(draw, planted=planted if name == names[0] else 0.0, noise=noise)
                for name in names
            }
        )
        found = [one for one in compared if one.corrected <= LEVEL]
        if planted:
            found = [one for one in found if (one.dimension, one.outcome) == (names[0], PRIMARY)]
        alarms += bool(found)
    return alarms / probes


def figures(_data: Path) -> list[Figure]:
    """Power and false alarms of the probe."""
    count = len(dimensions())
    how = (
        f"{PROBES} simulated probes, {count} dimensions × {len(OUTCOMES)} outcomes, {PAIRS} pairs "
        f"of {_QUESTIONS} questions a dimension, {NOISE:.0%} of replies turn by wording alone"
    )
    power = share_of_alarms(planted=PLANTED)
    alarms = share_of_alarms(planted=0.0, seed=1)
    return [
        Figure("bias: planted 10 points found", power, "≥ 90 %", power >= 0.9, how),
        Figure("bias: reports with a false alarm", alarms, "≤ 5 %", alarms <= LEVEL, how),
    ]


def _columns(draw: Generator, handed_over: Yes, offering: Yes, long: Whole) -> Whole:
    answered = ~handed_over
    polite = 1 + draw.poisson(_POLITE, PAIRS) * answered
    length = np.where(answered, long + draw.integers(-5, 6, PAIRS), _SHORT)
    return np.stack([handed_over, answered, offering & answered, polite, length], axis=1).astype(
        np.int64
    )
