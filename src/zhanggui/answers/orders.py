"""The verified customer's own order, from the orders table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol

from sqlalchemy import Connection

from zhanggui.answers.lexicon import Frames
from zhanggui.answers.screening import readable
from zhanggui.pii.finder import find
from zhanggui.records import Citation, Order, Product, Question, Sentence
from zhanggui.store import orders, products
from zhanggui.text.segment import index_tokens

_NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\d-]{7,}")
_OF_PERSONS = ("PHONE", "LANDLINE", "ID_CARD")
_SHOWN = 4


class Identities(Protocol):
    """What is needed of the vault."""

    def lookup_key(self, value: str) -> str:
        """The key under which a customer or an order number is stored."""
        ...

    def restore(self, conn: Connection, text: str, person: str | None) -> str:
        """`text` with the person's pseudonyms replaced by their values."""
        ...


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """An order's row in words."""

    sentences: tuple[Sentence, ...]
    """In the customer's language; a status is translated where the frames know it. Citations
    are the row's own words; their source ends with the last digits of the order's number, as
    many as tell it from the customer's other orders."""
    ground: str
    """All that may be said of the order: its values, and the product's title."""
    order: Order

    @property
    def text(self) -> str:
        return "".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(chain.from_iterable(sentence.citations for sentence in self.sentences))


def answer_order(
    conn: Connection,
    vault: Identities,
    question: Question,
    product: Product | None,
    frames: Frames,
) -> OrderAnswer | None:
    """Status, dates, carrier and tracking number of the order in question: the one whose
    number is said, else the newest of the product that the words or `product` name, else the
    newest.

    None where the customer has no such order, names an order that is not theirs or a product
    that they did not buy, or the row says nothing.
    """
    if question.customer_id is None:
        return None
    person = vault.lookup_key(question.customer_id)
    mine = orders.of_customer(conn, person)
    order = _meant(conn, mine, vault, question, product)
    if order is None or not order.status:
        return None
    numbers = [vault.restore(conn, one.order_id, person) for one in mine]
    number = vault.restore(conn, order.order_id, person)
    return _in_words(conn, vault, order, person, frames, f"orders.csv:{_masked(number, numbers)}")


def _meant(
    conn: Connection,
    mine: list[Order],
    vault: Identities,
    question: Question,
    product: Product | None,
) -> Order | None:
    texts = (question.question, *(turn.text for turn in question.history))
    said = {match[0] for text in texts for match in _NUMBER.finditer(text)}
    keys = {vault.lookup_key(number) for number in said} | said
    for order in mine:
        if order.order_id in keys:
            return order
    if any(_names_an_order(text) for text in texts):
        return None
    if named := _named(conn, mine, question.question):
        return named
    about = [order for order in mine if product and order.product_id == product.id]
    if about or product is None or question.product_id is not None:
        # The page on which a customer asks may be another product's.
        return next(iter(about or mine), None)
    return None


def _names_an_order(text: str) -> bool:
    """Whether `text` holds a long number that is no phone number or ID card."""
    persons = [one for one in find(text, people=False) if one.type in _OF_PERSONS]
    return any(
        all(match.end() <= one.start or one.end <= match.start() for one in persons)
        for match in _NUMBER.finditer(text)
    )


def _masked(number: str, others: Sequence[str]) -> str:
    """The end of an order number, as long as it takes to tell it from the customer's others."""
    shown = min(_SHOWN, (len(number) + 1) // 2)
    rivals = [other for other in others if other != number]
    while shown < len(number) - 1 and any(other.endswith(number[-shown:]) for other in rivals):
        shown += 1
    return f"…{number[-shown:]}"


def _named(conn: Connection, mine: Sequence[Order], text: str) -> Order | None:
    """The newest order of the product whose title shares most words with what is said."""
    tokens = {token for token in index_tokens(readable(text)) if len(token) > 1}
    found: Order | None = None
    most = 0
    for order in mine:
        product = products.get(conn, order.product_id)
        title = readable(f"{product.title} {product.category}") if product else ""
        shared = sum(len(token) for token in tokens if token in title)
        if shared > most:
            found, most = order, shared
    return found


def _in_words(
    conn: Connection,
    vault: Identities,
    order: Order,
    person: str,
    frames: Frames,
    source: str,
) -> OrderAnswer:
    product = products.get(conn, order.product_id)
    title = frames.order_title.format(title=product.title) if product else ""
    values = {
        "status": order.status,
        "placed": _day(order.placed_at),
        "shipped": _day(order.shipped_at),
        "carrier": order.carrier,
        "tracking": vault.restore(conn, order.tracking_no, person) if order.tracking_no else "",
    }
    status = frames.statuses.get(order.status.strip().lower(), order.status)
    said = [("status", frames.order.format(title=title, status=status))]
    said += [
        (name, frame.format(**{name: values[name]}))
        for name, frame in (
            ("placed", frames.order_placed),
            ("shipped", frames.order_shipped),
            ("carrier", frames.order_carrier),
            ("tracking", frames.order_tracking),
        )
        if values[name]
    ]
    sentences = tuple(
        Sentence((frames.between if place else "") + text, (Citation(source, values[name]),))
        for place, (name, text) in enumerate(said)
    )
    return OrderAnswer(sentences, "\n".join((title, status, *values.values())), order)


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M" if moment.hour or moment.minute else "%Y-%m-%d")
