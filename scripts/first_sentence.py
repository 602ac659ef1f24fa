"""How long customers wait for the first sentence, alone and many at once.

    python scripts/first_sentence.py [--shop DIR] [--questions F] [--at-once 1 20] [--no-model]

Imports the shop into a fresh home, asks the questions of the file (the example shop's by default)
from so many threads, and prints p50 and p95 in milliseconds, by who spoke. The model's kept answers
are not used: the home is new. `--no-model` shows what is looked up alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

import numpy as np

from zhanggui.errors import EngineUnreachable
from zhanggui.ingest.readers import read
from zhanggui.llm.fake import FakeEngine
from zhanggui.llm.waiting_line import Waiting
from zhanggui.records import Question, Reply, RowFault, Sentence
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

EXAMPLE = Path(__file__).parents[1] / "examples" / "shop"
NOW = datetime(2026, 11, 24, 12)
_ASKED = count()


@dataclass(frozen=True)
class Waited:
    """One question's wait."""

    tier: str
    first_ms: float
    asked: bool
    """Whether the model was asked."""


def wait(shop: Shop, question: Question) -> Waited:
    """Asks, and stops the clock at the first sentence."""
    began = time.perf_counter()
    first = 0.0
    for event in shop.answer_stream(question):
        if isinstance(event, Sentence):
            first = first or (time.perf_counter() - began) * 1000
        elif isinstance(event, Reply):
            asked = event.cost is not None and event.cost.tier in ("model", "cache")
            return Waited(event.tier, first, asked)
        else:
            assert isinstance(event, Waiting)
    raise AssertionError("a stream without a reply")


def told(name: str, waited: Sequence[Waited]) -> str:
    """One line of figures."""
    if not waited:
        return f"{name:22} none"
    p50, p95 = np.percentile([one.first_ms for one in waited], [50, 95])
    return f"{name:22} n {len(waited):4}   p50 {p50:8.0f} ms   p95 {p95:8.0f} ms"


def measure(shop: Shop, asked: Sequence[Question], at_once: int) -> list[str]:
    """Asks all, so many at once; lines of figures."""
    # Another id, and a word that changes nothing, so that no answer of an earlier round is kept.
    asked = [
        replace(one, id=f"{next(_ASKED)}", question=f"{one.question}{'？' * at_once}"[:200])
        for one in asked
    ]
    with ThreadPoolExecutor(at_once) as threads:
        waited = list(threads.map(lambda one: wait(shop, one), asked))
    return [
        f"{at_once} at once, {len(waited)} of {len(asked)} answered or handed over",
        told("  looked up", [one for one in waited if not one.asked]),
        told("  the model was asked", [one for one in waited if one.asked]),
    ]


def main() -> None:
    """Measures and tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, default=EXAMPLE)
    parser.add_argument("--questions", type=Path, default=EXAMPLE / "questions.jsonl")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--no-model", action="store_true")
    given = parser.parse_args()
    rows = [row for row in read(Question, given.questions) if not isinstance(row, RowFault)]

    def refuse(_: object) -> str:
        raise EngineUnreachable("no model")

    engine = FakeEngine(refuse) if given.no_model else None
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(Path(home))
        with Shop.open(settings, now=NOW, engine=engine) as shop:
            shop.import_folder(given.shop)
            shop.answer(rows[0])
            for at_once in given.at_once:
                lines = measure(shop, rows, at_once)
                sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
