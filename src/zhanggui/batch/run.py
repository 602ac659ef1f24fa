"""Durable runs: every item is done once, however often the process is killed.

For each item: work → append its rows to the file and flush them to the disk → one transaction
with the item's ledger row, the good length of the file, the receipts and whatever else the
item stores. A process that dies between the last two leaves rows beyond the good length; the
next start cuts them off and does that one item again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn, TypeVar

from zhanggui.batch.ledger import Commit, ItemId, Ledger
from zhanggui.batch.pace import OnProgress, Pace, Progress
from zhanggui.errors import (
    BadKey,
    EngineUnreachable,
    MissingExtra,
    QuotaExceeded,
    StoreError,
    VaultError,
    WeightsError,
    ZhangguiError,
)
from zhanggui.ingest.writers import Mode, RowWriter
from zhanggui.records import Receipt
from zhanggui.store.database import Store

T = TypeVar("T")

# These would meet every following item as well.
_HOPELESS = (
    EngineUnreachable,
    BadKey,
    QuotaExceeded,
    WeightsError,
    StoreError,
    VaultError,
    MissingExtra,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the work on one item came to."""

    rows: Sequence[Mapping[str, Any]]
    """Rows for the output file; their `id` is the item's key, by which a resume without a
    ledger knows that the item is done."""
    commit: Commit | None = None
    """Stores what belongs to the item, in the transaction that marks it done."""
    receipts: Sequence[Receipt] = ()
    customer_id: str | None = None
    """The lookup key of the customer whom the item is about."""


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """An item that could not be done."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run came to."""

    run_id: str
    total: int
    done: int
    resumed: int
    """Of `done`, those of an earlier start."""
    failures: tuple[ItemFailure, ...]


def run_items(
    store: Store,
    *,
    kind: str,
    out: Path,
    items: Iterable[tuple[str, T]],
    work: Callable[[T], Outcome],
    mode: Mode = "new",
    inputs: str = "",
    stored_key: Callable[[str, T], str] = lambda key, _: key,
    columns: Sequence[str] | None = None,
    on_progress: OnProgress = lambda _: None,
) -> RunSummary:
    """Works on every (key, item) once and writes its rows to `out` in the order of the items.

    `mode` is what the user said of an existing `out`: nothing, --resume or --force. A resumed
    run does what is left; items that failed are tried again and their rows come where the file
    then ends. `inputs` is a digest of what the items were made from; a resume with another one
    is refused. `stored_key` is what the ledger calls a (key, item): another name where the key
    tells somebody's personal data.

    An item whose work raises a ZhangguiError is noted as failed, unless the error would meet
    all others too: then the run stops with that error and can be resumed. Raises InputError
    if `out` belongs to a living process, to another kind of run, or was changed meanwhile.
    """
    numbered = _numbered(items, stored_key)
    ids = [item for item, _ in numbered]
    ledger = Ledger(store, kind=kind, out=out, inputs=inputs)
    if mode == "resume" and ledger.is_finished(ids):
        return _summary(ledger, ids, resumed=len(ids))
    writer = ledger.claim(ids, mode, columns)
    resumed = sum(item.name in ledger.done for item in ids)
    try:
        with ledger.keep_alive(), writer:
            _work_through(ledger, writer, numbered, work, on_progress)
    except ZhangguiError as error:
        _stop(ledger, error, len(ids))
    except BaseException as error:
        ledger.end("failed", type(error).__name__)
        raise
    # The writer makes a workbook as it closes, so the run is done only now.
    ledger.end("done")
    return _summary(ledger, ids, resumed=resumed)


def digest_of(*parts: str) -> str:
    """What `run_items` compares to know that a resumed run has the same inputs."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _numbered(
    items: Iterable[tuple[str, T]], stored_key: Callable[[str, T], str]
) -> list[tuple[ItemId, T]]:
    seen: Counter[str] = Counter()
    numbered = []
    for position, (key, item) in enumerate(items):
        numbered.append((ItemId(key, seen[key], position, stored_key(key, item)), item))
        seen[key] += 1
    return numbered


def _work_through(
    ledger: Ledger,
    writer: RowWriter,
    items: Sequence[tuple[ItemId, T]],
    work: Callable[[T], Outcome],
    on_progress: OnProgress,
) -> None:
    waiting = [(item, value) for item, value in items if item.name not in ledger.done]
    resumed = len(items) - len(waiting)
    progress = Progress(
        done=resumed, failed=0, total=len(items), resumed=resumed, seconds_left=None
    )
    on_progress(progress)
    pace = Pace()
    for number, (item, value) in enumerate(waiting, start=1):
        began = monotonic()
        try:
            outcome = work(value)
        except _HOPELESS:
            raise
        except ZhangguiError as error:
            ledger.note_failed(item, writer, str(error))
            progress = replace(progress, failed=progress.failed + 1)
        else:
            ledger.write(writer, outcome.rows)
            ledger.note_done(
                item, writer, outcome.receipts, outcome.commit, customer_id=outcome.customer_id
            )
            progress = replace(progress, done=progress.done + 1)
        pace.add(monotonic() - began)
        progress = replace(progress, seconds_left=pace.seconds_for(len(waiting) - number))
        on_progress(progress)


def _stop(ledger: Ledger, error: ZhangguiError, total: int) -> NoReturn:
    # Where the database is what failed, a resume knows the run by its dead owner all the same.
    with suppress(StoreError):
        ledger.end("failed", str(error))
    raise type(error)(
        f"{error} {len(ledger.done)} of {total} are done and kept: "
        "once that is settled, go on with --resume."
    ) from error


def _summary(ledger: Ledger, items: Sequence[ItemId], *, resumed: int) -> RunSummary:
    failed = [item for item in items if item.name in ledger.failures]
    return RunSummary(
        run_id=ledger.run_id,
        total=len(items),
        done=sum(item.name in ledger.done for item in items),
        resumed=resumed,
        failures=tuple(ItemFailure(item.key, ledger.failures[item.name]) for item in failed),
    )
