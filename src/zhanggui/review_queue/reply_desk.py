"""`ReplyDesk`: replies that were given, what the staff say of them, and what is learnt from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from zhanggui.answers.agreement import agreement
from zhanggui.answers.calibration import question_key
from zhanggui.answers.staff_words import answering, why_not_general
from zhanggui.answers.subject import subject_of
from zhanggui.answers.understanding import understand
from zhanggui.audit.trail import Trail
from zhanggui.errors import InputError
from zhanggui.knowledge import index
from zhanggui.knowledge.approved import SOURCE, passages_of_approved
from zhanggui.knowledge.embedder import Embedder
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import (
    ApprovedAnswer,
    Decision,
    Judged,
    Judgement,
    Passage,
    Product,
    Question,
    Reply,
)
from zhanggui.store import approved_answers, judgements, passages, products, replies
from zhanggui.store.changes import record_digest
from zhanggui.store.database import Store

Saying = Literal["right", "wrong", "edited"]


@dataclass(frozen=True, slots=True)
class Given:
    """A reply that was given, and what was said of it."""

    question: Question
    reply: Reply
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a judgement."""

    judgement: Judgement
    approved: ApprovedAnswer | None
    why_not: str
    """Why the words do not speak for the shop from now on; empty where they do, or need not."""


