"""The shop's order lines. Personal fields are pseudonyms; the vault holds the values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from zhanggui.records import Order
from zhanggui.store.changes import Changes, every_record, record_row, replace_rows
from zhanggui.store.codec import decode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import orders

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def replace_all(conn: Connection, given: Sequence[Order]) -> Changes:
    """Makes the stored order lines exactly `given`, in that order."""
    return replace_rows(conn, orders, _rows(given))


def every(conn: Connection) -> list[Order]:
    """All order lines, in the order of their source."""
    return every_record(conn, orders, Order)


def of_customer(conn: Connection, customer_id: str) -> list[Order]:
    """The customer's order lines, newest first; those without a date come last."""
    mine = (
        select(orders.c.record)
        .where(orders.c.customer_id == customer_id)
        .order_by(orders.c.position, orders.c.id)
    )
    found = [decode(Order, text) for (text,) in conn.execute(mine)]
    return sorted(found, key=_placed, reverse=True)


def _placed(order: Order) -> datetime:
    if order.placed_at is None:
        return _LONG_AGO
    # Exports name no zone; all of one shop's times then share the same unknown one.
    return order.placed_at if order.placed_at.tzinfo else order.placed_at.replace(tzinfo=UTC)


def _rows(given: Sequence[Order]) -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    now = utc_now()
    for position, order in enumerate(given):
        line = (order.order_id, order.product_id)
        seen[line] += 1
        key = "\n".join((*line, str(seen[line])))
        person = {"customer_id": order.customer_id, "imported_at": now}
        yield record_row(key, position, order) | person
