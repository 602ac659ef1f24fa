from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.answers import bounds
from zhanggui.answers.bounds import NEVER, PLAIN, Limit

DRAWS = 400
SLACK = 0.033
"""Three standard errors of a share of 5 % over so many draws."""


def test_thirty_faultless_replies_prove_a_tenth() -> None:
    assert bounds.upper(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert bounds.upper(0, 30) < 0.1
    assert bounds.faultless_needed(0.1) == 29
    assert bounds.faultless_needed(0.05) == 59
    assert bounds.upper(0, bounds.faultless_needed(0.05) - 1) > 0.05


def test_bounds_of_nothing_and_of_all() -> None:
    assert bounds.upper(0, 0) == 1.0
    assert bounds.upper(5, 5) == 1.0
    assert bounds.lower(0, 5) == 0.0
    assert bounds.lower(5, 5) == pytest.approx(0.05 ** (1 / 5))


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_bounds_hold_the_share_between_them(wrong: int, right: int) -> None:
    judged = wrong + right
    share = wrong / judged if judged else 0.0
    assert bounds.lower(wrong, judged) <= share <= bounds.upper(wrong, judged)


Outcomes = list[bounds.Outcome]


def draw(random_: random.Random, error: Callable[[float], float], size: int) -> Outcomes:
    scores = [random_.uniform(0.5, 1.0) for _ in range(size)]
    return [(score, random_.random() >= error(score)) for score in scores]


def true_error(error: Callable[[float], float], threshold: float) -> float:
    points = [threshold + (1 - threshold) * (step + 0.5) / 500 for step in range(500)]
    return sum(map(error, points)) / len(points)


@pytest.mark.parametrize(
    "error",
    [
        lambda score: (1 - score) * 0.7,
        lambda score: 0.06,
        lambda score: 0.02 if score > 0.74 else 0.5,
        # The surest replies are the worst: a threshold cannot see that.
        lambda score: 0.09 if score > 0.9 else 0.04,
    ],
    ids=["calibrated", "just too bad", "a cliff", "upside down"],
)
@pytest.mark.parametrize("size", [80, 400])
def test_the_chosen_threshold_keeps_the_risk_in_nineteen_of_twenty_draws(
    error: Callable[[float], float], size: int
) -> None:
    random_ = random.Random(size)
    broken = chosen = 0
    for _ in range(DRAWS):
        limit = bounds.lowest_proved(draw(random_, error, size), 0.05)
        if limit is not None:
            chosen += 1
            broken += true_error(error, limit.threshold) > 0.05
    assert broken / DRAWS <= 0.05 + SLACK
    if error(0.6) == 0.5 and size == 400:
        # It must be of use too, and a bound that never lets anything out would pass the rest.
        assert chosen > DRAWS / 2


def test_the_stated_bound_holds_in_nineteen_of_twenty_draws() -> None:
    random_ = random.Random(1)
    rate = 0.12
    missed = 0
    for _ in range(DRAWS):
        wrong = sum(random_.random() < rate for _ in range(60))
        missed += bounds.upper(wrong, 60) < rate
    assert 0 < missed / DRAWS <= 0.05 + SLACK


def outcomes(right: int, wrong: int, score: float = 0.9) -> list[bounds.Outcome]:
    return [(score, True)] * right + [(score, False)] * wrong


def limit(right: int, wrong: int, *, strict: bool) -> Limit:
    return bounds.limit_of(outcomes(right, wrong), 0.75, 0.05, 0.95, strict=strict)


def test_too_few_judgements_leave_what_is_shipped() -> None:
    few = limit(30, 2, strict=True)
    assert (few.threshold, few.judged, few.wrong, few.proved) == (0.75, 32, 2, False)
    assert 0.05 < few.bound < 1


def test_a_proved_risk_lowers_the_threshold() -> None:
    proved = limit(59, 0, strict=True)
    assert proved.proved
    assert proved.threshold == 0.5
    assert proved.bound == 0.05


def test_a_strict_tier_falls_silent_where_nothing_is_proved() -> None:
    assert limit(70, 3, strict=True).threshold == NEVER
    assert limit(70, 3, strict=False).threshold == 0.75
    assert limit(50, 20, strict=False).threshold == NEVER


def test_calibration_error_is_the_distance_from_what_was_said() -> None:
    half = [(0.5, number % 2 == 0) for number in range(20)]
    assert bounds.calibration_error(half) == pytest.approx(0.0)
    assert bounds.calibration_error([(0.9, False)] * 20) == pytest.approx(0.9)
    assert bounds.calibration_error([(0.75, True)] * 3) == pytest.approx(0.25)
    assert bounds.calibration_error([]) == 0.0


def test_scaling_brings_the_confidences_to_the_truth() -> None:
    random_ = random.Random(3)
    known = draw(random_, lambda score: 0.5, 400)
    unseen = draw(random_, lambda score: 0.5, 2000)
    fitted = bounds.scaling(known)
    scaled = [(fitted.of(score), right) for score, right in unseen]
    assert bounds.calibration_error(unseen) > 0.15
    assert bounds.calibration_error(scaled) <= 0.05


def test_scaling_keeps_the_order() -> None:
    fitted = bounds.scaling(draw(random.Random(4), lambda score: 1.2 * (1 - score), 300))
    scaled = [fitted.of(score / 100) for score in range(1, 100)]
    assert scaled == sorted(scaled)


def test_confidences_that_say_nothing_become_the_share_that_was_right() -> None:
    backwards = [(0.55, True)] * 60 + [(0.95, False)] * 60
    assert bounds.scaling(backwards).of(0.95) == pytest.approx(0.5)
    assert bounds.scaling(outcomes(120, 0, score=0.7)).of(0.7) > 0.95
    assert PLAIN.of(0.8) == pytest.approx(0.8)


def test_a_fit_that_runs_away_is_not_taken() -> None:
    strange = [*outcomes(100, 0, score=0.999), (0.9, False), (1.0, False)]
    fitted = bounds.scaling(strange)
    for score in (0.5, 0.9, 0.999, 1.0):
        assert fitted.of(score) == pytest.approx(101 / 104)
