"""Descriptions that were written: every version of every draft, and how it came to its state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)

from zhanggui.records import Draft, DraftState, Reason, Verdict
from zhanggui.store.audit import Decision
from zhanggui.store.codec import decode, encode
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import draft_steps, draft_versions

StepKind = Literal["describe", "replace", Decision]

SYSTEM = "system"
"""Who wrote or decided, where it was no person."""
WAITING: tuple[DraftState, ...] = ("draft", "needs_review")
ACTIVE: tuple[DraftState, ...] = (*WAITING, "approved", "published")
"""The states in which a version waits or may go out."""
STATES: tuple[DraftState, ...] = get_args(DraftState)

# Any number that no other part locks in the same Postgres database.
_ADVISORY_LOCK = 7_240_118_004
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a verdict stands on."""

    basis: str = ""
    """Digest of the product's facts; empty where nobody noted it."""
    rules: str = ""
    """Version of the law."""


UNKNOWN = Grounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a draft: its words never change."""

    number: int
    """1 for the first."""
    draft: Draft
    """With its state and the verdict by which it was last judged."""
    since: datetime
    """When it came to its state."""
    written_at: datetime
    author: str
    """`SYSTEM`, or a pseudonym of the vault."""
    grounds: Grounds

    @property
    def id(self) -> str:
        return self.draft.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version coming to a state."""

    draft_id: str
    number: int
    version: int
    state: DraftState
    at: datetime
    actor: str
    kind: StepKind
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the `record` of a step holds."""

    kind: StepKind
    reasons: tuple[Reason, ...] = ()


def take_turn(conn: Connection) -> None:
    """Keeps other writers of drafts out until the transaction ends; call it before reading what
    the writing depends on. SQLite's writing transactions come one after the other anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})


def put(
    conn: Connection,
    draft: Draft,
    *,
    author: str = SYSTEM,
    kind: StepKind = "describe",
    reasons: tuple[Reason, ...] = (),
    grounds: Grounds = UNKNOWN,
) -> Version:
    """Stores the draft as its next version, in the state that it carries.

    Earlier versions that wait are replaced by it; those that a person wrote, only by a person's.
    """
    take_turn(conn)
    now = utc_now()
    known = versions(conn, draft.id)
    for one in known:
        if one.draft.state in WAITING and (one.author == SYSTEM or author != SYSTEM):
            move(conn, one, "replaced", kind="replace")
    stored = Version(
        number=known[-1].number + 1 if known else 1,
        draft=draft,
        since=now,
        written_at=now,
        author=author,
        grounds=grounds,
    )
    row = {
        "draft_id": draft.id,
        "version": stored.number,
        "product_id": draft.product_id,
        "channel": draft.channel,
        "state": draft.state,
        "since": now,
        "written_at": now,
        "author": author,
        "basis": grounds.basis,
        "rules": grounds.rules,
        "record": encode(draft),
    }
    conn.execute(insert(draft_versions), row)
    _note(conn, stored, draft.state, now, author, _Told(kind, reasons))
    return stored


def move(
    conn: Connection,
    version: Version,
    state: DraftState,
    *,
    kind: StepKind,
    actor: str = SYSTEM,
    reasons: tuple[Reason, ...] = (),
) -> Version:
    """Brings a version to `state` and notes the step."""
    now = utc_now()
    conn.execute(_at(version).values(state=state, since=now))
    _note(conn, version, state, now, actor, _Told(kind, reasons))
    return replace(version, draft=replace(version.draft, state=state), since=now)


def judge(conn: Connection, version: Version, verdict: Verdict, grounds: Grounds) -> Version:
    """Stores the newest verdict on a version, with what it stands on."""
    draft = replace(version.draft, verdict=verdict)
    values = {"record": encode(draft), "basis": grounds.basis, "rules": grounds.rules}
    conn.execute(_at(version).values(**values))
    return replace(version, draft=draft, grounds=grounds)


def get(conn: Connection, draft_id: str) -> Draft | None:
    """The newest version of the draft with this id."""
    found = newest(conn, draft_id)
    return None if found is None else found.draft


def newest(conn: Connection, draft_id: str) -> Version | None:
    """The newest version of the draft with this id, whatever its state."""
    wanted = select(draft_versions).where(draft_versions.c.draft_id == draft_id)
    row = conn.execute(wanted.order_by(draft_versions.c.version.desc()).limit(1)).mappings()
    found = row.one_or_none()
    return None if found is None else _version(found)


def every(conn: Connection, channel: str | None = None) -> list[Version]:
    """The newest version of all drafts (of one channel), oldest first."""
    last = (
        select(draft_versions.c.draft_id, func.max(draft_versions.c.version))
        .group_by(draft_versions.c.draft_id)
        .subquery()
    )
    key = tuple_(draft_versions.c.draft_id, draft_versions.c.version)
    wanted = select(draft_versions).where(key.in_(select(last)))
    if channel is not None:
        wanted = wanted.where(draft_versions.c.channel == channel)
    return _versions(conn, wanted)


def versions(conn: Connection, draft_id: str) -> list[Version]:
    """All versions of a draft, oldest first."""
    wanted = select(draft_versions).where(draft_versions.c.draft_id == draft_id)
    rows = conn.execute(wanted.order_by(draft_versions.c.version)).mappings()
    return [_version(row) for row in rows]


