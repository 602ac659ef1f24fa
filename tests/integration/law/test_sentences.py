"""Sentences of two independent writers, half of them lawful uses of the same words.

`first.yaml` was read while the rules were written; `second.yaml` was only ever measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zhanggui.law.check import check

_HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("first", 0.95, 0.97), ("second", 0.78, 0.45)]
)
def test_what_was_reached_is_held(name: str, precision: float, recall: float) -> None:
    rows = yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    found = [row for row in rows if check({"text": row["text"]}, row["category"] or "")]
    right = sum(row["violates"] for row in found)
    wanted = sum(row["violates"] for row in rows)
    assert right / len(found) >= precision
    assert right / wanted >= recall
