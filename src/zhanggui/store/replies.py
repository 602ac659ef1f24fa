"""Replies that were given, by question, and the passages that they stand on. Their text holds
pseudonyms only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, and_, delete, insert, select, tuple_, update

from zhanggui.records import Decision, Question, Reply
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import replies, reply_passages

_CHUNK = 500


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
        "stale_since": None,
        "question": None if question is None else encode(question),
    }
    upsert(conn, replies, row)
    key = {"reply_id": reply.id, "question_hash": question_hash}
    conn.execute(
        delete(reply_passages).where(
            and_(*(reply_passages.c[name] == value for name, value in key.items()))
        )
    )
    named = [{**key, "passage_id": one} for one in dict.fromkeys(reply.passages)]
    if named:
        conn.execute(insert(reply_passages), named)


def mark_stale(conn: Connection, passage_ids: Sequence[str]) -> None:
    """Marks the replies that stand on one of these passages and are not marked yet."""
    for start in range(0, len(passage_ids), _CHUNK):
        named = select(reply_passages.c.reply_id, reply_passages.c.question_hash).where(
            reply_passages.c.passage_id.in_(passage_ids[start : start + _CHUNK])
        )
        standing = and_(
            tuple_(replies.c.id, replies.c.question_hash).in_(named),
            replies.c.stale_since.is_(None),
        )
        conn.execute(update(replies).where(standing).values(stale_since=utc_now()))


def stale(conn: Connection) -> list[Reply]:
    """The replies that stand on a passage which has changed or gone since, newest change first."""
    wanted = select(replies.c.record).where(replies.c.stale_since.is_not(None))
    ordered = wanted.order_by(replies.c.stale_since.desc(), replies.c.id)
    return [decode(Reply, text) for (text,) in conn.execute(ordered)]


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
