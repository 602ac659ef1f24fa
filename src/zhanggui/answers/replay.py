"""Past tickets through the pipeline: what would have been said, beside what the staff said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from zhanggui.answers.agreement import Agreement, agreement
from zhanggui.answers.calibration import Calibration, question_key
from zhanggui.answers.conversation import joined
from zhanggui.answers.kept import asked_question, kept_question, kept_reply
from zhanggui.answers.lexicon import words
from zhanggui.answers.pipeline import Answerer
from zhanggui.answers.screening import screen
from zhanggui.answers.staff_words import is_yes_no
from zhanggui.answers.subject import subject_of
from zhanggui.answers.understanding import Understanding, understand
from zhanggui.knowledge.embedder import Embedder
from zhanggui.llm.engine import Engine
from zhanggui.llm.waiting_line import InTurn, WaitingLine
from zhanggui.pii.vault import Vault
from zhanggui.records import Judged, Judgement, Message, Product, Question, Reply, Ticket
from zhanggui.store import erased, judgements, tickets
from zhanggui.store.database import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """What a customer said before the staff spoke, and what the staff said."""

    question: Question
    staff: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """One turn with the reply that it would have got; all texts hold pseudonyms only."""

    turn: Turn
    reply: Reply
    agreement: Agreement
    matter: str
    shop_matter: bool
    """What is asked is the same for all products."""
    answerable: bool
    """A question about the shop or a product, so that knowledge could answer it."""

    def row(self) -> dict[str, Any]:
        """The row of `zhanggui replay`."""
        return {
            "id": self.turn.question.id,
            "product_id": self.turn.question.product_id,
            "question": self.turn.question.question,
            "decision": self.reply.decision,
            "text": "" if self.reply.decision == "hand_over" else self.reply.text,
            "tier": self.reply.tier,
            "confidence": round(self.reply.confidence, 4),
            "staff": self.turn.staff,
            "agreement": self.agreement.verdict,
            "why": self.agreement.why,
            "reason": self.reply.reason,
            "citations": [
                {"source": one.source, "quote": one.quote} for one in self.reply.citations
            ],
        }


def turns(ticket: Ticket) -> Iterator[Turn]:
    """The customer's turns that a staff turn follows; messages sent one after the other are one."""
    runs = [(role, list(group)) for role, group in groupby(ticket.messages, lambda m: m.role)]
    said: list[Message] = []
    for number, (role, group) in enumerate(runs):
        if role == "customer" and number + 1 < len(runs):
            question = Question(
                id=f"{ticket.id}/{number // 2 + 1}",
                question=joined([message.text for message in group]),
                product_id=ticket.product_id,
                customer_id=ticket.customer_id,
                history=tuple(said),
            )
            staff = "\n".join(message.text for message in runs[number + 1][1])
            yield Turn(question, staff, ticket.created_at)
        said += group


class Replayer:
    """Replays the tickets of one shop. Nothing is sent."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        embedder: Embedder,
        engine: Engine | None,
        now: datetime,
        calibration: Calibration,
        line: WaitingLine,
    ) -> None:
        """`calibration` stays as it is throughout: a replay is not judged by itself. In `line`
        waiting customers go before it."""
        self._store = store
        self._vault = vault
        self._embedder = embedder
        self._engine = engine
        self._now = now
        self._calibration = calibration
        self._line = line

    def stored(self) -> list[Turn]:
        """The turns of the imported tickets."""
        with self._store.read() as conn:
            return [turn for ticket in tickets.every(conn) for turn in turns(ticket)]

    def given(self, found: Sequence[Ticket]) -> list[Turn]:
        """The turns of tickets from a file, personal data replaced as an import does; those of
        erased customers are left out."""
        hidden: list[Turn] = []
        with self._store.begin() as conn:
            gone = erased.every(conn)
            for ticket in found:
                person = ticket.customer_id and self._vault.lookup_key(ticket.customer_id)
                if person in gone:
                    continue
                for turn in turns(ticket):
                    staff = self._vault.redact(conn, turn.staff, person or None)
                    question = kept_question(conn, self._vault, turn.question)
                    hidden.append(replace(turn, question=question, staff=staff))
        return hidden

    def replay(self, turn: Turn) -> Replayed:
        """Answers a turn and compares; keeps what the comparison says of the reply."""
        reply, product = self.answer(turn.question, turn.at)
        with self._line.bulk(), self._line.join() as place:
            compared = agreement(
                turn.question.question,
                reply,
                turn.staff,
                product=product,
                embedder=self._embedder,
                engine=self._engine and InTurn(self._engine, place),
            )
        asked = understand(turn.question.question, turn.question.history, product)
        done = Replayed(
            turn=turn,
            reply=reply,
            agreement=compared,
            matter=asked.facets[0] if asked.facets else "",
            shop_matter=asked.shop_matter,
            answerable=_asks(turn.question.question, asked) and not asked.own_order,
        )
        self._keep(done)
        return done

    def answer(self, question: Question, at: date | None) -> tuple[Reply, Product | None]:
        """The reply to a stored question, as it would be stored, and the product it is about."""
        with self._store.read() as conn:
            asked = asked_question(conn, self._vault, question)
            product = subject_of(conn, asked)
        answerer = Answerer(
            self._store,
            self._vault,
            self._embedder,
            self._engine,
            at or self._now,
            self._line,
            lambda _: self._calibration,
        )
        with self._line.bulk():
            reply = answerer.answer(asked)
        with self._store.begin() as conn:
            return kept_reply(conn, self._vault, reply, question.customer_id), product

    def _keep(self, done: Replayed) -> None:
        verdict = _VERDICTS.get(done.agreement.verdict)
        question = done.turn.question
        if verdict is None or (done.reply.tier == "rule" and done.reply.decision != "hand_over"):
            return
        judgement = Judgement(
            id=question.id,
            question=question,
            reply=done.reply,
            verdict=verdict,
            source="replay",
            matter=done.matter,
            instead=done.turn.staff,
        )
        with self._store.begin() as conn:
            key = question_key(self._vault, question)
            judgements.put(conn, judgement, key, question.customer_id)


def _asks(text: str, asked: Understanding) -> bool:
    """Whether a turn asks something, rather than telling or thanking."""
    if asked.small_talk or screen(text) is not None:
        return False
    return bool(asked.facets) or is_yes_no(text) or bool(words().asking_pattern.search(asked.text))


_VERDICTS: dict[str, Judged] = {"agree": "right", "differ": "wrong"}
