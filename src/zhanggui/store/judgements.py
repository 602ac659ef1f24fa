"""What was said of replies. Texts hold pseudonyms only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from zhanggui.records import Judgement
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import judgements

Rated = tuple[str, Judgement]
"""The key of a question, and what was said of a reply to it."""


def put(
    conn: Connection, judgement: Judgement, question_hash: str, customer_id: str | None = None
) -> bool:
    """Stores what was said in place of what was said before; a replay does not speak over a
    person. Says whether it was stored."""
    here = and_(
        judgements.c.id == judgement.id,
        judgements.c.question_hash == question_hash,
        judgements.c.source == "staff",
    )
    if judgement.source == "replay" and conn.scalar(select(judgements.c.id).where(here)):
        return False
    reply = judgement.reply
    raw = reply.confidence if reply.uncalibrated is None else reply.uncalibrated
    row = {
        "id": judgement.id,
        "question_hash": question_hash,
        "matter": judgement.matter,
        "tier": reply.tier,
        "confidence": raw,
        "passage": reply.passages[0] if reply.passages else "",
        "verdict": judgement.verdict,
        "source": judgement.source,
        "at": utc_now(),
        "record": encode(judgement),
        "customer_id": customer_id,
    }
    upsert(conn, judgements, row)
    return True


def every(conn: Connection) -> list[Rated]:
    """All that was said, oldest first."""
    wanted = select(judgements.c.question_hash, judgements.c.record)
    ordered = wanted.order_by(judgements.c.at, judgements.c.id)
    return [(key, decode(Judgement, text)) for key, text in conn.execute(ordered)]


def of_id(conn: Connection, reply_id: str) -> list[tuple[Judgement, str | None]]:
    """What was said of replies with this id, and whose questions they answer; newest first."""
    wanted = select(judgements.c.record, judgements.c.customer_id)
    chosen = wanted.where(judgements.c.id == reply_id).order_by(judgements.c.at.desc())
    return [(decode(Judgement, text), person) for text, person in conn.execute(chosen)]


def of_customer(conn: Connection, customer_id: str) -> list[Judgement]:
    """What was said of replies to the customer's questions, oldest first."""
    wanted = select(judgements.c.record).where(judgements.c.customer_id == customer_id)
    ordered = wanted.order_by(judgements.c.at, judgements.c.id)
    return [decode(Judgement, text) for (text,) in conn.execute(ordered)]


def version(conn: Connection) -> tuple[int, datetime | None]:
    """Changes whenever something is said or deleted."""
    counted = select(func.count(), func.max(judgements.c.at)).select_from(judgements)
    count, newest = conn.execute(counted).one()
    return count, newest
