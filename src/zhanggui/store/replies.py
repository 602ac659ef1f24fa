"""Replies that were given, by question. Their text holds pseudonyms only."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from zhanggui.records import Decision, Question, Reply
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import replies


def put(
    conn: Connection,
    reply: Reply,
    question_hash: str,
    customer_id: str | None = None,
    question: Question | None = None,
) -> None:
    """Stores the reply in place of an earlier one to the same question.

    Files number their questions anew, so the id alone does not name a question. `customer_id` is
    the lookup key of the customer who asked, if the channel verified one; `question` is kept to
    judge the reply by and holds pseudonyms only.
    """
    row = {
        "id": reply.id,
        "question_hash": question_hash,
        "decision": reply.decision,
        "tier": reply.tier,
        "written_at": utc_now(),
        "record": encode(reply),
        "customer_id": customer_id,
        "question": None if question is None else encode(question),
    }
    upsert(conn, replies, row)


def of_id(conn: Connection, reply_id: str) -> list[tuple[Reply, str | None]]:
    """The replies to questions with this id, and whose they are; files number theirs anew."""
    wanted = select(replies.c.record, replies.c.customer_id).where(replies.c.id == reply_id)
    return [(decode(Reply, text), person) for text, person in conn.execute(wanted)]


def asked(
    conn: Connection,
    *,
    ids: Collection[str] | None = None,
    decisions: Collection[Decision] | None = None,
) -> Iterator[tuple[Question, Reply, str | None]]:
    """The replies with what was asked and whose question it is, newest first; only those with
    these ids or decisions, if any are given."""
    columns = select(replies.c.question, replies.c.record, replies.c.customer_id)
    wanted = columns.where(replies.c.question.is_not(None))
    if ids is not None:
        wanted = wanted.where(replies.c.id.in_(ids))
    if decisions is not None:
        wanted = wanted.where(replies.c.decision.in_(decisions))
    ordered = wanted.order_by(replies.c.written_at.desc(), replies.c.id)
    for question, record, person in conn.execute(ordered):
        yield decode(Question, question), decode(Reply, record), person


def every(conn: Connection) -> list[Reply]:
    """All replies, oldest first."""
    wanted = select(replies.c.record).order_by(replies.c.written_at, replies.c.id)
    return [decode(Reply, text) for (text,) in conn.execute(wanted)]


def of_customer(conn: Connection, customer_id: str) -> list[Reply]:
    """The replies to the customer's questions, oldest first."""
    wanted = select(replies.c.record).where(replies.c.customer_id == customer_id)
    ordered = wanted.order_by(replies.c.written_at, replies.c.id)
    return [decode(Reply, text) for (text,) in conn.execute(ordered)]
