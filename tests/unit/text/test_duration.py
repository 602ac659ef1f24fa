from __future__ import annotations

import pytest

from zhanggui.text.duration import duration


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.42, "420 ms"), (4.2, "4.2 s"), (48, "48 s"), (185, "3 min 05 s"), (7800, "2 h 10 min")],
)
def test_durations_read_naturally(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
