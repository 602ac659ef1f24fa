"""The shop's reviews."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from zhanggui.records import Review
from zhanggui.store.changes import Changes, every_record, record_row, replace_rows
from zhanggui.store.schema import reviews


def replace_all(conn: Connection, given: Sequence[Review]) -> Changes:
    """Makes the stored reviews exactly `given`, in that order."""
    rows = (record_row(review.id, position, review) for position, review in enumerate(given))
    return replace_rows(conn, reviews, rows)


def every(conn: Connection) -> list[Review]:
    """All reviews, in the order of their source."""
    return every_record(conn, reviews, Review)
