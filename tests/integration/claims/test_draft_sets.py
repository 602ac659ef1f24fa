"""Whole drafts with one planted error each: what was reached must not be lost."""

from __future__ import annotations

import pytest

from zhanggui.evals.claim_figures import READ, SETS, Tally, cases, tally


@pytest.fixture(scope="module")
def together() -> Tally:
    return sum((tally(cases(name)) for name in READ), Tally())


def test_planted_errors_are_caught_where_they_stand(together: Tally) -> None:
    assert together.caught >= 0.92 * together.bad, together
    assert together.hit >= 0.91 * together.bad, together


def test_few_true_drafts_are_doubted(together: Tally) -> None:
    assert together.doubted <= 0.09 * together.clean, together.alarms


def test_every_error_stands_once_in_its_draft() -> None:
    errors = [error for name in SETS for row in cases(name) for error in row.bad]
    assert len(errors) == 816
    assert all(error.text.count(error.span) == 1 for error in errors)
