"""The example shop, and what the pipeline makes of its questions."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from zhanggui.answers.pipeline import Answerer
from zhanggui.errors import InputNotFound
from zhanggui.evals.answer_outcomes import Outcome
from zhanggui.evals.shops import Case
from zhanggui.ingest.readers import read
from zhanggui.knowledge.embedder import Embedder
from zhanggui.llm.engine import Engine
from zhanggui.records import Question, Reply
from zhanggui.settings import Settings
from zhanggui.shop import Shop
from zhanggui.text.normalise import fold

NAME = "the example shop"
CLOCK = datetime(2026, 11, 20, 20, 0)
"""The evening on which its story ends."""


def example_shop() -> Path:
    """The folder of the example shop: in the package, or in the checkout it is run from."""
    packaged = Path(str(files("zhanggui"))) / "example_shop"
    checkout = Path(__file__).parents[3] / "examples" / "shop"
    for folder in (packaged, checkout):
        if (folder / "products.csv").is_file():
            return folder
    raise InputNotFound("The example shop is missing from this installation: install it again.")


def example_outcomes(embedder: Embedder, engine: Engine | None = None) -> list[Outcome]:
    """The replies to `questions.jsonl`, right where they hold what `questions.expected.jsonl`
    says; imported as a shop is, into a home that is gone afterwards."""
    folder = example_shop()
    lines = (folder / "questions.expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = {row["id"]: row for row in map(json.loads, lines)}
    found = []
    with (
        tempfile.TemporaryDirectory() as home,
        Shop.open(Settings(home=Path(home)), embedder=embedder) as shop,
    ):
        shop.import_folder(folder)
        answerer = Answerer(shop.store, shop.vault, embedder, engine, CLOCK)
        for question in read(Question, folder / "questions.jsonl"):
            if isinstance(question, Question):
                row = expected[question.id]
                reply = answerer.answer(question)
                gold = tuple(word for ways in row["must_contain"] for word in ways)
                found.append(Outcome(Case(NAME, question, gold), reply, _right(row, reply)))
    return found


def _right(row: dict[str, Any], reply: Reply) -> bool:
    """Each of the things to say in one of its wordings, and nothing that must not be said."""
    text = fold(reply.text)
    said = all(any(fold(way) in text for way in ways) for ways in row["must_contain"])
    return (
        bool(row["answerable"])
        and said
        and not any(fold(word) in text for word in row.get("must_not_contain", ()))
    )
