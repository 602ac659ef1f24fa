"""Trains the student of `claims/clause_student.py` that is shipped in the package.

    python scripts/train_clause_student.py

It learns from clauses about made-up products that were written for it (`claim_texts`), from claims
that shops print on anything (`claim_stock.yaml`) beside products whose data do not hold them, and
from the clauses of the drafts that have been read (`evals/cases/drafts`, all but the held-back
sets). What the house itself writes about those products is harmless talk.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from zhanggui.claims.clause_student import clause_features, fact_text, seen
from zhanggui.claims.facts import facts_of
from zhanggui.descriptions.frames import framed
from zhanggui.descriptions.scenes import closings, scenes
from zhanggui.evals.claim_figures import READ, DraftCase, cases
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.records import Product
from zhanggui.students.hashing import HashSpec
from zhanggui.students.mixed_text import MixedText
from zhanggui.text.language import language_of
from zhanggui.text.sentences import clauses

_HERE = Path(__file__).parent
_TARGET = _HERE.parent / "src/zhanggui/students/shipped/clause"
_SPEC = HashSpec(ngrams=3, bits=18)
_SHARE = 0.3
_STRENGTH = 1.0
# Of the stock claims, of scenes and closings, and of sentences about facts, for each product.
_STOCK, _TALK, _TOLD = 2, 4, 3
# How sure to be is learnt from products that nothing else was learnt from.
_APART = frozenset(("wear", "c", "m"))
# Numbers are not the student's business.
_SPOKEN = frozenset(
    (
        "invented_function",
        "invented_gift",
        "invented_award",
        "invented_comparison",
        "invented_certificate",
        "comparison",
        "wrong_material",
        "wrong_colour",
        "wrong_audience",
        "wrong_origin",
    )
)


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses about one product, each with whether it is an unfounded claim."""

    source: str
    product: Product
    clauses: list[tuple[str, bool]]


def groups() -> Iterator[Group]:
    """Everything that is learnt from."""
    stock = [str(one) for one in _read(_HERE / "claim_stock.yaml")]
    draw = random.Random(0)
    for path in sorted((_HERE / "claim_texts").glob("*.yaml")):
        for number, row in enumerate(_read(path)):
            plain = [str(text) for text in (*row["supported"], *row["opinion"])]
            claims = [str(one["text"]) for one in (*row["invented"], *row.get("wrong", ()))]
            product = _product(f"{path.stem}{number}", row)
            plain += _of_the_house(product, draw)
            claims += _unfounded(stock, product, draw)
            yield Group(
                path.stem,
                product,
                [*((text, False) for text in plain), *((text, True) for text in claims)],
            )
    for name in READ:
        for case in cases(name):
            yield Group(name, case.product, list(_of_drafts(case)))


def _read(path: Path) -> list[Any]:
    found: list[Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _unfounded(stock: list[str], product: Product, draw: random.Random) -> list[str]:
    """Some of the stock claims in the product's language of which its data have no word."""
    data = f"{product.title} {product.attributes}".lower()
    english = product.title.isascii()
    free = [
        text
        for text in stock
        if text.isascii() == english
        and not any(piece in data for piece in (text.split() if english else _pairs(text)))
    ]
    return draw.sample(free, min(_STOCK, len(free)))


def _of_the_house(product: Product, draw: random.Random) -> Iterator[str]:
    """Clauses of lines that the house writes about the product, which claim nothing unfounded."""
    language = language_of(product.title)
    talk = [*scenes(product, language, 0), *closings(product, language, 0)]
    told = [
        line
        for fact in facts_of(product)[: len(product.attributes)]
        for _, line in framed(fact, language, "body", 0)
    ]
    lines = draw.sample(talk, min(_TALK, len(talk))) + draw.sample(told, min(_TOLD, len(told)))
    for line in lines:
        yield from (clause.text for clause in clauses(line))


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _product(name: str, row: dict[str, object]) -> Product:
    return Product(
        id=name,
        title=str(row["title"]),
        brand=str(row["brand"]),
        category=str(row["category"]),
        price=Decimal(str(row["price"])),
        attributes={str(key): str(value) for key, value in dict(row["attributes"]).items()},
    )


def _of_drafts(case: DraftCase) -> Iterator[tuple[str, bool]]:
    for text in case.clean:
        yield from ((clause.text, False) for clause in clauses(text))
    for error in case.bad:
        start = error.text.index(error.span)
        end = start + len(error.span)
        for clause in clauses(error.text):
            wrong = clause.start < end and start < clause.end
            if not wrong or error.kind in _SPOKEN:
                yield clause.text, wrong


def main() -> None:
    """Trains the student and saves it."""
    encoder = UniversalSentenceEncoder(1)
    texts: list[str] = []
    wanted: list[bool] = []
    apart: list[bool] = []
    features = []
    for group in groups():
        told = [fact_text(fact) for fact in facts_of(group.product, price=True)]
        said = [text for text, _ in group.clauses]
        vectors = encoder.encode([*said, *told])
        features.append(clause_features(said, vectors[: len(said)], told, vectors[len(said) :]))
        texts += map(seen, said)
        wanted += (claim for _, claim in group.clauses)
        apart += [group.source in _APART] * len(said)
    student = MixedText.train(
        texts, np.vstack(features), wanted, apart, spec=_SPEC, share=_SHARE, strength=_STRENGTH
    )
    student.save(_TARGET)
    print(f"{sum(wanted)} claims, {len(wanted) - sum(wanted)} others, mix {student.mix}")  # noqa: T201


if __name__ == "__main__":
    main()
