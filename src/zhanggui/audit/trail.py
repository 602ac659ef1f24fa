"""`Trail`: writes down what the shop's outputs were made from, free of personal data."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from zhanggui import labels
from zhanggui.audit.head import note_head
from zhanggui.audit.versions import answer_versions, describe_versions, model_versions
from zhanggui.errors import StoreError
from zhanggui.labels import Metadata
from zhanggui.pii.vault import Vault
from zhanggui.records import Draft, Product, Question, Receipt, Reply
from zhanggui.settings import Settings
from zhanggui.store import audit, imports, passages
from zhanggui.store.audit import Cost, Decision, Entry, Input, Kind, keyed
from zhanggui.store.changes import record_digest
from zhanggui.store.database import Store

IMPORT = "import"
"""The subject of all imports."""

_KNOWLEDGE = ("products", "faq")
_ORDERS = "orders"
_BY_MODEL = ("model", "cache")
_JUDGED_BY = ("lexicons", "rules")


class Trail:
    """The audit of one shop."""

    def __init__(self, settings: Settings, store: Store, vault: Vault, model: str) -> None:
        """`model` is the name of the language model in use."""
        self._settings = settings
        self._store = store
        self._vault = vault
        self._model = model
        self._key = vault.audit_key

    def draft_columns(self, draft: Draft) -> dict[str, object]:
        """The label of a draft as columns of its row."""
        made = labels.draft_is_ai(draft)
        metadata = Metadata(
            generated=made,
            model=self._model if made else None,
            service_provider=self._settings.responsible,
            content_id=draft_content(self._key, draft),
        )
        return labels.columns(labels.draft_label(draft), metadata)

    def draft_file_label(self, draft: Draft) -> str:
        """The label of a draft for machines that read the file it goes out in; empty if no AI
        wrote it."""
        if not labels.draft_is_ai(draft):
            return ""
        return labels.file_metadata(self._settings.responsible, draft_content(self._key, draft))

    def reply_columns(self, reply: Reply) -> dict[str, object]:
        """The label of a reply as columns of its row."""
        made = labels.reply_is_ai(reply)
        metadata = Metadata(
            generated=made,
            model=self._model if made and reply.tier == "model" else None,
            service_provider=self._settings.responsible,
            content_id=reply_content(self._key, reply),
        )
        return labels.columns(labels.reply_label(reply), metadata)

    def describe(
        self, conn: Connection, product: Product, draft: Draft, spent: Sequence[Receipt]
    ) -> None:
        """Writes down a draft, in the transaction that stores it."""
        entry = Entry(
            kind="describe",
            subject=draft.id,
            output=draft_content(self._key, draft),
            inputs=(_product(product),),
            versions=describe_versions(draft.channel) | self._model_versions(spent),
            tier=draft.tier,
            decision=draft.state,
            cost=_cost(spent),
            responsible=self._responsible,
        )
        audit.append(conn, entry, self._key)

    def answer(
        self, conn: Connection, question: Question, reply: Reply, spent: Sequence[Receipt]
    ) -> None:
        """Writes down a reply, in the transaction that stores it."""
        asked = (question.question, *(f"{turn.role}:{turn.text}" for turn in question.history))
        inputs = [
            Input("question", "", keyed(self._key, "question", question.product_id or "", *asked)),
            Input("knowledge", "", knowledge_digest(conn)),
            *self._evidence(conn, reply),
        ]
        entry = Entry(
            kind="answer",
            subject=question_subject(self._key, question.id),
            output=reply_content(self._key, reply),
            inputs=tuple(dict.fromkeys(inputs)),
            versions=answer_versions() | self._model_versions(spent),
            tier=reply.tier,
            decision=reply.decision,
            cost=_cost(spent),
            responsible=self._responsible,
        )
        audit.append(conn, entry, self._key)

    def decided(
        self,
        conn: Connection,
        kind: Decision,
        draft: Draft,
        product: Product | None,
        actor: str = "system",
    ) -> None:
        """Writes down what became of a draft, by which facts and rules; `actor` is a pseudonym."""
        known = () if product is None else (_product(product),)
        rules = describe_versions(draft.channel)
        entry = Entry(
            kind=kind,
            subject=draft.id,
            output=draft_content(self._key, draft),
            inputs=known,
            versions={name: rules[name] for name in _JUDGED_BY},
            decision=draft.state,
            actor=actor,
            responsible=self._responsible,
        )
        audit.append(conn, entry, self._key)

    def judged(self, conn: Connection, reply: Reply, said: str, actor: str) -> None:
        """Writes down what a person said of a reply as it is stored; `actor` is a pseudonym."""
        entry = Entry(
            kind="judge",
            subject=question_subject(self._key, reply.id),
            tier=reply.tier,
            decision=said,
            actor=actor,
            responsible=self._responsible,
        )
        audit.append(conn, entry, self._key)

    def imported(self, conn: Connection) -> None:
        """Writes down what the shop's files are now."""
        # Keyed, since the digest of a short file of orders could be guessed.
        inputs = tuple(
            Input("file", name, keyed(self._key, "file", file.digest))
            for name, file in imports.every(conn).items()
        )
        self.note(conn, "import", IMPORT, inputs)

    def note(
        self, conn: Connection, kind: Kind, subject: str, inputs: tuple[Input, ...] = ()
    ) -> None:
        """Writes down something without an output; `subject` must be no customer's plain id."""
        entry = Entry(kind=kind, subject=subject, inputs=inputs, responsible=self._responsible)
        audit.append(conn, entry, self._key)

    def note_head(self) -> None:
        """Notes the newest row outside the database, if both can be reached."""
        with suppress(StoreError, OSError), self._store.read() as conn:
            note_head(Path(self._settings.home), audit.head(conn), self._key)

    @property
    def _responsible(self) -> str:
        return responsible_digest(self._key, self._settings.responsible)

    def _model_versions(self, spent: Sequence[Receipt]) -> dict[str, str]:
        asked = any(receipt.tier in _BY_MODEL for receipt in spent)
        return model_versions(self._settings, self._model) if asked else {}

    def _evidence(self, conn: Connection, reply: Reply) -> list[Input]:
        found: list[Input] = []
        for citation in reply.citations:
            if citation.source.startswith(_ORDERS):
                digest = keyed(self._key, "order", citation.source, citation.quote)
                found.append(Input("order", "", digest))
                continue
            here = passages.of_source(conn, citation.source)
            # A restored number makes the quote differ from the passage; then all of the source.
            quoted = [passage for passage in here if citation.quote in passage.text] or here
            found += [Input("passage", one.id, record_digest(one)) for one in quoted]
        return found


