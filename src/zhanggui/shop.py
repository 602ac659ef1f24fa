"""`Shop`: the library's one front door.

>>> with Shop.open(load_settings(Path("my-shop"))) as shop:
...     shop.import_folder(Path("exports"))
...     reply = shop.answer(Question(id="1", question="这个杯子能装多少水？", product_id="P001"))
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from sqlalchemy import Connection

from zhanggui.answering import Answering
from zhanggui.answers.channel import Channel as ReplyChannel
from zhanggui.answers.conversation import AT_ONCE, Conversations
from zhanggui.answers.ledger import Ledger
from zhanggui.answers.regression import Tried
from zhanggui.audit.head import note_head
from zhanggui.audit.story import ChainState, Chapter, check, tell
from zhanggui.audit.trail import Trail
from zhanggui.batch.pace import OnProgress
from zhanggui.batch.replay import OnTurn, ReplayReport
from zhanggui.batch.results import AnswerResult, DescribeResult
from zhanggui.batch.run import Outcome, digest_of, run_items
from zhanggui.claims.judge import ModelJudge
from zhanggui.descriptions.channel import Channel, load_channel
from zhanggui.descriptions.describe import describe, draft_id
from zhanggui.descriptions.estimate import Estimate, estimate
from zhanggui.descriptions.rows import draft_row
from zhanggui.errors import InputError, InputNotFound
from zhanggui.export.catalogue import ExportChoices, ExportSummary, export_shop
from zhanggui.guard.products import trusted
from zhanggui.ingest.passages import passages_by_file
from zhanggui.ingest.platforms import Format
from zhanggui.ingest.report import ImportReport
from zhanggui.ingest.shop_folder import import_folder
from zhanggui.ingest.writers import Mode, open_rows
from zhanggui.knowledge.embedder import Embedder, UniversalSentenceEncoder
from zhanggui.knowledge.index import update
from zhanggui.knowledge.naming import ProductNames
from zhanggui.llm.engine import Engine
from zhanggui.llm.open_engine import open_engine
from zhanggui.llm.receipts import Receipts
from zhanggui.llm.waiting_line import Waiting
from zhanggui.llm.weight_sources import Progress as WeightsProgress
from zhanggui.pii.keys import KEY_FILE
from zhanggui.pii.permission import NONE, Permission
from zhanggui.pii.vault import Vault
from zhanggui.records import (
    Draft,
    Product,
    Question,
    Receipt,
    Reply,
    Review,
    Sentence,
)
from zhanggui.review_queue.queue import Looked, ReviewQueue, looked_row
from zhanggui.review_queue.reply_desk import ReplyDesk, Said, Saying
from zhanggui.rights.erase import Eraser, Erasure
from zhanggui.rights.export import PersonalData, personal_data
from zhanggui.rights.retention import RetentionReport, apply_retention
from zhanggui.settings import Settings
from zhanggui.store import audit, passages, products, replies, reviews
from zhanggui.store.database import Store
from zhanggui.store.model_cache import StoredAnswers


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
        self._spent = Receipts()
        self._opening = threading.RLock()

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
            on_receipt=self._spent,
            cache=StoredAnswers(self.store),
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
    def promises(self) -> Ledger:
        """What was promised to customers, and what of it is kept."""
        return Ledger(self.store, self.vault)

    @cached_property
    def replies(self) -> ReplyDesk:
        """The replies that were given, and what people say of them."""
        return ReplyDesk(self.store, self.vault, self.trail, lambda: self.embedder)

    def conversations(
        self, channel: ReplyChannel | None = None, *, quiet: timedelta = AT_ONCE
    ) -> Conversations:
        """Takes customers' messages in and answers them; see `answers.conversation`."""
        return self._answering.conversations(channel, quiet)

    @property
    def _answering(self) -> Answering:
        # Threads share one line before the model.
        with self._opening:
            return self._opened_answering

    @cached_property
    def _opened_answering(self) -> Answering:
        return Answering(
            self.store,
            self.vault,
            self.trail,
            self.settings,
            self.embedder,
            self.engine,
            self._spent,
            lambda: self.now,
        )

    def receipts(self) -> AbstractContextManager[list[Receipt]]:
        """Collects what the model calls of this thread inside the block cost."""
        return self._spent.collecting()

    def import_folder(self, folder: Path, *, mapping: Path | None = None) -> ImportReport:
        """Takes a shop folder in, all or nothing, and brings the search index up to date.

        Drafts whose product changed are checked again; those that no longer hold wait.
        """
        vault, trail = self.vault, self.trail
        with self.store.begin() as conn:
            stale = len(replies.stale(conn))
            report = import_folder(conn, vault, folder, mapping=mapping)
            names = ProductNames(products.every(conn))
            for file, found in passages_by_file(report.content, names):
                report.note(file, passages.replace_source(conn, file, found))
            report.answers_stale = self.replies.recheck(conn)
            report.stale_replies = len(replies.stale(conn)) - stale
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

    def stale_replies(self) -> list[Reply]:
        """The stored replies that stand on a passage which has changed or gone since."""
        with self.store.read() as conn:
            return replies.stale(conn)

    def reviews(self) -> list[Review]:
        """The shop's reviews, personal data replaced."""
        with self.store.read() as conn:
            return reviews.every(conn)

    def describe(self, product: Product, channel: str = "generic", variant: int = 1) -> Draft:
        """A description with its verdict. Nothing is stored."""
        return self._describe(product, load_channel(channel), variant)

    def answer(self, question: Question) -> Reply:
        """A reply with its decision. Nothing is sent."""
        return self._answering.answer(question)

    def answer_stream(self, question: Question) -> Iterator[Waiting | Sentence | Reply]:
        """How long it may take, the checked sentences one by one, then the whole reply."""
        return self._answering.stream(question)

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
            inputs=digest_of(style.name, repr(self.settings.wording), *map(repr, chosen)),
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
        return self._answering.answer_file(
            out, questions, limit=limit, mode=mode, on_progress=on_progress
        )

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
        return self._answering.replay(tickets, out, mode=mode, on_turn=on_turn)

    def regression(
        self, out: Path | None = None, *, mode: Mode = "new", on_turn: OnTurn = lambda _: None
    ) -> list[Tried]:
        """Gives all judged replies again, with the model and thresholds as they are now."""
        return self._answering.regression(out, mode=mode, on_turn=on_turn)

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
