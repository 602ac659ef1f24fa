"""Sentences of independent writers, half of them lawful uses of the same words.

`first`, `second` and `third` were read while the rules were written; `fourth` was only ever
measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zhanggui.law.check import check

_HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("first", 0.97, 0.97),
        ("second", 0.95, 0.75),
        ("third", 0.97, 0.95),
        ("fourth", 0.93, 0.72),
    ],
)
def test_what_was_reached_is_held(name: str, precision: float, recall: float) -> None:
    rows = yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    found = [row for row in rows if check({"text": row["text"]}, row["category"] or "")]
    right = sum(row["violates"] for row in found)
    wanted = sum(row["violates"] for row in rows)
    assert right / len(found) >= precision
    assert right / wanted >= recall
