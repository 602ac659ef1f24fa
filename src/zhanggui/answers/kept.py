"""Questions and replies as they are stored: without the values of the customer or the shop."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from zhanggui.pii.vault import Vault
from zhanggui.records import Citation, Message, Question, Reply


def kept_question(conn: Connection, vault: Vault, question: Question) -> Question:
    """A question with the pseudonyms of its customer; the customer's id becomes its key."""
    person = None if question.customer_id is None else vault.lookup_key(question.customer_id)

    def hidden(text: str) -> str:
        return vault.redact(conn, text, person)

    return replace(
        question,
        id=vault.stored_id(question.id, question.customer_id),
        question=hidden(question.question),
        customer_id=person,
        history=tuple(Message(turn.role, hidden(turn.text)) for turn in question.history),
    )


def asked_question(conn: Connection, vault: Vault, question: Question) -> Question:
    """A stored question as its customer asked it."""

    def told(text: str) -> str:
        return vault.restore(conn, text, question.customer_id)

    return replace(
        question,
        question=told(question.question),
        history=tuple(Message(turn.role, told(turn.text)) for turn in question.history),
    )


def kept_reply(conn: Connection, vault: Vault, reply: Reply, customer_id: str | None) -> Reply:
    """A reply without the values that it was given for the customer."""
    person = None if customer_id is None else vault.lookup_key(customer_id)

    def hidden(text: str) -> str:
        return vault.hide(conn, text, person)

    return replace(
        reply,
        id=vault.stored_id(reply.id, customer_id),
        text=hidden(reply.text),
        reason=hidden(reply.reason),
        citations=tuple(Citation(one.source, hidden(one.quote)) for one in reply.citations),
    )
