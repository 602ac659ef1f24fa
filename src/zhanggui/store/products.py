"""The shop's products."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from zhanggui.records import Product
from zhanggui.store.changes import Changes, every_record, record_row, replace_rows
from zhanggui.store.codec import decode
from zhanggui.store.schema import products


def replace_all(conn: Connection, given: Sequence[Product]) -> Changes:
    """Makes the stored products exactly `given`, in that order."""
    rows = (record_row(product.id, position, product) for position, product in enumerate(given))
    return replace_rows(conn, products, rows)


def every(conn: Connection) -> list[Product]:
    """All products, in the order of their source."""
    return every_record(conn, products, Product)


def get(conn: Connection, product_id: str) -> Product | None:
    """The product with this id."""
    text = conn.scalar(select(products.c.record).where(products.c.id == product_id))
    return None if text is None else decode(Product, text)
