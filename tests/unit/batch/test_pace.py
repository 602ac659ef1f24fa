from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.batch.pace import Pace


def pace(seconds: list[float]) -> Pace:
    made = Pace()
    for each in seconds:
        made.add(each)
    return made


def test_nothing_is_said_before_there_is_something_to_tell() -> None:
    assert pace([]).seconds_for(10) is None
    assert pace([8.0, 2.0]).seconds_for(10) is None


def test_the_slow_first_item_does_not_count() -> None:
    assert pace([60.0, 2.0, 2.0, 2.0]).seconds_for(10) == pytest.approx(20.0)


def test_some_slow_items_do_count() -> None:
    assert pace([2.0, 12.0] * 10).seconds_for(10) == pytest.approx(70.0)


def test_only_the_last_items_count() -> None:
    assert pace([50.0] * 30 + [1.0] * 30).seconds_for(5) == pytest.approx(5.0)


def test_nothing_left_takes_no_time() -> None:
    assert pace([1.0, 2.0, 3.0]).seconds_for(0) == 0


@given(st.lists(st.floats(0.001, 1000), min_size=3, max_size=100), st.integers(0, 1000))
def test_an_estimate_lies_within_what_was_seen(seconds: list[float], left: int) -> None:
    estimate = pace(seconds).seconds_for(left)
    assert estimate is not None
    slack = 1e-6
    assert min(seconds) * left - slack <= estimate <= max(seconds) * left * (1 + slack) + slack
