"""Descriptions that were written, with their verdicts."""

from __future__ import annotations

from sqlalchemy import Connection, select

from zhanggui.records import Draft
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import drafts


def put(conn: Connection, draft: Draft) -> None:
    """Stores the draft in place of the one with its id."""
    row = {
        "id": draft.id,
        "product_id": draft.product_id,
        "channel": draft.channel,
        "state": draft.state,
        "written_at": utc_now(),
        "record": encode(draft),
    }
    upsert(conn, drafts, row)


def get(conn: Connection, draft_id: str) -> Draft | None:
    """The draft with this id."""
    text = conn.scalar(select(drafts.c.record).where(drafts.c.id == draft_id))
    return None if text is None else decode(Draft, text)


def every(conn: Connection, channel: str | None = None) -> list[Draft]:
    """All drafts (of one channel), oldest first."""
    wanted = select(drafts.c.record).order_by(drafts.c.written_at, drafts.c.id)
    if channel is not None:
        wanted = wanted.where(drafts.c.channel == channel)
    return [decode(Draft, text) for (text,) in conn.execute(wanted)]
