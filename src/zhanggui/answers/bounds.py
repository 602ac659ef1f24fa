"""What judged replies prove: bounds of the share of wrong ones, and thresholds that keep a risk.

The bounds are Clopper and Pearson's (1934), one-sided. A threshold is chosen by testing a fixed
grid from the safest value downwards and stopping at the first that fails (fixed sequence testing,
as in Angelopoulos et al., *Learn then Test*, 2021, of which the risk-controlling sets of Bates et
al., 2021, are the monotone case), so the risk holds with the stated confidence although many
thresholds are looked at. Where the sequence starts depends on the confidences alone, never on
the verdicts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

GRID = tuple(round(0.95 - 0.05 * step, 2) for step in range(10))
"""Thresholds that are tried: 0.95, 0.90, … 0.50."""
NEVER = 1.01
"""Above every confidence."""
BINS = 10
"""Of the calibration error."""
_STEPS = 100
_ENOUGH = 1e-10
_RIDGE = 1e-6

Outcome = tuple[float, bool]
"""A reply's confidence before calibration, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From which confidence on replies are sent, and how many of those are wrong at most."""

    threshold: float
    bound: float
    """Upper bound of the share of wrong ones among those sent."""
    judged: int
    """How many judged replies the bound stands on."""
    wrong: int
    proved: bool
    """The bound keeps the accepted risk."""


def upper(wrong: int, judged: int, confidence: float = 0.95) -> float:
    """The largest share of wrong ones that `wrong` of `judged` leave open; 1 without any."""
    # SciPy takes a quarter of a second, and a shop without judgements needs none of it.
    from scipy.special import betaincinv  # noqa: PLC0415

    if wrong >= judged:
        return 1.0
    return float(betaincinv(wrong + 1, judged - wrong, confidence))


def lower(wrong: int, judged: int, confidence: float = 0.95) -> float:
    """The smallest share of wrong ones that `wrong` of `judged` leave open."""
    return 1.0 - upper(judged - wrong, judged, confidence) if wrong else 0.0


def faultless_needed(risk: float, confidence: float = 0.95) -> int:
    """How many judged replies prove a risk if none of them is wrong: 59 for 5 %, 29 for 10 %."""
    return math.ceil(math.log(1.0 - confidence) / math.log(1.0 - risk))


def at_or_above(outcomes: Sequence[Outcome], threshold: float) -> tuple[int, int]:
    """(wrong, judged) of the replies that `threshold` lets out."""
    out = [right for score, right in outcomes if score >= threshold]
    return out.count(False), len(out)


def lowest_proved(
    outcomes: Sequence[Outcome], risk: float, confidence: float = 0.95
) -> Limit | None:
    """The lowest threshold of the grid whose replies keep `risk`, with `risk` as the bound; None
    where the judged replies prove none.

    The tests start with the surest third of the replies: fewer would rarely prove anything.
    """
    needed = max(faultless_needed(risk, confidence), len(outcomes) / 3)
    found: Limit | None = None
    for threshold in GRID:
        wrong, judged = at_or_above(outcomes, threshold)
        if judged < needed:
            continue
        if upper(wrong, judged, confidence) > risk:
            break
        found = Limit(threshold, risk, judged, wrong, proved=True)
    return found


def limit_of(
    outcomes: Sequence[Outcome], shipped: float, risk: float, confidence: float, *, strict: bool
) -> Limit:
    """From where on replies of one tier are sent.

    Too few judgements to prove anything leave the `shipped` threshold. Once there are enough,
    `strict` sends only what is proved; else the shipped threshold stays until the judgements
    show that it breaks the risk.
    """
    wrong, judged = at_or_above(outcomes, shipped)
    as_shipped = Limit(shipped, upper(wrong, judged, confidence), judged, wrong, proved=False)
    if max(judged, at_or_above(outcomes, GRID[-1])[1]) < faultless_needed(risk, confidence):
        return as_shipped
    if not strict and lower(wrong, judged, confidence) <= risk:
        return Limit(shipped, as_shipped.bound, judged, wrong, proved=as_shipped.bound <= risk)
    proved = lowest_proved(outcomes, risk, confidence)
    return proved or Limit(NEVER, as_shipped.bound, judged, wrong, proved=False)


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error over ten bins of equal mass: the mean distance, weighed by size,
    between a bin's mean confidence and its share of right replies (Naeini et al., 2015; of equal
    mass as in Nguyen and O'Connor, 2015). 0 for none."""
    # By confidence alone: the order of equal ones must not tell which were right.
    ranked = sorted(outcomes, key=lambda outcome: outcome[0])
    total, off = len(ranked), 0.0
    for number in range(BINS):
        held = ranked[number * total // BINS : (number + 1) * total // BINS]
        off += abs(sum(right - score for score, right in held))
    return off / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Scaling:
    """Turns a confidence into the share of such replies that were right (Platt, 1999)."""

    slope: float = 1.0
    shift: float = 0.0

    def of(self, confidence: float) -> float:
        return _logistic(self.slope * _odds(confidence) + self.shift)


PLAIN = Scaling()
"""Changes nothing."""


def scaling(outcomes: Sequence[Outcome]) -> Scaling:
    """Fitted by Newton's method with Platt's smoothed targets (Lin, Lin and Weng, 2007).

    Where the confidences say nothing of who was right, all get the share that was.
    """
    good = sum(right for _, right in outcomes)
    bad = len(outcomes) - good
    high, low = (good + 1) / (good + 2), 1 / (bad + 2)
    points = [(_odds(score), high if right else low) for score, right in outcomes]
    slope, shift = 0.0, _odds((good + 1) / (len(outcomes) + 2))
    for _ in range(_STEPS):
        odds = [(x, target, _logistic(slope * x + shift)) for x, target in points]
        by_slope = sum((p - target) * x for x, target, p in odds)
        by_shift = sum(p - target for _, target, p in odds)
        weight = [(x, p * (1 - p)) for x, _, p in odds]
        aa = sum(w * x * x for x, w in weight) + _RIDGE
        ab = sum(w * x for x, w in weight)
        bb = sum(w for _, w in weight) + _RIDGE
        scale = aa * bb - ab * ab
        step_slope = (bb * by_slope - ab * by_shift) / scale
        step_shift = (aa * by_shift - ab * by_slope) / scale
        slope, shift = slope - step_slope, shift - step_shift
        if abs(step_slope) + abs(step_shift) < _ENOUGH:
            break
    fitted, constant = Scaling(slope, shift), Scaling(0.0, _odds((good + 1) / (good + bad + 2)))
    # Newton's steps may leave the valley: what they end with has to be better than nothing.
    better = slope > 0 and _loss(fitted, points) < _loss(constant, points)
    return fitted if better else constant


def _loss(scale: Scaling, points: Sequence[tuple[float, float]]) -> float:
    """The log loss over (odds, target); infinite where the scale is no number."""
    loss = 0.0
    for x, target in points:
        odds = scale.slope * x + scale.shift
        # log(1 + e^odds) - target * odds, without overflow.
        loss += max(odds, 0.0) + math.log1p(math.exp(-abs(odds))) - target * odds
    return math.inf if math.isnan(loss) else loss


def _odds(probability: float) -> float:
    clipped = min(1.0 - 1e-3, max(1e-3, probability))
    return math.log(clipped / (1.0 - clipped))


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
