"""The ledger of promises. Texts hold pseudonyms only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, delete, select, update

from zhanggui.records import PromiseKind
from zhanggui.store.changes import add_missing
from zhanggui.store.codec import decode, encode
from zhanggui.store.schema import promises

PromiseState = Literal["open", "kept", "rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One commitment in a text that went out."""

    id: str
    conversation_id: str
    reply_id: str
    """Of the reply or the person's message."""
    kind: PromiseKind
    text: str
    start: int
    end: int
    """The span in the text that went out."""
    due: datetime | None = None
    """None where no time was said, or it counts from an event."""
    amount: Decimal | None = None
    """Yuan."""
    author: str = "bot"
    """`bot`, or the pseudonym of the person who said it."""
    source: str = ""
    """What allows it: a passage, an order's row, or `hand_over`. Empty: nothing does."""
    made_at: datetime

    @property
    def licensed(self) -> bool:
        """Whether something of the shop's allows it."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Noted:
    """A promise and what became of it."""

    promise: Promise
    state: PromiseState
    """`rule`: the shop's rule was quoted, there is nothing to do for this customer alone."""


def put(conn: Connection, given: Sequence[Promise], state: PromiseState) -> None:
    """Notes promises; one that is there already stays as it is."""
    for promise in given:
        row = {
            "id": promise.id,
            "conversation_id": promise.conversation_id,
            "state": state,
            "due": promise.due,
            "made_at": promise.made_at,
            "record": encode(promise),
        }
        add_missing(conn, promises, row)


def find(
    conn: Connection,
    *,
    states: Sequence[PromiseState],
    due_before: datetime | None = None,
    conversation_id: str | None = None,
) -> list[Noted]:
    """Promises, the soonest due first, those without a time last."""
    wanted = select(promises.c.record, promises.c.state).where(promises.c.state.in_(states))
    if due_before is not None:
        wanted = wanted.where(promises.c.due <= due_before)
    if conversation_id is not None:
        wanted = wanted.where(promises.c.conversation_id == conversation_id)
    ordered = wanted.order_by(
        promises.c.due.is_(None), promises.c.due, promises.c.made_at, promises.c.id
    )
    return [Noted(decode(Promise, text), state) for text, state in conn.execute(ordered)]


def withdraw(conn: Connection, conversation_id: str, reply_id: str) -> None:
    """Deletes what a reply promised that did not go out, but for what was kept."""
    noted = find(conn, states=("open", "rule"), conversation_id=conversation_id)
    for one in noted:
        if one.promise.reply_id == reply_id:
            conn.execute(delete(promises).where(promises.c.id == one.promise.id))


def keep(conn: Connection, promise_id: str) -> bool:
    """Marks an open promise kept; False if there is no open one with this id."""
    chosen = update(promises).where(promises.c.id == promise_id, promises.c.state == "open")
    return conn.execute(chosen.values(state="kept")).rowcount > 0
