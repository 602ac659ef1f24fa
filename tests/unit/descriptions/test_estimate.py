from __future__ import annotations

import pytest

from zhanggui.cli.descriptions import print_estimate
from zhanggui.descriptions.estimate import Estimate


@pytest.mark.parametrize(
    ("measured", "local", "told"),
    [
        (0, True, "10,000 drafts: about 27 h 46 min on this machine; through an endpoint faster."),
        (40, True, "10,000 drafts: about 27 h 46 min, by the last 40 with this model."),
        (0, False, "10,000 drafts: about 27 h 46 min through this endpoint, a guess until"),
    ],
)
def test_a_long_run_says_what_it_takes(
    measured: int, local: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_estimate(Estimate(10_000, 100_000, measured, local))
    assert told in capsys.readouterr().err


def test_a_short_run_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_estimate(Estimate(3, 30, 0, local=True))
    assert capsys.readouterr().err == ""
