"""Made-up shops with questions, and the figures of an answerer on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from zhanggui.answers.pipeline import Answerer
from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import Embedder
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.index import update
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.records import FaqRow, Message, Order, Product, Question, Reply
from zhanggui.store import orders, passages, products
from zhanggui.store.database import Store

FOLDER = Path(__file__).parent / "shops"


class OpenVault:
    """A vault that keeps nothing secret."""

    def lookup_key(self, value: str) -> str:
        return f"key-{value}"

    def restore(self, conn: Connection, text: str, person: str | None) -> str:
        return text


@dataclass(frozen=True)
class Case:
    question: Question
    gold: tuple[str, ...]
    """`source~words of the quote`, parts of either; empty: has to be handed over."""

    def right(self, reply: Reply) -> bool:
        return any(
            source in citation.source and words in citation.quote
            for gold in self.gold
            for source, _, words in [gold.partition("~")]
            for citation in reply.citations
        )


Opener = Callable[..., tuple[Answerer, list[Case]]]


@dataclass
class Figures:
    answerable: int = 0
    unanswerable: int = 0
    sent: int = 0
    sent_right: int = 0
    covered: int = 0
    handed_over: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    wrong: list[tuple[Case, Reply]] = field(default_factory=list)
    missed: list[tuple[Case, Reply]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.sent_right / self.sent

    @property
    def coverage(self) -> float:
        """Of the answerable, sent and right."""
        return self.covered / self.answerable

    @property
    def caution(self) -> float:
        """Of the unanswerable, handed over."""
        return self.handed_over / self.unanswerable


def load_shop(store: Store, embedder: Embedder, name: str) -> list[Case]:
    """Puts the shop into the store and returns its questions."""
    shop = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    goods = [_product(row) for row in shop["products"]]
    with store.begin() as conn:
        products.replace_all(conn, goods)
        orders.replace_all(conn, [_order(row) for row in shop["orders"]])
        of_goods = [passage for one in goods for passage in passages_of_product(one)]
        passages.replace_source(conn, "products.csv", of_goods)
        rows = [
            FaqRow(line=line, question=row[0], answer=row[1], product_id=(*row, None)[2])
            for line, row in enumerate(shop["faq"], start=2)
        ]
        passages.replace_source(conn, "faq.csv", passages_of_faq(rows))
        for file, text in shop["knowledge"].items():
            passages.replace_source(conn, file, passages_of_markdown(file, text))
    update(store, embedder)
    return [_case(name, number, row) for number, row in enumerate(shop["questions"])]


def measure(answerer: Answerer, cases: list[Case]) -> Figures:
    """Runs all cases."""
    figures = Figures()
    for case in cases:
        reply = answerer.answer(case.question)
        figures.ms.append(reply.ms)
        if case.gold:
            figures.answerable += 1
        else:
            figures.unanswerable += 1
            figures.handed_over += reply.decision == "hand_over"
        if reply.decision == "send":
            figures.tiers[reply.tier] += 1
            figures.sent += 1
            figures.sent_right += case.right(reply)
            figures.covered += case.right(reply)
        else:
            figures.tiers[reply.decision] += 1
        if (reply.decision != "hand_over" if not case.gold else False) or (
            reply.decision == "send" and not case.right(reply)
        ):
            figures.wrong.append((case, reply))
        elif case.gold and reply.decision != "send":
            figures.missed.append((case, reply))
    return figures


def _product(row: dict[str, Any]) -> Product:
    return Product(**{**row, "price": Decimal(row["price"])})


def _order(row: dict[str, Any]) -> Order:
    times = {
        name: datetime.fromisoformat(row[name])
        for name in ("placed_at", "shipped_at")
        if name in row
    }
    vault = OpenVault()
    keys = {name: vault.lookup_key(row[name]) for name in ("order_id", "customer_id")}
    return Order(**{**row, **times, **keys})


def _case(shop: str, number: int, row: dict[str, Any]) -> Case:
    question = Question(
        id=f"{shop}-{number}",
        question=row["q"],
        product_id=row.get("p"),
        customer_id=row.get("c"),
        history=tuple(Message(role, text) for role, text in row.get("h", ())),
    )
    return Case(question, tuple(row["gold"]))
