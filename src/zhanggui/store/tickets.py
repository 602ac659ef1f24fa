"""The shop's tickets."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from zhanggui.records import Ticket
from zhanggui.store.changes import Changes, every_record, record_row, replace_rows
from zhanggui.store.codec import decode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import tickets


def replace_all(conn: Connection, given: Sequence[Ticket]) -> Changes:
    """Makes the stored tickets exactly `given`, in that order."""
    now = utc_now()
    rows = (
        record_row(ticket.id, position, ticket) | {"imported_at": now}
        for position, ticket in enumerate(given)
    )
    return replace_rows(conn, tickets, rows)


def every(conn: Connection) -> list[Ticket]:
    """All tickets, in the order of their source."""
    return every_record(conn, tickets, Ticket)


def of_customer(conn: Connection, customer_id: str) -> list[Ticket]:
    """The customer's tickets, in the order of their source."""
    named = tickets.c.record.contains(customer_id, autoescape=True)
    wanted = select(tickets.c.record).where(named).order_by(tickets.c.position, tickets.c.id)
    found = [decode(Ticket, text) for (text,) in conn.execute(wanted)]
    return [ticket for ticket in found if ticket.customer_id == customer_id]
