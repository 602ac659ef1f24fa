"""Conversations: their turns, who speaks for the shop, and the replies on their way.

Texts hold pseudonyms only. Whoever decides by what is stored takes the row of the conversation
with `lock`, so that two who act at once do so one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from zhanggui.records import Message, Reply
from zhanggui.store.changes import add_missing, upsert
from zhanggui.store.codec import decode, encode
from zhanggui.store.schema import conversations, outbox, turns

TurnState = Literal["waiting", "answered", "handed_over", "left", "repeated", "said"]
OutboxState = Literal["ready", "delivered", "discarded", "failed"]
BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One customer's talk with the shop."""

    id: str
    customer_id: str | None = None
    product_id: str | None = None
    person: str | None = None
    """The pseudonym of who took it over; None while the bot has it."""
    wants_person: bool = False
    """The customer asked for a person, or needs one: the bot keeps quiet."""
    introduced: bool = False
    """The customer was told how to reach a person."""
    version: int = 0
    last_at: datetime

    @property
    def silent(self) -> bool:
        """Whether the bot may not speak."""
        return self.person is not None or self.wants_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    number: int
    message: Message
    at: datetime
    state: TurnState
    """Of a customer's: `waiting` for a reply, `answered`, `handed_over` by a reply, `left` to a
    person without one, or `repeated`; of the shop's: `said`."""
    author: str = ""
    """`bot`, or the pseudonym of the person who wrote it; empty for the customer."""
    message_id: str | None = None
    """The platform's; of the bot's, the id of the reply."""


def lock(conn: Connection, fresh: Conversation) -> Conversation:
    """The stored conversation, kept from others until the transaction ends; `fresh` if new."""
    add_missing(conn, conversations, asdict(fresh))
    wanted = select(conversations).where(conversations.c.id == fresh.id).with_for_update()
    return Conversation(**conn.execute(wanted).mappings().one())


def lock_known(conn: Connection, conversation_id: str) -> Conversation | None:
    """The stored conversation, kept from others until the transaction ends; None if it is gone."""
    wanted = select(conversations).where(conversations.c.id == conversation_id).with_for_update()
    row = conn.execute(wanted).mappings().one_or_none()
    return None if row is None else Conversation(**row)


def get(conn: Connection, conversation_id: str) -> Conversation | None:
    """The conversation, if there is one."""
    wanted = select(conversations).where(conversations.c.id == conversation_id)
    row = conn.execute(wanted).mappings().one_or_none()
    return None if row is None else Conversation(**row)


def change(conn: Connection, conversation: Conversation, **values: object) -> None:
    """Sets columns, and counts that something happened."""
    chosen = update(conversations).where(conversations.c.id == conversation.id)
    conn.execute(chosen.values(version=conversations.c.version + 1, **values))


def add_turn(
    conn: Connection,
    conversation_id: str,
    message: Message,
    *,
    at: datetime,
    state: TurnState,
    author: str = "",
    message_id: str | None = None,
) -> None:
    """Adds a message behind the last one."""
    last = select(func.max(turns.c.number)).where(turns.c.conversation_id == conversation_id)
    row = {
        "conversation_id": conversation_id,
        "number": (conn.scalar(last) or 0) + 1,
        "message_id": message_id,
        "author": author,
        "state": state,
        "at": at,
        "record": encode(message),
    }
    conn.execute(insert(turns).values(row))


def turns_of(conn: Connection, conversation_id: str) -> list[Turn]:
    """All turns, in order."""
    wanted = select(turns).where(turns.c.conversation_id == conversation_id)
    rows = conn.execute(wanted.order_by(turns.c.number)).mappings()
    return [
        Turn(
            number=row["number"],
            message=decode(Message, row["record"]),
            at=row["at"],
            state=row["state"],
            author=row["author"],
            message_id=row["message_id"],
        )
        for row in rows
    ]


def settle(
    conn: Connection, conversation_id: str, state: TurnState, numbers: Sequence[int] | None = None
) -> None:
    """Moves waiting turns (None: all of them) into `state`."""
    chosen = update(turns).where(
        turns.c.conversation_id == conversation_id, turns.c.state == "waiting"
    )
    if numbers is not None:
        chosen = chosen.where(turns.c.number.in_(list(numbers)))
    conn.execute(chosen.values(state=state))


def unsay(conn: Connection, conversation_id: str, reply_id: str, questions: Sequence[int]) -> None:
    """Takes the bot's turn of a reply that did not go out away; what it answered is left."""
    here = turns.c.conversation_id == conversation_id
    said = (turns.c.message_id == reply_id) & (turns.c.author == BOT)
    conn.execute(delete(turns).where(here & said))
    told = turns.c.number.in_(list(questions)) & turns.c.state.in_(("answered", "handed_over"))
    conn.execute(update(turns).where(here & told).values(state="left"))


def waiting_since(conn: Connection, before: datetime) -> list[str]:
    """The conversations with waiting turns whose last one came not after `before`, oldest first."""
    last = func.max(turns.c.at)
    wanted = (
        select(turns.c.conversation_id)
        .where(turns.c.state == "waiting")
        .group_by(turns.c.conversation_id)
        .having(last <= before)
        .order_by(last, turns.c.conversation_id)
    )
    return list(conn.scalars(wanted))


def of_customer(conn: Connection, customer_id: str) -> list[Conversation]:
    """The customer's conversations, oldest first."""
    wanted = select(conversations).where(conversations.c.customer_id == customer_id)
    ordered = wanted.order_by(conversations.c.last_at, conversations.c.id)
    return [Conversation(**row) for row in conn.execute(ordered).mappings()]


def put_reply(
    conn: Connection, conversation_id: str, reply: Reply, state: OutboxState, at: datetime
) -> None:
    """Puts a decided reply into the outbox."""
    row = {
        "id": reply.id,
        "conversation_id": conversation_id,
        "state": state,
        "at": at,
        "record": encode(reply),
    }
    upsert(conn, outbox, row)


def ready(conn: Connection, reply_id: str | None = None) -> list[tuple[str, Reply]]:
    """The replies that are not delivered yet (or this one, if so), with their conversations."""
    wanted = select(outbox.c.conversation_id, outbox.c.record).where(outbox.c.state == "ready")
    if reply_id is not None:
        wanted = wanted.where(outbox.c.id == reply_id)
    rows = conn.execute(wanted.order_by(outbox.c.at, outbox.c.id))
    return [(key, decode(Reply, text)) for key, text in rows]


def in_outbox(conn: Connection, conversation_id: str, *states: OutboxState) -> list[Reply]:
    """The conversation's replies in one of these states, in order."""
    mine = (outbox.c.conversation_id == conversation_id) & outbox.c.state.in_(states)
    ordered = select(outbox.c.record).where(mine).order_by(outbox.c.at, outbox.c.id)
    return [decode(Reply, text) for text in conn.scalars(ordered)]


def mark(conn: Connection, reply_id: str, state: OutboxState) -> bool:
    """Notes what became of a reply; False if it was not `ready` any more."""
    chosen = update(outbox).where(outbox.c.id == reply_id, outbox.c.state == "ready")
    return conn.execute(chosen.values(state=state)).rowcount > 0


def introduce(conn: Connection, conversation_id: str, introduced: bool) -> None:
    """Notes whether the customer was told how to reach a person; nothing happened by that."""
    chosen = update(conversations).where(conversations.c.id == conversation_id)
    conn.execute(chosen.values(introduced=introduced))
