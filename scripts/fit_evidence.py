"""Fits the weights of the answers' evidence and writes `answers/data/evidence.yaml`.

    python scripts/fit_evidence.py          prints the figures of leaving one shop out
    python scripts/fit_evidence.py --write  writes the weights fitted on all shops

It learns from the questions that this project wrote for the made-up shops of
`tests/integration/answers/shops`; each candidate passage near the top is one row, right where
the question's gold names it. The shop in `tests/data/second_shop` is kept for testing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests/integration/answers"))

from shop_bench import Case, OpenVault, load_shop  # noqa: E402

from zhanggui.answers.pipeline import Answerer  # noqa: E402
from zhanggui.knowledge.embedder import UniversalSentenceEncoder  # noqa: E402
from zhanggui.store.database import Store  # noqa: E402

SHOPS = ("kitchen", "apparel", "gadgets", "gifts", "tools")
TARGET = ROOT / "src/zhanggui/answers/data/evidence.yaml"
HEADER = """# Weights of the evidence that a passage answers; written by scripts/fit_evidence.py.
# Log-odds a unit of each number (answers/evidence.py, Features.signals).
"""
TODAY = date(2026, 11, 24)
NEAR = 12
"""Candidates a question that are learned from; the rest are easy."""
RIDGE = 10.0
STEPS = 40

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """The candidates of one question."""

    shop: str
    signals: Matrix
    right: Matrix
    answerable: bool


def rows_of(shop: str, embedder: UniversalSentenceEncoder) -> tuple[list[Rows], list[str]]:
    """The candidates of a shop's questions, and the names of their numbers."""
    names: list[str] = []
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{(Path(folder) / 'shop.sqlite').as_posix()}") as store,
    ):
        cases = load_shop(store, embedder, shop)
        answerer = Answerer(store, OpenVault(), embedder, None, TODAY)
        for case in cases:
            evidence = answerer.candidates(case.question)[:NEAR]
            if not evidence:
                continue
            signals = [one.features.signals() for one in evidence]
            names = list(signals[0])
            right = [_gold(case, one.passage.source, one.passage.text) for one in evidence]
            found.append(
                Rows(
                    shop,
                    np.array([list(row.values()) for row in signals]),
                    np.array(right, dtype=float),
                    bool(case.gold),
                )
            )
    return found, names


def _gold(case: Case, source: str, text: str) -> bool:
    parts = [gold.partition("~") for gold in case.gold]
    return any(place in source and words in text for place, _, words in parts)


def fit(rows: Sequence[Rows]) -> tuple[float, Matrix]:
    """Ridge logistic regression by Newton steps; bias and weights in the signals' own units."""
    signals = np.concatenate([row.signals for row in rows])
    right = np.concatenate([row.right for row in rows])
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    x = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 1e-6
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-x @ beta))
        slope = x.T @ (p - right) + ridge * beta
        curve = (x * (p * (1.0 - p))[:, None]).T @ x + np.diag(ridge)
        beta -= np.linalg.solve(curve, slope)
    weights = beta[1:] / spread
    return float(beta[0] - weights @ mean), weights


def report(rows: Sequence[Rows]) -> None:
    """Precision and coverage of the first passage by threshold, each shop by the others."""
    print("shop      first    at 0.5       0.6          0.7          0.8          0.9")
    for shop in SHOPS:
        bias, weights = fit([row for row in rows if row.shop != shop])
        firsts = []
        for row in rows:
            if row.shop == shop:
                odds = row.signals @ weights + bias
                best = int(odds.argmax())
                firsts.append((1 / (1 + np.exp(-odds[best])), row.right[best], row.answerable))
        total = sum(answerable for *_, answerable in firsts)
        line = f"{shop:9} {sum(right for _, right, _ in firsts) / total:.2f}"
        for level in (0.5, 0.6, 0.7, 0.8, 0.9):
            sent = [right for p, right, _ in firsts if p >= level]
            line += f"   {sum(sent) / total:.2f}@{sum(sent) / max(1, len(sent)):.2f}"
        print(line)


def main() -> None:
    """Reports, and writes if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    embedder = UniversalSentenceEncoder(threads=1)
    rows: list[Rows] = []
    names: list[str] = []
    for shop in SHOPS:
        more, names = rows_of(shop, embedder)
        rows += more
    report(rows)
    bias, weights = fit(rows)
    words = {name: round(float(value), 3) for name, value in zip(names, weights, strict=True)}
    print(words)
    if arguments.write:
        body = {"words": {"bias": round(bias, 3), "weights": words}}
        TARGET.write_text(HEADER + yaml.safe_dump(body, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
