from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from zhanggui.evals.paired import difference, flip_chance, holm, interval


@given(st.integers(0, 60), st.integers(0, 60))
def test_one_pair_a_question_is_the_exact_mcnemar_test(more: int, less: int) -> None:
    sums = np.array([1] * more + [-1] * less + [0] * 5, dtype=np.int64)
    expected = binomtest(more, more + less).pvalue if more + less else 1.0
    assert flip_chance(sums) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(-40, 40), max_size=9))
def test_every_exchange_is_counted(sums: list[int]) -> None:
    found = [
        abs(sum(s * d for s, d in zip(sign, sums, strict=True)))
        for sign in product((1, -1), repeat=len(sums))
    ]
    expected = sum(total >= abs(sum(sums)) for total in found) / len(found)
    assert flip_chance(np.array(sums, dtype=np.int64)) == pytest.approx(expected)


def test_a_question_that_leans_one_way_counts_once() -> None:
    first = np.zeros(40, dtype=np.int64)
    second = np.array([1] * 10 + [0] * 30, dtype=np.int64)
    apart = difference(first, second, np.arange(40))
    together = difference(first, second, np.arange(40) // 10)
    assert apart.size == together.size == 0.25
    assert apart.chance < 0.01 < together.chance
    assert together.high - together.low > apart.high - apart.low


def test_no_discordant_pair_leaves_doubt() -> None:
    low, high = interval(np.zeros(200, dtype=np.int64), np.ones(200, dtype=np.int64), binary=True)
    assert -0.02 < low < 0 < high < 0.02


def test_the_interval_holds_the_truth() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(600):
        hard = np.repeat(draw.random(100), 2)
        first = (draw.random(200) < 0.3 * hard).astype(np.int64)
        second = (draw.random(200) < 0.3 * hard + 0.1).astype(np.int64)
        found = difference(first, second, np.arange(200) // 2)
        held += found.low <= 0.1 <= found.high
    assert 0.92 <= held / 600 <= 0.985


def test_no_pairs_is_an_error() -> None:
    empty = np.array([], dtype=np.int64)
    with pytest.raises(ValueError, match="no pairs"):
        difference(empty, empty, empty)


def test_holm_with_equal_weights_is_the_textbook_procedure() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005], [1, 1, 1, 1]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 9)), min_size=1, max_size=12))
def test_correction_never_helps(cases: list[tuple[float, float]]) -> None:
    chances, weights = [c for c, _ in cases], [w for _, w in cases]
    for before, after in zip(chances, holm(chances, weights), strict=True):
        assert before <= after + 1e-12
        assert after <= 1.0


def test_a_heavier_comparison_may_use_more() -> None:
    assert holm([0.01, 0.5], [8, 1])[0] < holm([0.01, 0.5], [1, 8])[0]
