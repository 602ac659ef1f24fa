"""The shop's tickets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from zhanggui.records import Ticket
from zhanggui.store.changes import Changes, every_record, record_row, replace_rows
from zhanggui.store.schema import tickets


def replace_all(conn: Connection, given: Sequence[Ticket]) -> Changes:
    """Makes the stored tickets exactly `given`, in that order."""
    rows = (record_row(ticket.id, position, ticket) for position, ticket in enumerate(given))
    return replace_rows(conn, tickets, rows)


def every(conn: Connection) -> list[Ticket]:
    """All tickets, in the order of their source."""
    return every_record(conn, tickets, Ticket)
