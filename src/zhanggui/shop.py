"""`Shop`: the library's one front door.

>>> with Shop.open(load_settings(Path("my-shop"))) as shop:
...     shop.import_folder(Path("exports"))
...     reply = shop.answer(Question(id="1", question="这个杯子能装多少水？", product_id="P001"))
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from sqlalchemy import Connection

from zhanggui.answers.calibration import Judged as JudgedReplies
from zhanggui.answers.kept import kept_question, kept_reply
from zhanggui.answers.pipeline import Answerer
from zhanggui.answers.regression import Tried
from zhanggui.answers.rows import reply_row
from zhanggui.audit.head import note_head
from zhanggui.audit.story import ChainState, Chapter, check, tell
from zhanggui.audit.trail import Trail
from zhanggui.batch.pace import Progress
from zhanggui.batch.replay import OnTurn, ReplayBench, ReplayReport, replay_tickets, retry_judged
from zhanggui.batch.results import AnswerResult, DescribeResult
from zhanggui.batch.run import Outcome, run_items
from zhanggui.claims.judge import ModelJudge
from zhanggui.descriptions.channel import Channel, load_channel
from zhanggui.descriptions.describe import describe, draft_id
from zhanggui.descriptions.estimate import Estimate, estimate
from zhanggui.descriptions.rows import draft_row
from zhanggui.errors import InputError, InputNotFound
from zhanggui.export.catalogue import ExportChoices, ExportSummary, export_shop
from zhanggui.guard.products import trusted
from zhanggui.ingest.platforms import Format
from zhanggui.ingest.readers import read
from zhanggui.ingest.report import Content, ImportReport
from zhanggui.ingest.shop_folder import import_folder
from zhanggui.ingest.writers import Mode, open_rows, refuse_input
from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import Embedder, UniversalSentenceEncoder
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.index import update
from zhanggui.knowledge.markdown import passages_of_markdown
from zhanggui.llm.engine import Engine
from zhanggui.llm.open_engine import open_engine
from zhanggui.llm.weight_sources import Progress as WeightsProgress
from zhanggui.pii.keys import KEY_FILE
from zhanggui.pii.permission import NONE, Permission
from zhanggui.pii.vault import Vault
from zhanggui.records import (
    Draft,
    Passage,
    Product,
    Question,
    Receipt,
    Reply,
    Review,
    RowFault,
)
from zhanggui.review_queue.queue import Looked, ReviewQueue, looked_row
from zhanggui.review_queue.reply_desk import ReplyDesk, Said, Saying
from zhanggui.rights.erase import Eraser, Erasure
from zhanggui.rights.export import PersonalData, personal_data
from zhanggui.rights.retention import RetentionReport, apply_retention
from zhanggui.settings import Settings
from zhanggui.store import audit, passages, products, replies, reviews
from zhanggui.store.database import Store
from zhanggui.store.model_cache import StoreCache

OnProgress = Callable[[Progress], None]


class Shop:
    """One shop: its data, its model, and the three jobs. Open it with `Shop.open`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        now: datetime | None = None,
        engine: Engine | None = None,
        embedder: Embedder | None = None,
        weights_progress: WeightsProgress | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self._now = now
        self._engine = engine
        self._embedder = embedder
        self._weights_progress = weights_progress
        self._receipts: list[Receipt] = []

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        now: datetime | None = None,
        engine: Engine | None = None,
        embedder: Embedder | None = None,
        weights_progress: WeightsProgress | None = None,
        make: bool = True,
    ) -> Self:
        """Opens the shop in `settings.home`, making it if it is new and `make` is true.

        `engine` and `embedder` replace those that the settings name; `now` fixes the clock.
        Raises StoreError or VaultError, InputNotFound for a new shop if `make` is false.
        """
        if not make and not (settings.home.is_dir() and Store.exists(settings.database)):
            raise InputNotFound(
                f"There is no shop in {settings.home}: check --home, or run "
                "`zhanggui import` first."
            )
        return cls(
            settings,
            Store.open(settings.database),
            now=now,
            engine=engine,
            embedder=embedder,
            weights_progress=weights_progress,
        )

    def close(self) -> None:
        """Closes the database; the local model ends by itself when idle."""
        if "trail" in self.__dict__:
            self.trail.note_head()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def now(self) -> datetime:
        """The shop's clock."""
        return self._now or datetime.now()

    @cached_property
    def vault(self) -> Vault:
        """Personal data, encrypted."""
        new = not (self.settings.home / KEY_FILE).exists()
        vault = Vault.open(self.store, self.settings.home)
        if new:
            with self.store.read() as conn:
                note_head(self.settings.home, audit.head(conn), vault.audit_key, first=True)
        return vault

    @cached_property
    def engine(self) -> Engine:
        """The language model with everything around it."""
        return self._engine or open_engine(
            self.settings,
            on_receipt=self._receipts.append,
            cache=StoreCache(self.store),
            progress=self._weights_progress,
        )

    @cached_property
    def embedder(self) -> Embedder:
        """Sentence vectors."""
        return self._embedder or UniversalSentenceEncoder(self.settings.threads)

    @cached_property
    def trail(self) -> Trail:
        """The audit, and the labels of what is made."""
        return Trail(self.settings, self.store, self.vault, self.engine.model)

    @cached_property
    def queue(self) -> ReviewQueue:
        """The drafts that wait, and what people decide about them."""
        return ReviewQueue(self.store, self.vault, self.trail, self.settings.wording)

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(self.store, self.vault, self.embedder, self.engine, self.now, self._judged)

    @cached_property
    def _judged(self) -> JudgedReplies:
        return JudgedReplies(self.settings.answers)

    @cached_property
    def replies(self) -> ReplyDesk:
        """The replies that were given, and what people say of them."""
        return ReplyDesk(self.store, self.vault, self.trail, lambda: self.embedder)

    @contextmanager
    def receipts(self) -> Iterator[list[Receipt]]:
        """Collects what the model calls inside the block cost."""
        before = len(self._receipts)
        collected: list[Receipt] = []
        try:
            yield collected
        finally:
            collected.extend(self._receipts[before:])
            del self._receipts[before:]

    def import_folder(self, folder: Path, *, mapping: Path | None = None) -> ImportReport:
        """Takes a shop folder in, all or nothing, and brings the search index up to date.

        Drafts whose product changed are checked again; those that no longer hold wait.
        """
        vault, trail = self.vault, self.trail
        with self.store.begin() as conn:
            report = import_folder(conn, vault, folder, mapping=mapping)
            for file, found in _passages(report.content):
                report.note(file, passages.replace_source(conn, file, found))
            report.answers_stale = self.replies.recheck(conn)
            trail.imported(conn)
        update(self.store, self.embedder)
        report.drafts_checked, report.drafts_affected = self.queue.recheck_facts()
        return report

    def products(self, ids: Sequence[str] | None = None) -> list[Product]:
        """The products with these ids, or all; raises InputError for an unknown id."""
        with self.store.read() as conn:
            known = {product.id: product for product in products.every(conn)}
        if ids is None:
            return list(known.values())
        missing = [name for name in ids if name not in known]
        if missing:
            raise InputError(
                f"The shop has no product {missing[0]!r}: import it first, or check the id."
            )
        return [known[name] for name in ids]

    def reviews(self) -> list[Review]:
        """The shop's reviews, personal data replaced."""
        with self.store.read() as conn:
            return reviews.every(conn)

    def describe(self, product: Product, channel: str = "generic", variant: int = 1) -> Draft:
        """A description with its verdict. Nothing is stored."""
        return self._describe(product, load_channel(channel), variant)

    def answer(self, question: Question) -> Reply:
        """A reply with its decision. Nothing is sent."""
        return self._answerer.answer(question)

    def describe_to(
        self,
        out: Path,
        *,
        product_ids: Sequence[str] | None = None,
        channel: str = "generic",
        variants: int = 1,
        mode: Mode = "new",
        on_progress: OnProgress = lambda _: None,
    ) -> DescribeResult:
        """Describes products (None: all) into `out`, a row for each variant as it is finished."""
        chosen = self.products(product_ids)
        if not chosen:
            raise InputError("The shop has no products yet: run `zhanggui import` first.")
        style = load_channel(channel)
        result = DescribeResult()

        def work(item: tuple[Product, int]) -> Outcome:
            product, variant = item
            with self.receipts() as spent:
                draft = self._describe(product, style, variant)
            with self.store.read() as conn:
                draft = self.queue.placed(conn, draft)
            result.drafts.append(draft)
            # The product is the item: a resume finds it in the row's id.
            return Outcome(
                rows=[draft_row(draft) | self.trail.draft_columns(draft)],
                commit=lambda conn: self._keep_draft(conn, product, draft, spent),
                receipts=spent,
            )

        summary = run_items(
            self.store,
            kind="describe",
            out=out,
            items=[
                (draft_id(product.id, style.name, variant), (product, variant))
                for product in chosen
                for variant in range(1, variants + 1)
            ],
            work=work,
            mode=mode,
            inputs=_digest(style.name, repr(self.settings.wording), *map(repr, chosen)),
            on_progress=on_progress,
        )
        result.take(summary)
        return result

    def estimate(self, drafts: int) -> Estimate:
        """How long writing `drafts` descriptions takes, by what earlier ones took."""
        with self.store.read() as conn:
            return estimate(conn, self.settings, drafts)

    def answer_to(
        self,
        out: Path,
        questions: Path,
        *,
        limit: int | None = None,
        mode: Mode = "new",
        on_progress: OnProgress = lambda _: None,
    ) -> AnswerResult:
        """Answers the questions of a file into `out`, a row each as it is finished."""
        refuse_input(out, questions)
        result = AnswerResult()
        asked: list[Question] = []
        for row in read(Question, questions):
            if isinstance(row, RowFault):
                result.faults.append(row)
            else:
                asked.append(row)

        def work(question: Question) -> Outcome:
            with self.receipts() as spent:
                reply = self.answer(question)
            result.replies.append((question, reply))
            return Outcome(
                rows=[reply_row(reply) | self.trail.reply_columns(reply)],
                commit=lambda conn: self._keep_reply(conn, question, reply, spent),
                receipts=spent,
                customer_id=self._person(question),
            )

        summary = run_items(
            self.store,
            kind="answer",
            out=out,
            items=[(question.id, question) for question in asked[:limit]],
            work=work,
            mode=mode,
            inputs=_digest(*map(repr, asked[:limit])),
            stored_key=lambda key, question: self.vault.stored_id(key, question.customer_id),
            on_progress=on_progress,
        )
        result.take(summary)
        return result

    def export(self, wanted: Format, out: Path, **choices: Unpack[ExportChoices]) -> ExportSummary:
        """Writes the catalogue with its approved copy in a platform's format; see `export`."""
        label, wording = self.trail.draft_file_label, self.settings.wording
        return export_shop(self.store, label, wanted, out, wording=wording, **choices)

    def approve(self, draft_id: str, by: str) -> Draft:
        """Notes that the person `by` lets a draft out; raises InputError if it may not go out."""
        return self.queue.approve(draft_id, by).draft

    def judge(self, reply_id: str, saying: Saying, by: str, text: str | None = None) -> Said:
        """Notes what the person `by` says of a reply; see `ReplyDesk.judge`."""
        return self.replies.judge(reply_id, saying, by, text)

    def replay(
        self,
        tickets: Path | None = None,
        out: Path | None = None,
        *,
        mode: Mode = "new",
        on_turn: OnTurn = lambda _: None,
    ) -> ReplayReport:
        """What past tickets (None: the imported ones) would have got; nothing is sent."""
        return replay_tickets(self._bench(), tickets, out, mode=mode, on_turn=on_turn)

    def regression(
        self, out: Path | None = None, *, mode: Mode = "new", on_turn: OnTurn = lambda _: None
    ) -> list[Tried]:
        """Gives all judged replies again, with the model and thresholds as they are now."""
        return retry_judged(self._bench(), out, mode=mode, on_turn=on_turn)

    def _bench(self) -> ReplayBench:
        return ReplayBench(
            self.store,
            self.vault,
            self.embedder,
            self.engine,
            self.now,
            self.settings.answers,
        )

    def verify_again(self, out: Path | None, *, mode: Mode = "new") -> list[Looked]:
        """Checks the drafts that were judged under another version of the law by the law and the
        facts as they are; a row each into `out`, and what does not hold waits for a person."""
        queue = self.queue
        looked = queue.under_changed_rules()
        if out is not None:
            with open_rows(out, mode=mode, resumable=False) as rows:
                for one in looked:
                    rows.append(looked_row(one))
        queue.settle(looked)
        return looked

    def story(self, name: str) -> list[Chapter]:
        """What the audit says of a draft's, a product's or a question's id, oldest first."""
        vault = self.vault
        with self.store.read() as conn:
            return tell(conn, vault, self.settings, name)

    def check_audit(self, known: str = "") -> ChainState:
        """Whether the audit is whole, and holds the row with the hash `known`.

        With `known` a lost note of the newest row is no fault, and is written anew.
        """
        vault = self.vault
        with self.store.read() as conn:
            state = check(conn, vault, self.settings.home, known)
        if state.whole and known:
            note_head(self.settings.home, state.head, vault.audit_key, first=True)
        return state

    def _keep_draft(
        self, conn: Connection, product: Product, draft: Draft, spent: Sequence[Receipt]
    ) -> None:
        self.queue.take(conn, product, draft)
        self.trail.describe(conn, product, draft, spent)

    def _keep_reply(
        self, conn: Connection, question: Question, reply: Reply, spent: Sequence[Receipt]
    ) -> None:
        """Stores a reply without the values that it was given for the customer."""
        person = self._person(question)
        kept = kept_reply(conn, self.vault, reply, question.customer_id)
        if person is not None and kept.id != reply.id:
            self.vault.conceal_key(conn, reply.id, "WANGWANG", person)
        asked = kept_question(conn, self.vault, question)
        replies.put(conn, kept, self._question_key(question), person, asked)
        self.trail.answer(conn, question, reply, spent)

    def _describe(self, product: Product, channel: Channel, variant: int) -> Draft:
        with self.store.read() as conn:
            approved = self.queue.approved(conn, draft_id(product.id, channel.name, variant))
        return describe(
            trusted(product),
            channel,
            self.engine,
            judge=ModelJudge(self.engine),
            wording=self.settings.wording,
            variant=variant,
            approved=approved,
        )

    def erase(self, customer_id: str, *, all_outputs: bool = False) -> Erasure:
        """Erases a customer and proves it; see `rights.erase`."""
        eraser = Eraser(
            self.store,
            self.vault,
            self.settings.home,
            reindex=lambda: update(self.store, self.embedder),
        )
        trail = self.trail
        receipt = eraser.erase(customer_id, all_outputs=all_outputs)
        with self.store.begin() as conn:
            trail.note(conn, "erase", receipt.person)
        return receipt

    def personal_data(
        self, customer_id: str, permissions: Collection[Permission] = NONE
    ) -> PersonalData:
        """What is stored of a customer; raises NotPermitted without the permission `pii`."""
        return personal_data(self.store, self.vault, customer_id, permissions)

    def apply_retention(self) -> RetentionReport:
        """Deletes what is older than the settings' periods."""
        settings = self.settings
        return apply_retention(
            self.store, self.vault, settings.home, settings.retention_days, self.now
        )

    def _person(self, question: Question) -> str | None:
        return None if question.customer_id is None else self.vault.lookup_key(question.customer_id)

    def _question_key(self, question: Question) -> str:
        return self.vault.lookup_key(f"{question.product_id}|{question.question}")


def _passages(content: Content) -> Iterator[tuple[str, list[Passage]]]:
    """What can be quoted, by file; nothing for a file that is gone."""
    for file, rows in content.products.items():
        yield file, [one for row in rows for one in passages_of_product(row, file)]
    for file, answers in content.faq.items():
        yield file, passages_of_faq(answers, file)
    for document in content.documents:
        yield document.name, passages_of_markdown(document.name, document.text)
    for file in content.gone:
        yield file, []


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
