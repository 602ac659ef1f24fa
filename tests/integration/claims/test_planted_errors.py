"""How many planted errors are caught, and how many true sentences are doubted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Claim, Product

_FOLDER = Path(__file__).parent
_SETS = (
    "planted.yaml",
    "planted_later.yaml",
    "planted_third.yaml",
    "planted_fourth.yaml",
    "planted_fifth.yaml",
)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return rows


def _bad(row: dict[str, Any], text: str) -> list[Claim]:
    product = Product(
        id="x", title=row["title"], category=row["category"], attributes=row["attributes"]
    )
    claims = verify({"text": text}, facts_of(product))
    return [claim for claim in claims if claim.status in ("unsupported", "contradicted")]


@pytest.mark.parametrize("name", _SETS)
def test_planted_errors_are_caught_at_their_span(name: str) -> None:
    cases = [(row, text) for row in _rows(name) for text in row["planted"]]
    caught = 0
    for row, marked in cases:
        start, end = marked.index("⟦"), marked.index("⟧") - 1
        bad = _bad(row, marked.replace("⟦", "").replace("⟧", ""))
        caught += any(claim.start < end and start < claim.end for claim in bad)
    assert caught >= 0.95 * len(cases), f"{caught} of {len(cases)}"


def test_true_and_tasteful_sentences_pass() -> None:
    cases = [(row, text) for name in _SETS for row in _rows(name) for text in row["clean"]]
    doubted = [text for row, text in cases if _bad(row, text)]
    assert len(doubted) <= 0.05 * len(cases), doubted
