"""Staff answers that were accepted for everybody, and those that no longer hold."""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import Connection, select, update

from zhanggui.records import ApprovedAnswer
from zhanggui.store.changes import upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import approved_answers

State = Literal["active", "stale", "rejected"]
STATES: tuple[State, ...] = get_args(State)


def put(conn: Connection, answer: ApprovedAnswer) -> None:
    """Stores an answer that holds from now on, in place of one with the same id."""
    row = {"id": answer.id, "state": "active", "at": utc_now(), "record": encode(answer)}
    upsert(conn, approved_answers, row)


def move(conn: Connection, answer_id: str, state: State) -> None:
    """Puts an answer into a state."""
    chosen = update(approved_answers).where(approved_answers.c.id == answer_id)
    conn.execute(chosen.values(state=state, at=utc_now()))


def in_state(conn: Connection, state: State) -> list[ApprovedAnswer]:
    """The answers in a state, oldest first."""
    wanted = select(approved_answers.c.record).where(approved_answers.c.state == state)
    ordered = wanted.order_by(approved_answers.c.at, approved_answers.c.id)
    return [decode(ApprovedAnswer, text) for (text,) in conn.execute(ordered)]
