"""The audit: what was made, when, from what and by which versions, in a chain of hashes.

Every row holds the hash of the row before it, so a changed, added or missing row breaks the
chain. Every hash is also sealed under a key that is not in the database, so that whoever can
write to the database alone cannot make a new chain. Rows hold digests, names that are ours and
pseudonyms, never a text or an id that a customer gave.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, RowMapping, insert, or_, select, text

from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import audit

Decision = Literal["approve", "publish", "reject", "edit", "repair", "recheck"]
"""What is decided about a draft; all but `recheck` by a person."""
Kind = Literal["describe", "answer", "import", "erase", "judge", Decision]

DECISIONS: tuple[Decision, ...] = get_args(Decision)

START = "0" * 64
"""What stands before the first row."""

# Any number that no other part locks in the same Postgres database.
_ADVISORY_LOCK = 7_240_118_003
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Input:
    """Something that the output was made from."""

    kind: str
    """`product`, `passage`, `order`, `question`, `file`, `knowledge`."""
    id: str
    """Empty where the id is a customer's."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The receipts of the output, added up."""

    calls: int = 0
    """To the model; those that the cache answered are in `cached_calls`."""
    cached_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened."""

    kind: Kind
    subject: str
    """A draft's id, or a keyed hash of what a customer or a person is called."""
    output: str = ""
    """Keyed hash of the text that was made."""
    inputs: tuple[Input, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    tier: str = ""
    decision: str = ""
    cost: Cost = field(default_factory=Cost)
    actor: str = "system"
    """`system`, or the pseudonym of the person who decided."""
    responsible: str = ""
    """Keyed hash of who was named as responsible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry in its place."""

    sequence: int
    at: datetime
    previous: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Link:
    """A record with the hash that the next one carries."""

    record: Record
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether the chain is whole."""

    rows: int
    head: Head
    """Of the part that is whole."""
    broken: int | None = None
    """The number of the first row that is not what was written."""
    why: str = ""


def keyed(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 of `parts` as hex; different lists never give the same input."""
    raw = [part.encode("utf-8", "surrogatepass") for part in parts]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in raw)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def append(conn: Connection, entry: Entry, key: bytes) -> Link:
    """Adds a row within the transaction of what it tells about; writers take turns."""
    # SQLite's writing transactions come one after the other anyway.
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    last = head(conn)
    record = Record(sequence=last.sequence + 1, at=utc_now(), previous=last.hash, entry=entry)
    written = _canonical(record)
    link = Link(record, _hash(written))
    row = {
        "sequence": record.sequence,
        "kind": entry.kind,
        "subject": entry.subject,
        "record": written,
        "hash": link.hash,
        "seal": _seal(key, link.hash),
    }
    conn.execute(insert(audit), row)
    return link


def head(conn: Connection) -> Head:
    """The last row; of an empty chain, number 0."""
    wanted = select(audit.c.sequence, audit.c.hash).order_by(audit.c.sequence.desc()).limit(1)
    row = conn.execute(wanted).one_or_none()
    return Head(0, START) if row is None else Head(row.sequence, row.hash)


def hash_at(conn: Connection, sequence: int) -> str | None:
    """The hash of a row; None if there is none."""
    if sequence == 0:
        return START
    return conn.scalar(select(audit.c.hash).where(audit.c.sequence == sequence))


def has_hash(conn: Connection, digest: str) -> bool:
    """Whether a row has this hash."""
    wanted = select(audit.c.sequence).where(audit.c.hash == digest).limit(1)
    return conn.scalar(wanted) is not None


def about(conn: Connection, subjects: list[str], *, product_id: str = "") -> list[Link]:
    """The rows about any of `subjects`, and about the drafts of a product; oldest first."""
    named = audit.c.subject.in_(subjects)
    drafts = audit.c.subject.startswith(f"{product_id}:", autoescape=True)
    wanted = or_(named, drafts) if product_id else named
    rows = conn.execute(select(audit).where(wanted).order_by(audit.c.sequence)).mappings()
    return [Link(decode(Record, row["record"]), row["hash"]) for row in rows]


def verify(conn: Connection, key: bytes) -> Verification:
    """Reads the whole chain and finds the first row that is not what was written."""
    last, count = Head(0, START), 0
    for row in _rows(conn):
        count += 1
        why = _fault(row, last, key)
        if why:
            return Verification(rows=count, head=last, broken=last.sequence + 1, why=why)
        last = Head(row["sequence"], row["hash"])
    return Verification(rows=count, head=last)


def _rows(conn: Connection) -> Iterator[RowMapping]:
    after = -(2**62)
    while True:
        wanted = select(audit).where(audit.c.sequence > after).order_by(audit.c.sequence)
        rows = conn.execute(wanted.limit(_CHUNK)).mappings().all()
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1]["sequence"]


def _fault(row: RowMapping, last: Head, key: bytes) -> str:
    if row["sequence"] != last.sequence + 1:
        return "the row is missing"
    if _hash(row["record"]) != row["hash"]:
        return "the row says something else than its hash"
    if not hmac.compare_digest(_seal(key, row["hash"]), row["seal"]):
        return "the row was not sealed with this shop's key"
    said: dict[str, Any] = json.loads(row["record"])
    columns = (said["sequence"], said["entry"]["kind"], said["entry"]["subject"])
    if columns != (row["sequence"], row["kind"], row["subject"]):
        return "the row's columns were changed"
    if said["previous"] != last.hash:
        return "the row does not follow the one before it"
    return ""


def _canonical(record: Record) -> str:
    # ASCII and sorted, so that the bytes are the same wherever they are made.
    return json.dumps(json.loads(encode(record)), sort_keys=True, separators=(",", ":"))


def _hash(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()


def _seal(key: bytes, digest: str) -> str:
    return keyed(key, "audit row", digest)
