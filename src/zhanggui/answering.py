"""The answering of one shop: questions in, replies out and written down, past ones given again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from zhanggui.answers.calibration import Judged
from zhanggui.answers.channel import Channel
from zhanggui.answers.conversation import Conversations
from zhanggui.answers.kept import kept_question, kept_reply
from zhanggui.answers.pipeline import Answerer
from zhanggui.answers.regression import Tried
from zhanggui.answers.rows import reply_row
from zhanggui.audit.trail import Trail
from zhanggui.batch.pace import OnProgress
from zhanggui.batch.replay import OnTurn, ReplayBench, ReplayReport, replay_tickets, retry_judged
from zhanggui.batch.results import AnswerResult
from zhanggui.batch.run import Outcome, digest_of, run_items
from zhanggui.ingest.readers import read
from zhanggui.ingest.writers import Mode, refuse_input
from zhanggui.knowledge.embedder import Embedder
from zhanggui.llm.engine import Engine
from zhanggui.llm.receipts import Receipts
from zhanggui.llm.waiting_line import Waiting, WaitingLine
from zhanggui.pii.vault import Vault
from zhanggui.records import Question, Receipt, Reply, RowFault, Sentence
from zhanggui.settings import Settings
from zhanggui.store import receipts, replies
from zhanggui.store.database import Store

_REMOTE_WIDTH = 8


class Answering:
    """Answers for one shop. Safe to share between threads, which wait in one line."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        trail: Trail,
        settings: Settings,
        embedder: Embedder,
        engine: Engine,
        spent: Receipts,
        clock: Callable[[], datetime],
    ) -> None:
        """`spent` gets what the engine's calls cost; `clock` is the shop's."""
        self._store = store
        self._vault = vault
        self._trail = trail
        self._settings = settings
        self._embedder = embedder
        self._engine = engine
        self._spent = spent
        self._clock = clock
        self._judged = Judged(settings.answers)
        # A remote server batches; the local model takes one question at a time.
        self._line = WaitingLine(_REMOTE_WIDTH if settings.endpoint else 1)

    def answer(self, question: Question) -> Reply:
        """See `Shop.answer`."""
        return self._answerer(self._clock()).answer(question)

    def stream(self, question: Question) -> Iterator[Waiting | Sentence | Reply]:
        """See `Shop.answer_stream`."""
        return self._answerer(self._clock()).stream(question)

    def conversations(self, channel: Channel | None, quiet: timedelta) -> Conversations:
        """See `Shop.conversations`."""

        def keep(conn: Connection, question: Question, reply: Reply) -> None:
            spent = [reply.cost] if reply.cost else []
            receipts.put(conn, spent)
            self._keep(conn, question, reply, spent)

        return Conversations(self._store, self._vault, self._answerer, keep, channel, quiet=quiet)

    def answer_file(
        self, out: Path, questions: Path, *, limit: int | None, mode: Mode, on_progress: OnProgress
    ) -> AnswerResult:
        """See `Shop.answer_to`."""
        refuse_input(out, questions)
        result = AnswerResult()
        asked: list[Question] = []
        for row in read(Question, questions):
            if isinstance(row, RowFault):
                result.faults.append(row)
            else:
                asked.append(row)

        def work(question: Question) -> Outcome:
            with self._spent.collecting() as spent, self._line.bulk():
                reply = self.answer(question)
            result.replies.append((question, reply))
            return Outcome(
                rows=[reply_row(reply) | self._trail.reply_columns(reply)],
                commit=lambda conn: self._keep(conn, question, reply, spent),
                receipts=spent,
                customer_id=self._person(question),
            )

        summary = run_items(
            self._store,
            kind="answer",
            out=out,
            items=[(question.id, question) for question in asked[:limit]],
            work=work,
            mode=mode,
            inputs=digest_of(*map(repr, asked[:limit])),
            stored_key=lambda key, question: self._vault.stored_id(key, question.customer_id),
            on_progress=on_progress,
        )
        result.take(summary)
        return result

    def replay(
        self, tickets: Path | None, out: Path | None, *, mode: Mode, on_turn: OnTurn
    ) -> ReplayReport:
        """See `Shop.replay`."""
        return replay_tickets(self._bench(), tickets, out, mode=mode, on_turn=on_turn)

    def regression(self, out: Path | None, *, mode: Mode, on_turn: OnTurn) -> list[Tried]:
        """See `Shop.regression`."""
        return retry_judged(self._bench(), out, mode=mode, on_turn=on_turn)

    def _answerer(self, now: datetime) -> Answerer:
        return Answerer(
            self._store,
            self._vault,
            self._embedder,
            self._engine,
            now,
            self._line,
            self._judged,
        )

    def _bench(self) -> ReplayBench:
        return ReplayBench(
            self._store,
            self._vault,
            self._embedder,
            self._engine,
            self._clock(),
            self._settings.answers,
            self._line,
        )

    def _keep(
        self, conn: Connection, question: Question, reply: Reply, spent: Sequence[Receipt]
    ) -> None:
        """Stores a reply without the values that it was given for the customer."""
        person = self._person(question)
        kept = kept_reply(conn, self._vault, reply, question.customer_id)
        if person is not None and kept.id != reply.id:
            self._vault.conceal_key(conn, reply.id, "WANGWANG", person)
        asked = kept_question(conn, self._vault, question)
        key = self._vault.lookup_key(f"{question.product_id}|{question.question}")
        replies.put(conn, kept, key, person, question=asked)
        self._trail.answer(conn, question, reply, spent)

    def _person(self, question: Question) -> str | None:
        customer = question.customer_id
        return None if customer is None else self._vault.lookup_key(customer)
