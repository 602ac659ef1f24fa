"""Rows that are older than the shop wants to keep them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

from zhanggui.records import Order
from zhanggui.store.audit import DECISIONS
from zhanggui.store.changes import delete_ids
from zhanggui.store.codec import decode
from zhanggui.store.runs import Run
from zhanggui.store.schema import (
    approved_answers,
    audit,
    conversations,
    draft_steps,
    draft_versions,
    judgements,
    model_cache,
    orders,
    outbox,
    passages,
    promises,
    receipts,
    replies,
    reviews,
    runs,
    tickets,
    turns,
)

_OF_CUSTOMERS = (orders, tickets, reviews, replies, judgements, turns, outbox, promises)


def delete_orders(conn: Connection, before: datetime) -> int:
    """Deletes orders that were placed before; those without a date count from their import."""
    rows = conn.execute(select(orders.c.id, orders.c.record, orders.c.imported_at))
    old = [key for key, text, taken in rows if _is_before(_placed(text) or taken, before)]
    delete_ids(conn, orders, old)
    return len(old)


def delete_tickets(conn: Connection, before: datetime) -> int:
    """Deletes tickets that came in, or last changed, before."""
    return conn.execute(delete(tickets).where(tickets.c.imported_at < before)).rowcount


def delete_conversations(conn: Connection, before: datetime) -> int:
    """Deletes conversations in which nothing was said since, with their promises."""
    return conn.execute(delete(conversations).where(conversations.c.last_at < before)).rowcount


def delete_replies(conn: Connection, before: datetime) -> int:
    """Deletes replies given before, and what was said of replies before; the number of replies."""
    conn.execute(delete(judgements).where(judgements.c.at < before))
    return conn.execute(delete(replies).where(replies.c.written_at < before)).rowcount


def delete_answers(conn: Connection, before: datetime) -> int:
    """Deletes kept answers of the model from before."""
    return conn.execute(delete(model_cache).where(model_cache.c.written_at < before)).rowcount


def old_runs(conn: Connection, before: datetime) -> list[Run]:
    """The runs that ended before, or stopped without an end."""
    rows = conn.execute(select(runs).where(runs.c.heartbeat < before)).mappings()
    return [Run(**row) for row in rows]


def delete_run(conn: Connection, run_id: str) -> None:
    """Deletes a run with its items and what they cost."""
    conn.execute(delete(receipts).where(receipts.c.run_id == run_id))
    conn.execute(delete(runs).where(runs.c.id == run_id))


def texts(conn: Connection) -> Iterator[str]:
    """Every record that may hold a pseudonym, and whom or what rows name by one: who decided on
    drafts and spoke for the shop, conversations and their messages."""
    for table in (*_OF_CUSTOMERS, approved_answers, passages, draft_versions, draft_steps):
        yield from conn.scalars(select(table.c.record))
    named = (
        replies.c.question,
        conversations.c.id,
        conversations.c.person,
        turns.c.message_id,
        turns.c.author,
    )
    for column in named:
        yield from conn.scalars(select(column).where(column.is_not(None)).distinct())
    yield from conn.scalars(select(draft_versions.c.author).distinct())
    yield from conn.scalars(select(draft_steps.c.actor).distinct())
    decisions = select(audit.c.record).where(audit.c.kind.in_((*DECISIONS, "judge")))
    for record in conn.scalars(decisions):
        # The audit's records are ASCII, the pseudonyms in them escaped.
        yield str(json.loads(record)["entry"]["actor"])


def _placed(record: str) -> datetime | None:
    return decode(Order, record).placed_at


def _is_before(moment: datetime | None, limit: datetime) -> bool:
    if moment is None:
        return False
    # Exports name no zone; a day more or less does not matter for a period of retention.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < limit
