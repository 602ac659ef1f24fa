"""The files that runs wrote: which hold rows of a person, and those rows taken out."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhanggui.ingest.formulas import restore_cell
from zhanggui.ingest.writers import journal_of, open_rows, workbook_rows
from zhanggui.store import runs
from zhanggui.store.database import Store

Holds = Callable[[str], bool]
ItemName = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the ledger with rows of the person."""

    path: Path
    rows: int
    run_id: str


@dataclass(frozen=True, slots=True)
class _Found:
    """Which rows of a file of rows go, and what it is without them."""

    rows: int
    """Rows that go."""
    kept: int
    content: bytes


def latest_runs(store: Store) -> list[runs.Run]:
    """The run that each file of the ledger comes from."""
    with store.read() as conn:
        found = {run.out: run for run in runs.every(conn) if run.state != "abandoned"}
    return list(found.values())


def outputs_of(
    store: Store, items: Mapping[str, Collection[ItemName]], holds: Holds
) -> list[tuple[runs.Run, Output]]:
    """The files with rows that answer `items` (by run) or hold a trace."""
    found = []
    for run in latest_runs(store):
        path = Path(run.out)
        if path.is_file() or journal_of(path).is_file():
            rows = _count(path, items.get(run.id, ()), holds)
            if rows:
                found.append((run, Output(path, rows, run.id)))
    return found


def take_out(store: Store, run: runs.Run, items: Collection[ItemName], holds: Holds) -> None:
    """Writes the file of `run` anew without these rows; a kill leaves the old or the new one."""
    path = Path(run.out)
    workbook = path.suffix.lower() == ".xlsx"
    finished = workbook and path.is_file()
    if finished and journal_of(path).is_file():
        # What stands in the workbook is over: a forced run stopped before it replaced it, or
        # this was killed halfway.
        if _superseded(path, items, holds):
            path.unlink()
        finished = run.state == "done"
    if finished:
        _to_journal(path)
    rows_file = journal_of(path) if workbook else path
    found = _without(rows_file, items, holds)
    _replace(rows_file, found.content)
    with store.begin() as conn:
        runs.shorten(conn, run.id, found.kept, len(found.content))
    if finished:
        # The writer makes the workbook from its journal as it closes.
        open_rows(path, mode="resume").close()


def files_of(out: Path) -> list[Path]:
    """The files that a run into `out` may have left: a stopped one leaves its journal."""
    unfinished = out.with_name(f"{out.name}.tmp")
    return [file for file in (out, journal_of(out), unfinished) if file.is_file()]


def _count(path: Path, items: Collection[ItemName], holds: Holds) -> int:
    journal = journal_of(path)
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return _without(path if path.is_file() else journal, items, holds).rows
    if journal.is_file():
        return _without(journal, items, holds).rows + _superseded(path, items, holds)
    _to_journal(path)
    try:
        return _without(journal, items, holds).rows
    finally:
        journal.unlink()


def _superseded(workbook: Path, items: Collection[ItemName], holds: Holds) -> int:
    """How many rows of a workbook that a later run replaces are the person's."""
    keys = {key for key, _ in items}
    rows = workbook_rows(workbook)
    return sum(
        str(row.get("id", "")) in keys or any(holds(str(value)) for value in row.values())
        for row in rows
    )


def _to_journal(workbook: Path) -> None:
    # What ends in an error leaves the journal, as a resume needs it.
    open_rows(workbook, mode="resume").__exit__(KeyboardInterrupt, None, None)


def _without(path: Path, items: Collection[ItemName], holds: Holds) -> _Found:
    seen: Counter[str] = Counter()
    gone = 0
    kept: list[bytes] = []
    for number, (raw, key) in enumerate(_rows(path)):
        header = key is None and number == 0
        name = (key or "", seen[key or ""])
        seen[key or ""] += 1
        if not header and (name in items or holds(raw.decode("utf-8", "replace"))):
            gone += 1
        else:
            kept.append(raw)
    header_rows = 1 if path.suffix.lower() == ".csv" and kept else 0
    return _Found(gone, len(kept) - header_rows, b"".join(kept))


def _rows(path: Path) -> Iterator[tuple[bytes, str | None]]:
    """The bytes of each row with its id; the header of a table has none."""
    if path.suffix.lower() != ".csv":
        with path.open("rb") as file:
            yield from ((raw, _json_id(raw)) for raw in file)
        return
    place: int | None = None
    for number, raw in enumerate(_records(path)):
        cells = next(csv.reader([raw.decode("utf-8-sig", "replace")]), [])
        if number == 0:
            place = cells.index("id") if "id" in cells else None
            yield raw, None
        else:
            known = place is not None and place < len(cells)
            yield raw, restore_cell(cells[place]) if known and place is not None else ""


def _json_id(raw: bytes) -> str:
    try:
        row = json.loads(raw)
    except ValueError:
        return ""
    return str(row.get("id", "")) if isinstance(row, dict) else ""


def _records(path: Path) -> Iterator[bytes]:
    """The records of a CSV file; a line feed inside quotes belongs to a cell."""
    record, quoted = b"", False
    with path.open("rb") as file:
        for line in file:
            record += line
            quoted ^= line.count(b'"') % 2 == 1
            if not quoted:
                yield record
                record = b""
    if record:
        yield record


def _replace(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
