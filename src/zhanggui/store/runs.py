"""The ledger of runs: which items of which run are done, and how far its file is good.

States of a run: `running`, `done`, `failed` (stopped, can be resumed), `abandoned` (replaced by a
newer run into the same file).
States of an item: `done`, `failed`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, text, update

from zhanggui.store.changes import upsert
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import run_items, runs

RunState = Literal["running", "done", "failed", "abandoned"]
ItemState = Literal["done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that works on a run."""

    owner: str
    """Random, so that a process which lost the run notices."""
    host: str
    pid: int
    process_started: float
    """Seconds since the epoch; a pid alone may have passed to another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run as the ledger has it."""

    id: str
    kind: str
    out: str
    inputs: str
    state: RunState
    reason: str
    owner: str
    host: str
    pid: int
    process_started: float
    heartbeat: datetime
    started: datetime
    finished: datetime | None
    total: int | None
    done: int
    failed: int
    rows_written: int
    """Rows of `out` that are good."""
    out_offset: int
    """Bytes of `out` that are good; what lies beyond was being written when the run ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """One item that was worked on."""

    key: str
    occurrence: int
    position: int
    state: ItemState
    reason: str = ""
    out_offset: int
    customer_id: str | None = None
    """The lookup key of the customer whom the item is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a run has come."""

    done: int
    failed: int
    rows_written: int
    out_offset: int


def lock(conn: Connection, out: str) -> None:
    """Until the transaction ends, nobody else decides who works on `out`."""
    # SQLite's writing transactions come one after the other anyway.
    if conn.dialect.name == "postgresql":
        conn.execute(
            text("SELECT pg_advisory_xact_lock(7240, :key)"),
            {"key": zlib.crc32(out.encode()) - 2**31},
        )


def latest(conn: Connection, out: str) -> Run | None:
    """The newest run into the file `out` that was not abandoned."""
    wanted = select(runs).where(runs.c.out == out, runs.c.state != "abandoned")
    row = conn.execute(wanted.order_by(runs.c.started.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else Run(**row)


def every(conn: Connection) -> list[Run]:
    """All runs, oldest first."""
    rows = conn.execute(select(runs).order_by(runs.c.started, runs.c.id)).mappings()
    return [Run(**row) for row in rows]


def start(
    conn: Connection,
    run_id: str,
    *,
    kind: str,
    out: str,
    inputs: str,
    total: int | None,
    owner: Owner,
) -> None:
    """A new run; earlier ones into the same file are abandoned."""
    earlier = update(runs).where(runs.c.out == out, runs.c.state != "abandoned")
    conn.execute(earlier.values(state="abandoned"))
    now = utc_now()
    row = {
        "id": run_id,
        "kind": kind,
        "out": out,
        "inputs": inputs,
        "state": "running",
        "reason": "",
        "heartbeat": now,
        "started": now,
        "total": total,
        "done": 0,
        "failed": 0,
        "rows_written": 0,
        "out_offset": 0,
        **asdict(owner),
    }
    conn.execute(insert(runs), row)


def take_over(conn: Connection, run_id: str, owner: Owner, *, total: int | None) -> None:
    """`owner` goes on with the run."""
    values = {"state": "running", "reason": "", "finished": None, "total": total}
    now = {"heartbeat": utc_now()}
    conn.execute(update(runs).where(runs.c.id == run_id).values(values | now | asdict(owner)))


def items(conn: Connection, run_id: str) -> list[RunItem]:
    """The items that were worked on, in the order of the input."""
    wanted = select(run_items).where(run_items.c.run_id == run_id).order_by(run_items.c.position)
    names = RunItem.__dataclass_fields__
    return [
        RunItem(**{name: row[name] for name in names}) for row in conn.execute(wanted).mappings()
    ]


def of_customer(conn: Connection, customer_id: str) -> dict[str, list[RunItem]]:
    """The items that are about the customer, by run."""
    wanted = select(run_items).where(run_items.c.customer_id == customer_id)
    found: dict[str, list[RunItem]] = {}
    for row in conn.execute(wanted.order_by(run_items.c.position)).mappings():
        values = dict(row)
        found.setdefault(values.pop("run_id"), []).append(RunItem(**values))
    return found


def shorten(conn: Connection, run_id: str, rows_written: int, out_offset: int) -> None:
    """Notes that rows were taken out of the run's file."""
    mine = update(runs).where(runs.c.id == run_id)
    conn.execute(mine.values(rows_written=rows_written, out_offset=out_offset))


def note_items(conn: Connection, run_id: str, worked: Iterable[RunItem]) -> None:
    """Notes that items were worked on, in place of earlier failures of theirs."""
    for item in worked:
        upsert(conn, run_items, {"run_id": run_id, **asdict(item)})


def advance(conn: Connection, run_id: str, owner: str, mark: Mark) -> bool:
    """Moves the run on; False if another process has taken it over."""
    mine = update(runs).where(runs.c.id == run_id, runs.c.owner == owner)
    moved = conn.execute(mine.values(heartbeat=utc_now(), **asdict(mark)))
    return moved.rowcount == 1


def beat(conn: Connection, run_id: str, owner: str) -> bool:
    """Says that the owner is alive; False if another process has taken the run over."""
    mine = update(runs).where(runs.c.id == run_id, runs.c.owner == owner)
    return conn.execute(mine.values(heartbeat=utc_now())).rowcount == 1


def finish(conn: Connection, run_id: str, owner: str, state: RunState, reason: str = "") -> None:
    """Ends the run."""
    mine = update(runs).where(runs.c.id == run_id, runs.c.owner == owner)
    conn.execute(mine.values(state=state, reason=reason, finished=utc_now()))
