"""Replies that were given, by question. Their text holds pseudonyms only."""

from __future__ import annotations

from sqlalchemy import Connection, select

from zhanggui.records import Reply
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import replies


def put(conn: Connection, reply: Reply, question_hash: str) -> None:
    """Stores the reply in place of an earlier one to the same question.

    Files number their questions anew, so the id alone does not name a question.
    """
    row = {
        "id": reply.id,
        "question_hash": question_hash,
        "decision": reply.decision,
        "tier": reply.tier,
        "written_at": utc_now(),
        "record": encode(reply),
    }
    upsert(conn, replies, row)


def of_id(conn: Connection, reply_id: str) -> list[Reply]:
    """The replies to questions with this id; files number theirs anew."""
    wanted = select(replies.c.record).where(replies.c.id == reply_id)
    return [decode(Reply, text) for (text,) in conn.execute(wanted)]


def every(conn: Connection) -> list[Reply]:
    """All replies, oldest first."""
    wanted = select(replies.c.record).order_by(replies.c.written_at, replies.c.id)
    return [decode(Reply, text) for (text,) in conn.execute(wanted)]
