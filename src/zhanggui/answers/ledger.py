"""The ledger of promises: what went out to customers and has to be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from zhanggui.answers.promises import Commitment, commitments, licensing, refunded, topics
from zhanggui.answers.subject import SHOP_WIDE
from zhanggui.errors import InputError
from zhanggui.pii.vault import Vault
from zhanggui.records import Passage, Reply
from zhanggui.store import orders, passages, promises
from zhanggui.store import vault as vault_rows
from zhanggui.store.conversations import BOT, Conversation
from zhanggui.store.database import Store
from zhanggui.store.promises import Noted, Promise, PromiseState
from zhanggui.text.segment import query_tokens

HAND_OVER = "hand_over"
"""The source of a follow-up that a handover promises."""
STAFF = "staff"
"""The source of a follow-up that a person promises for herself."""

_RULES = 40
_ID_SIZE = 8
_END = time(23, 59, 59)
_WARNING = "店铺规则和订单里没有这项承诺，请核实 / no rule and no order of the shop says so"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The promises of one shop."""

    store: Store
    vault: Vault

    def of_bot(self, conn: Connection, talk: Conversation, reply: Reply, at: datetime) -> None:
        """Notes what a reply promises; `reply` holds pseudonyms. What is only suggested to the
        staff did not go out, and what is quoted is a rule, not a promise to one customer."""
        if reply.decision == "suggest":
            return
        quotes = [(citation.source, citation.quote) for citation in reply.citations]
        first = quotes[0][0] if quotes else HAND_OVER
        found = [
            _promise(talk, reply.id, one, at, BOT, licensing(one, quotes, at) or first)
            for one in commitments(reply.text, at)
        ]
        promises.put(conn, found, "rule" if reply.decision == "send" else "open")

    def of_person(
        self,
        conn: Connection,
        talk: Conversation,
        said: tuple[str, str],
        at: datetime,
        author: str,
    ) -> list[Promise]:
        """Notes what a person's message promises; one without a source wants a warning.

        `said` is the message's id and its text with pseudonyms. What the bot handed over in
        this conversation is answered by it.
        """
        for noted in promises.find(conn, states=("open",), conversation_id=talk.id):
            # What a person promised for herself, a call on Friday, is not done by writing today.
            if noted.promise.kind == "follow_up" and noted.promise.author == BOT:
                promises.keep(conn, noted.promise.id)
        name, text = said
        found = [
            _promise(talk, name, one, at, author, self._source(conn, talk, one, at))
            for one in commitments(text, at)
        ]
        promises.put(conn, found, "open")
        return found

    def listing(
        self, *, due_before: datetime | None = None, states: Sequence[PromiseState] = ("open",)
    ) -> list[dict[str, Any]]:
        """A row a promise, the soonest due first: what to do, for whom, until when, and whether
        the shop's own words allow it."""
        with self.store.read() as conn:
            noted = promises.find(conn, states=states, due_before=due_before)
            return [self._row(conn, one) for one in noted]

    def keep(self, promise_id: str) -> None:
        """Marks a promise kept; raises InputError where no open one has this id."""
        with self.store.begin() as conn:
            if not promises.keep(conn, promise_id):
                raise InputError(
                    f"No open promise has the id {promise_id!r}: `zhanggui promises` lists them."
                )

    def _row(self, conn: Connection, noted: Noted) -> dict[str, Any]:
        one = noted.promise
        return {
            "id": one.id,
            "kind": one.kind,
            "text": one.text,
            "due": None if one.due is None else one.due.astimezone().isoformat(timespec="minutes"),
            "amount": None if one.amount is None else str(one.amount),
            "by": self._name(conn, one.author),
            "state": noted.state,
            "licensed": one.licensed,
            "source": one.source,
            "warning": "" if one.licensed else _WARNING,
            "conversation_id": self._name(conn, one.conversation_id),
            "made_at": one.made_at.astimezone().isoformat(timespec="minutes"),
        }

    def _name(self, conn: Connection, stored: str) -> str:
        known = vault_rows.value_of(conn, stored)
        return stored if known is None else self.vault.restore(conn, stored, known.person_id)

    def _source(self, conn: Connection, talk: Conversation, one: Commitment, at: datetime) -> str:
        if one.kind == "follow_up":
            return STAFF
        lines = _rules(conn, talk, one, at)
        rules = ((rule.source, f"{rule.heading}\n{rule.text}") for rule in lines)
        return licensing(one, rules, at) or self._order_says(conn, talk, one)

    def _order_says(self, conn: Connection, talk: Conversation, one: Commitment) -> str:
        """An order that is being refunded with just this sum."""
        if one.kind != "refund" or one.amount is None or talk.customer_id is None:
            return ""
        mine = orders.of_customer(conn, talk.customer_id)
        alike = any(order.paid == one.amount and refunded(order.status) for order in mine)
        return "orders.csv" if alike else ""


def _rules(
    conn: Connection, talk: Conversation, one: Commitment, at: datetime
) -> Iterator[Passage]:
    """The lines of the shop's rules and FAQ that are near to a commitment made at `at`, and hold
    on the day that it is due; without one, on the day that it is made."""
    wanted = [token for word in topics(one.kind) for token in query_tokens(word)]
    wanted += query_tokens(one.text)
    scope = talk.product_id or SHOP_WIDE
    hits = passages.search_text(conn, list(dict.fromkeys(wanted)), product_id=scope, limit=_RULES)
    day = (one.due or at).date()
    for rule in passages.get(conn, [key for key, _ in hits]):
        over = rule.valid_to is not None and rule.valid_to < day
        ahead = rule.valid_from is not None and day < rule.valid_from
        if rule.kind != "attribute" and not over and not ahead:
            yield rule


def _promise(
    talk: Conversation, said: str, one: Commitment, at: datetime, author: str, source: str
) -> Promise:
    due = one.due
    if due is None and one.length is None and one.kind == "follow_up":
        # "We come back to you" without a time is meant for the same day.
        due = datetime.combine(at.date(), _END, at.tzinfo)
    # Known by what it is, so that the same message noted twice is one promise.
    place = f"{one.start}\0{one.end}\0{one.amount}"
    name = hashlib.sha256(f"{talk.id}\0{said}\0{one.kind}\0{place}".encode()).hexdigest()
    return Promise(
        id=name[:_ID_SIZE],
        conversation_id=talk.id,
        reply_id=said,
        kind=one.kind,
        text=one.text,
        start=one.start,
        end=one.end,
        due=due,
        amount=one.amount,
        author=author,
        source=source,
        made_at=at,
    )
