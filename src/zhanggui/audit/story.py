"""The story of one reply or draft: what the audit says of it, beside how things stand now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from zhanggui.audit.head import HEAD_FILE, read_head
from zhanggui.audit.trail import (
    draft_content,
    knowledge_digest,
    question_subject,
    reply_content,
    responsible_digest,
)
from zhanggui.audit.versions import answer_versions, describe_versions
from zhanggui.errors import InputError
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import Reply
from zhanggui.settings import Settings
from zhanggui.store import audit, drafts, imports, passages, products, replies
from zhanggui.store import vault as vault_rows
from zhanggui.store.audit import Cost, Entry, Head, Input, Link, keyed
from zhanggui.store.changes import record_digest

Now = Literal["same", "changed", "gone", ""]
"""How something stands now against what was written down; empty where that cannot be told."""


_VARIANT = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class InputNow:
    """An input with how it stands now."""

    kind: str
    id: str
    where: str
    """The source of a passage, for people."""
    digest: str
    now: Now


@dataclass(frozen=True, slots=True)
class VersionNow:
    """A version with how it stands now."""

    name: str
    then: str
    now: Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One row of the audit, told."""

    sequence: int
    at: datetime
    kind: str
    subject: str
    tier: str
    decision: str
    output: str
    output_now: Now
    """Whether the shop still holds this text."""
    inputs: tuple[InputNow, ...]
    versions: tuple[VersionNow, ...]
    cost: Cost
    actor: str
    responsible: str
    """As the setting names it now, if it is the one of then; else `another`, or empty."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """Whether the audit can be trusted."""

    rows: int
    head: Head
    broken: int | None
    why: str

    @property
    def whole(self) -> bool:
        return self.broken is None


def tell(conn: Connection, vault: Vault, settings: Settings, name: str) -> list[Chapter]:
    """All that the audit says of a draft's, a product's or a question's id, oldest first.

    Raises InputError if it says nothing.
    """
    key = vault.audit_key
    name = name.strip()
    asked = question_subject(key, name)
    links = audit.about(conn, [name, asked, vault.lookup_key(name)], product_id=name)
    if not links:
        raise InputError(
            f"The audit knows nothing of {name!r}: give the id of a draft (P001:taobao), of a "
            "product, or of a question as it stood in the file."
        )
    # An id that tells somebody is stored as its lookup key.
    names = dict.fromkeys((name, vault.lookup_key(name)))
    kept = [one for each in names for one in replies.of_id(conn, each)]
    outputs = {asked: {reply_content(key, _given(conn, vault, name, *one)) for one in kept}}
    for link in links:
        draft = drafts.get(conn, link.record.entry.subject)
        if draft is not None:
            outputs[draft.id] = {draft_content(key, draft)}
    teller = _Teller(conn, vault, settings, outputs)
    return [teller.chapter(link) for link in links]


def _given(conn: Connection, vault: Vault, name: str, kept: Reply, person: str | None) -> Reply:
    """The reply as it was given: what is stored hides the values of the person and the shop."""
    mine = kept.text if person is None else vault.restore(conn, kept.text, person)
    return replace(kept, id=name, text=vault.restore(conn, mine, SHOP))


def check(conn: Connection, vault: Vault, home: Path, known: str = "") -> ChainState:
    """Reads the whole chain; `known` is a hash of its last row that was written down elsewhere.

    What is noted outside the database must still be in it.
    """
    found = audit.verify(conn, vault.audit_key)
    state = ChainState(rows=found.rows, head=found.head, broken=found.broken, why=found.why)
    if not state.whole:
        return state
    noted = read_head(home, vault.audit_key)
    if noted is None and not known:
        gone = (
            f"{HEAD_FILE} is missing from the home or not this shop's, so rows may be missing too: "
            "put it back, or give --head with a hash that you wrote down"
        )
        return replace(state, broken=found.head.sequence + 1, why=gone)
    if noted is not None and noted.sequence and audit.hash_at(conn, noted.sequence) != noted.hash:
        gone = "rows that were noted outside the database are missing or were replaced"
        broken = min(noted.sequence, found.head.sequence + 1)
        return replace(state, broken=broken, why=gone)
    if known and not audit.has_hash(conn, known):
        gone = "no row has the hash that was given"
        return replace(state, broken=found.head.sequence + 1, why=gone)
    return state


class _Teller:
    """Tells rows, with what all of them are compared with at hand."""

    def __init__(
        self,
        conn: Connection,
        vault: Vault,
        settings: Settings,
        outputs: Mapping[str, set[str]],
    ) -> None:
        self._conn = conn
        self._vault = vault
        self._responsible = settings.responsible
        self._outputs = outputs

    def chapter(self, link: Link) -> Chapter:
        entry = link.record.entry
        return Chapter(
            sequence=link.record.sequence,
            at=link.record.at,
            kind=entry.kind,
            subject=entry.subject,
            tier=entry.tier,
            decision=entry.decision,
            output=entry.output,
            output_now=self._output_now(entry),
            inputs=tuple(self._input(one) for one in entry.inputs),
            versions=tuple(_versions(entry)),
            cost=entry.cost,
            actor=self._actor(entry.actor),
            responsible=self._named(entry.responsible),
            hash=link.hash,
        )

    def _output_now(self, entry: Entry) -> Now:
        if not entry.output:
            return ""
        kept = self._outputs.get(entry.subject)
        if not kept:
            return "gone"
        return "same" if entry.output in kept else "changed"

    def _input(self, one: Input) -> InputNow:
        where, digest = "", None
        if one.kind == "product":
            product = products.get(self._conn, one.id)
            digest = None if product is None else record_digest(product)
        elif one.kind == "passage":
            found = passages.get(self._conn, [one.id])
            where = found[0].source if found else ""
            digest = record_digest(found[0]) if found else None
        elif one.kind == "knowledge":
            digest = knowledge_digest(self._conn)
        elif one.kind == "file":
            file = imports.every(self._conn).get(one.id)
            if file is not None:
                digest = keyed(self._vault.audit_key, "file", file.digest)
        else:
            # A customer's words and orders are known by their keyed hash alone.
            return InputNow(one.kind, one.id, "", one.digest, "")
        now: Now = "gone" if digest is None else "same" if digest == one.digest else "changed"
        return InputNow(one.kind, one.id, where, one.digest, now)

    def _actor(self, actor: str) -> str:
        known = vault_rows.value_of(self._conn, actor)
        return actor if known is None else self._vault.restore(self._conn, actor, known.person_id)

    def _named(self, digest: str) -> str:
        if not digest:
            return ""
        same = responsible_digest(self._vault.audit_key, self._responsible) == digest
        return self._responsible if same else "another"


def _versions(entry: Entry) -> Sequence[VersionNow]:
    if entry.kind == "describe":
        # P001:taobao, or P001:taobao:2 for a further variant.
        draft_id = _VARIANT.sub("", entry.subject)
        present = describe_versions(draft_id.rpartition(":")[2])
    else:
        present = answer_versions()
    told: list[VersionNow] = []
    for name, then in entry.versions.items():
        now: Now = ""
        if name in present:
            now = "same" if present[name] == then else "changed"
        told.append(VersionNow(name, then, now))
    return told