def _product(product: Product) -> Input:
    return Input("product", product.id, record_digest(product))


def draft_content(key: bytes, draft: Draft) -> str:
    """Names the text of a draft; another text has another name."""
    return keyed(key, "draft", draft.id, *draft.copy.parts().values())


def reply_content(key: bytes, reply: Reply) -> str:
    """Names the text of a reply."""
    return keyed(key, "reply", reply.id, reply.text)


def question_subject(key: bytes, question_id: str) -> str:
    """What the audit calls a question: platforms make its id from the customer's name."""
    return keyed(key, "question id", question_id.strip())


def responsible_digest(key: bytes, responsible: str) -> str:
    """What the audit keeps of who is responsible, which may be a person."""
    return keyed(key, "responsible", responsible) if responsible else ""


def knowledge_digest(conn: Connection) -> str:
    """Of all files that replies may quote."""
    files = [
        part
        for name, file in imports.every(conn).items()
        if "/" in name or Path(name).stem.lower() in _KNOWLEDGE
        for part in (name, file.digest)
    ]
    # No secret is in a shop's own pages, so the key is not needed to tell a change.
    return keyed(b"knowledge", *files)


def _cost(spent: Sequence[Receipt]) -> Cost:
    asked = [receipt for receipt in spent if receipt.tier == "model"]
    return Cost(
        calls=len(asked),
        cached_calls=sum(receipt.tier == "cache" for receipt in spent),
        prompt_tokens=sum(receipt.prompt_tokens for receipt in asked),
        completion_tokens=sum(receipt.completion_tokens for receipt in asked),
        ms=round(sum(receipt.ms for receipt in spent)),
    )
