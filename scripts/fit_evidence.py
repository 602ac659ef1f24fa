"""Fits the weights of the answers' evidence and writes `answers/data/evidence.yaml`.

    python scripts/fit_evidence.py                     prints figures, leaving one shop out
    python scripts/fit_evidence.py --write             writes the weights fitted on all shops
    python scripts/fit_evidence.py --model ROWS.jsonl  asks the local model about the grey
                                                       questions of the harder shops as well

It learns from the questions that this project wrote for the made-up shops that `LEARNED_ON`
(`evals/shops.py`) names; each candidate passage near the top is one row, right where the
question's gold names it. The model's answers are slow, so they are kept in ROWS.jsonl, one
question a line, and a second run goes on where the first stopped; those behind the shipped
weights stand in `tests/integration/answers/model_rows.jsonl`. The shop in
`tests/data/second_shop` is kept for testing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from zhanggui.answers.decision import is_grey, is_sure
from zhanggui.answers.evidence import Evidence
from zhanggui.answers.picking import FACTS, check, pick
from zhanggui.answers.subject import subject_of
from zhanggui.answers.understanding import understand
from zhanggui.answers.weighing import (
    EvidenceWeights,
    Logistic,
    evidence_weights,
    model_signals,
)
from zhanggui.evals.shops import LEARNED_ON, open_shop
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.engine import Engine
from zhanggui.llm.open_engine import open_engine
from zhanggui.settings import Settings

ROOT = Path(__file__).parent.parent
HARDER = ("gifts", "tools")
TARGET = ROOT / "src/zhanggui/answers/data/evidence.yaml"
HEADER = """# Weights of the evidence that a passage answers; written by scripts/fit_evidence.py.
# Log-odds a unit of each number (answers/evidence.py, Features.signals).
"""
NEAR = 12
"""Candidates a question that are learned from; the rest are easy."""
RIDGE = 10.0
MODEL_RIDGE = 2.0
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
    with open_shop(shop, embedder) as opened:
        answerer = opened.answerer()
        for case in opened.cases:
            evidence = answerer.candidates(case.question)[:NEAR]
            if not evidence:
                continue
            signals = [one.features.signals() for one in evidence]
            names = list(signals[0])
            right = [case.names(one.passage.source, one.passage.text) for one in evidence]
            found.append(
                Rows(
                    shop,
                    np.array([list(row.values()) for row in signals]),
                    np.array(right, dtype=float),
                    bool(case.gold),
                )
            )
    return found, names


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def fit(rows: Sequence[Rows], strength: float = RIDGE) -> tuple[float, Matrix]:
    """Ridge logistic regression by Newton steps; bias and weights in the signals' own units."""
    signals = np.concatenate([row.signals for row in rows])
    right = np.concatenate([row.right for row in rows])
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    x = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])
    ridge = np.full(x.shape[1], strength)
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
    _say("shop      first    at 0.5       0.6          0.7          0.8          0.9")
    for shop in LEARNED_ON:
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
        _say(line)


def ask_model(shop: str, embedder: UniversalSentenceEncoder, kept: Path, engine: Engine) -> None:
    """Adds what the model says about the shop's grey questions to the file `kept`."""
    done = {row["id"] for row in _read(kept)}
    with open_shop(shop, embedder) as opened:
        answerer = opened.answerer()
        for case in opened.cases:
            found = answerer.candidates(case.question)
            if case.question.id in done or not found or not _unsure(found[0]):
                continue
            text = understand(case.question.question, case.question.history).text
            picked = pick(engine, text, [one.passage for one in found[:FACTS]])
            row: dict[str, Any] = {"id": case.question.id, "shop": shop, "right": False}
            if picked.passage is not None:
                place = [one.passage for one in found].index(picked.passage)
                with opened.store.read() as conn:
                    product = subject_of(conn, case.question)
                title = product.title if product else ""
                row |= {
                    "words": found[place].confidence,
                    "picked": picked.probability,
                    "checked": check(engine, text, picked.passage, title),
                    "first": place == 0,
                    "right": case.names(picked.passage.source, picked.passage.text),
                }
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


def _unsure(best: Evidence) -> bool:
    return is_grey(best) and not is_sure(best)


def fit_model(kept: Path) -> Logistic:
    """The weights of the model's word, from the questions where it chose a passage."""
    rows = [row for row in _read(kept) if "picked" in row]
    keys = ("words", "picked", "checked")
    signals = [model_signals(*(row[key] for key in keys), first=row["first"]) for row in rows]
    taught = Rows(
        "",
        np.array([list(one.values()) for one in signals]),
        np.array([row["right"] for row in rows], dtype=float),
        answerable=True,
    )
    _say(f"model: {len(rows)} grey questions with a choice, {taught.right.sum():.0f} right")
    bias, weights = fit([taught], MODEL_RIDGE)
    return _rounded(bias, weights, list(signals[0]))


def _read(kept: Path) -> list[dict[str, Any]]:
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    return [json.loads(line) for line in lines]


def _rounded(bias: float, weights: Matrix, names: Sequence[str]) -> Logistic:
    pairs = zip(names, weights, strict=True)
    return Logistic(
        bias=round(bias, 3), weights={name: round(float(value), 3) for name, value in pairs}
    )


def main() -> None:
    """Reports, and writes if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--model", type=Path, metavar="ROWS.jsonl")
    arguments = parser.parse_args()
    embedder = UniversalSentenceEncoder(threads=1)
    rows: list[Rows] = []
    names: list[str] = []
    for shop in LEARNED_ON:
        more, names = rows_of(shop, embedder)
        rows += more
    report(rows)
    bias, weights = fit(rows)
    fitted = EvidenceWeights(words=_rounded(bias, weights, names), model=evidence_weights().model)
    if arguments.model:
        engine = open_engine(Settings())
        for shop in HARDER:
            ask_model(shop, embedder, arguments.model, engine)
        fitted = fitted.model_copy(update={"model": fit_model(arguments.model)})
    text = yaml.safe_dump(fitted.model_dump(), sort_keys=False)
    _say(text)
    if arguments.write:
        TARGET.write_text(HEADER + text, encoding="utf-8")


if __name__ == "__main__":
    main()