def find(
    conn: Connection,
    *,
    states: Collection[DraftState] = ACTIVE,
    channel: str | None = None,
    product_id: str | None = None,
) -> list[Version]:
    """The versions in one of `states` (of a channel, of a product), oldest first."""
    wanted = select(draft_versions).where(draft_versions.c.state.in_(list(states)))
    if channel is not None:
        wanted = wanted.where(draft_versions.c.channel == channel)
    if product_id is not None:
        wanted = wanted.where(draft_versions.c.product_id == product_id)
    return _versions(conn, wanted)


def live(conn: Connection, channel: str) -> dict[str, Version]:
    """What the shop shows on a channel: product id → the published version, else the approved.

    Of several in the same state it is the one that came to it last. A product whose versions all
    wait, were rejected or lost the facts they stood on is not there.
    """
    found: dict[str, Version] = {}
    shown = find(conn, states=("approved", "published"), channel=channel)
    for version in sorted(shown, key=lambda one: (one.draft.state == "published", one.since)):
        found[version.draft.product_id] = version
    return found


def last_approved(conn: Connection, draft_id: str) -> Version | None:
    """The version of a draft that a person let out last, unless it was rejected since; it may
    have lost the facts it stood on."""
    chosen = and_(
        draft_steps.c.draft_id == draft_id, draft_steps.c.state.in_(["approved", "published"])
    )
    numbers = select(draft_steps.c.version).where(chosen).order_by(draft_steps.c.number.desc())
    known = {version.number: version for version in versions(conn, draft_id)}
    let_out = [known[number] for number in conn.scalars(numbers) if number in known]
    return next((one for one in let_out if one.draft.state != "rejected"), None)


def unlike(conn: Connection, bases: dict[str, str], gone: str) -> list[tuple[str, int]]:
    """The active versions (draft id, number) whose verdict stands on other facts than `bases`
    (product id → digest) says; `gone` is the digest of a product that is not there."""
    columns = (
        draft_versions.c.draft_id,
        draft_versions.c.version,
        draft_versions.c.product_id,
        draft_versions.c.basis,
    )
    wanted = select(*columns).where(draft_versions.c.state.in_(ACTIVE))
    rows = conn.execute(wanted.order_by(draft_versions.c.draft_id, draft_versions.c.version))
    return [
        (key, number) for key, number, product, basis in rows if basis != bases.get(product, gone)
    ]


def under_other_rules(conn: Connection, rules: str) -> list[tuple[str, int]]:
    """The active versions (draft id, number) that were judged under another law than `rules`."""
    wanted = select(draft_versions.c.draft_id, draft_versions.c.version).where(
        draft_versions.c.state.in_(ACTIVE), draft_versions.c.rules != rules
    )
    rows = conn.execute(wanted.order_by(draft_versions.c.draft_id, draft_versions.c.version))
    return [(key, number) for key, number in rows]


def chosen(conn: Connection, keys: Sequence[tuple[str, int]]) -> list[Version]:
    """The versions with these ids and numbers, in this order; those that are gone left out."""
    found: dict[tuple[str, int], Version] = {}
    for start in range(0, len(keys), _CHUNK):
        part = list(keys[start : start + _CHUNK])
        key = tuple_(draft_versions.c.draft_id, draft_versions.c.version)
        for row in conn.execute(select(draft_versions).where(key.in_(part))).mappings():
            version = _version(row)
            found[version.id, version.number] = version
    return [found[key] for key in keys if key in found]


def steps(conn: Connection, draft_id: str) -> list[Step]:
    """How the versions of a draft came to their states, oldest first."""
    wanted = select(draft_steps).where(draft_steps.c.draft_id == draft_id)
    rows = conn.execute(wanted.order_by(draft_steps.c.number)).mappings()
    return [_step(row) for row in rows]


def reasons(conn: Connection, wanted: Collection[Version]) -> dict[tuple[str, int], Step]:
    """The step that brought each of these versions to its state."""
    ids = sorted({version.id for version in wanted})
    found: dict[tuple[str, int], Step] = {}
    for start in range(0, len(ids), _CHUNK):
        part = draft_steps.c.draft_id.in_(ids[start : start + _CHUNK])
        rows = conn.execute(select(draft_steps).where(part).order_by(draft_steps.c.number))
        for step in map(_step, rows.mappings()):
            found[step.draft_id, step.version] = step
    return found


def _at(version: Version) -> Any:
    table = draft_versions
    return update(table).where(table.c.draft_id == version.id, table.c.version == version.number)


def _note(
    conn: Connection, version: Version, state: DraftState, at: datetime, actor: str, told: _Told
) -> None:
    mine = draft_steps.c.draft_id == version.id
    last = conn.scalar(select(func.max(draft_steps.c.number)).where(mine)) or 0
    row = {
        "draft_id": version.id,
        "number": last + 1,
        "version": version.number,
        "state": state,
        "at": at,
        "actor": actor,
        "record": encode(told),
    }
    conn.execute(insert(draft_steps), row)


def _versions(conn: Connection, wanted: Select[Any]) -> list[Version]:
    order = (draft_versions.c.written_at, draft_versions.c.draft_id, draft_versions.c.version)
    return [_version(row) for row in conn.execute(wanted.order_by(*order)).mappings()]


def _version(row: RowMapping) -> Version:
    return Version(
        number=row["version"],
        draft=replace(decode(Draft, row["record"]), state=row["state"]),
        since=row["since"],
        written_at=row["written_at"],
        author=row["author"],
        grounds=Grounds(row["basis"], row["rules"]),
    )


def _step(row: RowMapping) -> Step:
    told = decode(_Told, row["record"])
    return Step(
        draft_id=row["draft_id"],
        number=row["number"],
        version=row["version"],
        state=row["state"],
        at=row["at"],
        actor=row["actor"],
        kind=told.kind,
        reasons=told.reasons,
    )