class ReplyDesk:
    """The replies of one shop."""

    def __init__(
        self, store: Store, vault: Vault, trail: Trail, embedder: Callable[[], Embedder]
    ) -> None:
        """`embedder` is called when one is needed: it takes a second to load."""
        self._store = store
        self._vault = vault
        self._trail = trail
        self._embedder = embedder

    def listing(
        self, *, decisions: Collection[Decision], judged: bool = False, limit: int | None = None
    ) -> list[Given]:
        """The newest replies with one of these decisions, newest first; of those that the staff
        judged only with `judged`."""
        with self._store.read() as conn:
            said = {(key, one.id): one for key, one in judgements.every(conn)}
            found: list[Given] = []
            for question, reply, _ in replies.asked(conn, decisions=decisions):
                one = said.get((question_key(self._vault, question), reply.id))
                by_staff = one is not None and one.source == "staff"
                if judged or not by_staff:
                    found.append(Given(question, reply, one))
                if limit is not None and len(found) == limit:
                    break
        return found

    def stale(self) -> list[ApprovedAnswer]:
        """Accepted answers that no longer speak, since what they lean on changed."""
        with self._store.read() as conn:
            return approved_answers.in_state(conn, "stale")

    def judge(self, reply_id: str, saying: Saying, by: str, text: str | None = None) -> Said:
        """Notes what the person `by` says of a reply, or of a replayed turn (`T007/2`).

        `edited` needs the `text` that should have been said. Words of an accepted suggestion, and
        edited ones, are said to everybody who asks the same from now on if they hold nothing of
        one person, order or day. What was called wrong, and what was edited, is not sent again.
        Raises InputError for an unknown id, or where `text` and `saying` do not fit together.
        """
        if (saying == "edited") != bool(text and text.strip()):
            raise InputError("An edited reply needs the text that should have been said.")
        embedder = self._embedder()
        with self._store.begin() as conn:
            question, reply, person = self._given(conn, reply_id)
            actor = self._actor(conn, by)
            kept = None if text is None else self._vault.redact(conn, text.strip(), SHOP)
            product = subject_of(conn, question)
            verdict = _verdict(question, reply, saying, kept, product, embedder)
            asked = understand(question.question, question.history, product)
            judgement = Judgement(
                id=reply.id,
                question=question,
                reply=reply,
                verdict=verdict,
                source="staff",
                matter=asked.facets[0] if asked.facets else "",
                instead=kept or "",
            )
            key = question_key(self._vault, question)
            judgements.put(conn, judgement, key, person)
            answer, why_not = None, ""
            if saying == "wrong":
                self._withdraw(conn, reply)
            elif saying == "edited" or reply.decision == "suggest":
                answer, why_not = self._approved(
                    conn, judgement, kept or reply.text, product, actor, key
                )
            self._refill(conn)
            self._trail.judged(conn, reply, saying, actor)
        index.update(self._store, embedder)
        return Said(judgement, answer, why_not)

    def recheck(self, conn: Connection) -> int:
        """Silences accepted answers whose product or passages changed; how many."""
        gone = 0
        for answer in approved_answers.in_state(conn, "active"):
            here = len(passages.get(conn, list(answer.leans_on)))
            if here == len(answer.leans_on) and answer.product == _digest(conn, answer.product_id):
                continue
            approved_answers.move(conn, answer.id, "stale")
            gone += 1
        if gone:
            self._refill(conn)
        return gone

    def _given(self, conn: Connection, reply_id: str) -> tuple[Question, Reply, str | None]:
        names = {reply_id.strip(), self._vault.lookup_key(reply_id)}
        found = list(replies.asked(conn, ids=names))
        if not found:
            replayed = [pair for name in names for pair in judgements.of_id(conn, name)]
            found = [(one.question, one.reply, person) for one, person in replayed]
        if not found:
            raise InputError(
                f"There is no reply {reply_id!r}: `zhanggui replies list` names those that are."
            )
        return found[0]

    def _approved(
        self,
        conn: Connection,
        judgement: Judgement,
        text: str,
        product: Product | None,
        actor: str,
        key: str,
    ) -> tuple[ApprovedAnswer | None, str]:
        """The answer as it speaks for the shop from now on, or why it does not."""
        question, reply = judgement.question, judgement.reply
        asked = understand(question.question, question.history, product)
        why_not = why_not_general(text) or why_not_general(asked.text)
        if not why_not and not answering(text):
            why_not = "it answers nothing"
        if not why_not and reply.tier == "rule" and reply.citations:
            why_not = "it is about one order"
        if not why_not and product is None and not asked.shop_matter:
            why_not = "the question names no product, and other products may differ"
        leaned = passages.get(conn, list(reply.passages))
        # An edit was written by somebody who knows what holds today; a suggestion was not.
        if not why_not and not judgement.instead and len(leaned) != len(reply.passages):
            why_not = "what it stands on has changed"
        if why_not:
            return None, why_not
        since, until = _validity(leaned)
        answer = ApprovedAnswer(
            id=hashlib.sha256(key.encode()).hexdigest()[:12],
            question=asked.text,
            answer=text,
            product_id=product.id if product else None,
            leans_on=tuple(one.id for one in leaned if one.kind != "approved"),
            product=_digest(conn, product.id if product else None),
            valid_from=since,
            valid_to=until,
            actor=actor,
        )
        approved_answers.put(conn, answer)
        return answer, ""

    def _withdraw(self, conn: Connection, reply: Reply) -> None:
        for citation in reply.citations:
            source, _, name = citation.source.partition(":")
            if source == SOURCE:
                approved_answers.move(conn, name, "rejected")

    def _refill(self, conn: Connection) -> None:
        active = approved_answers.in_state(conn, "active")
        passages.replace_source(conn, SOURCE, passages_of_approved(active))

    def _actor(self, conn: Connection, by: str) -> str:
        if not by.strip():
            raise InputError("Say who decides with --by: a decision needs a name.")
        return self._vault.conceal(conn, by.strip(), "NAME", by.strip())


def _verdict(
    question: Question,
    reply: Reply,
    saying: Saying,
    text: str | None,
    product: Product | None,
    embedder: Embedder,
) -> Judged:
    """An edit may say the same in other words; only what code can see counts as an error."""
    if saying != "edited" or text is None:
        return "wrong" if saying == "wrong" else "right"
    found = agreement(question.question, reply, text, product=product, embedder=embedder)
    known: dict[str, Judged] = {"agree": "right", "differ": "wrong"}
    return known.get(found.verdict, "unknown")


def _digest(conn: Connection, product_id: str | None) -> str:
    """Of what a product is like; price and stock are passages of their own."""
    product = None if product_id is None else products.get(conn, product_id)
    if product is None:
        return ""
    return record_digest(replace(product, price=None, stock=None, extra={}))


def _validity(leaned: Collection[Passage]) -> tuple[date | None, date | None]:
    since = [one.valid_from for one in leaned if one.valid_from]
    until = [one.valid_to for one in leaned if one.valid_to]
    return max(since, default=None), min(until, default=None)
