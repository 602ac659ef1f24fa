"""The verified customer's own order, from the orders table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from zhanggui.answers.lexicon import Frames
from zhanggui.answers.screening import readable
from zhanggui.records import Citation, Order, Product, Question
from zhanggui.store import orders, products
from zhanggui.text.segment import index_tokens

_NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\d-]{7,}")


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

    text: str
    citations: tuple[Citation, ...]
    order: Order


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
    order = _meant(conn, orders.of_customer(conn, person), vault, question, product)
    if order is None or not order.status:
        return None
    return _in_words(conn, vault, order, person, frames)


def _meant(
    conn: Connection,
    mine: list[Order],
    vault: Identities,
    question: Question,
    product: Product | None,
) -> Order | None:
    said = [
        match[0]
        for text in (question.question, *(turn.text for turn in question.history))
        for match in _NUMBER.finditer(text)
    ]
    if said:
        keys = {vault.lookup_key(number) for number in said} | set(said)
        return next((order for order in mine if order.order_id in keys), None)
    if named := _named(conn, mine, question.question):
        return named
    about = [order for order in mine if product and order.product_id == product.id]
    if about or product is None or question.product_id is not None:
        # The page on which a customer asks may be another product's.
        return next(iter(about or mine), None)
    return None


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
    conn: Connection, vault: Identities, order: Order, person: str, frames: Frames
) -> OrderAnswer:
    product = products.get(conn, order.product_id)
    title = f"「{product.title}」" if product else ""
    values = {
        "status": order.status,
        "placed": _day(order.placed_at),
        "shipped": _day(order.shipped_at),
        "carrier": order.carrier,
        "tracking": vault.restore(conn, order.tracking_no, person) if order.tracking_no else "",
    }
    pieces = [frames.order.format(title=title, status=values["status"])]
    pieces += [
        frame.format(**{name: values[name]})
        for name, frame in (
            ("placed", frames.order_placed),
            ("shipped", frames.order_shipped),
            ("carrier", frames.order_carrier),
            ("tracking", frames.order_tracking),
        )
        if values[name]
    ]
    source = f"orders.csv:{order.order_id}"
    quotes = [value for value in values.values() if value]
    return OrderAnswer("".join(pieces), tuple(Citation(source, quote) for quote in quotes), order)


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M" if moment.hour or moment.minute else "%Y-%m-%d")
