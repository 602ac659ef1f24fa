"""The files that runs wrote: which hold rows of a person, and those rows taken out."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
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
class Mine:
    """Which rows of a file are the person's."""

    items: Collection[ItemName]
    """The ledger's names of those that answer the person."""
    holds: Holds
    """Whether a text holds a trace of the person."""
    keyed: Callable[[str], str]
    """The lookup key of an id: the ledger has it in place of one that tells somebody."""

    def has(self, key: str, occurrence: int) -> bool:
        """Whether the row with this id, the one of its `occurrence`, answers the person."""
        return (key, occurrence) in self.items or (self.keyed(key), occurrence) in self.items


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


def outputs_of(store: Store, mine: Callable[[str], Mine]) -> list[tuple[runs.Run, Output]]:
    """The files with rows of the person; `mine` says of a run's id which are."""
    found = []
    for run in latest_runs(store):
        path = Path(run.out)
        if path.is_file() or journal_of(path).is_file():
            rows = _count(path, mine(run.id))
            if rows:
                found.append((run, Output(path, rows, run.id)))
    return found


def take_out(store: Store, run: runs.Run, mine: Mine) -> None:
    """Writes the file of `run` anew without these rows; a kill leaves the old or the new one."""
    path = Path(run.out)
    workbook = path.suffix.lower() == ".xlsx"
    finished = workbook and path.is_file()
    if finished and journal_of(path).is_file():
        # What stands in the workbook is over: a forced run stopped before it replaced it, or
        # this was killed halfway.
        if _superseded(path, mine):
            path.unlink()
        finished = run.state == "done"
    if finished:
        _to_journal(path)
    rows_file = journal_of(path) if workbook else path
    found = _without(rows_file, mine)
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


def _count(path: Path, mine: Mine) -> int:
    journal = journal_of(path)
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return _without(path if path.is_file() else journal, mine).rows
    if journal.is_file():
        return _without(journal, mine).rows + _superseded(path, mine)
    _to_journal(path)
    try:
        return _without(journal, mine).rows
    finally:
        journal.unlink()


def _superseded(workbook: Path, mine: Mine) -> int:
    """How many rows of a workbook that a later run replaces are the person's."""
    seen: Counter[str] = Counter()
    found = 0
    for row in workbook_rows(workbook):
        key = str(row.get("id", ""))
        found += mine.has(key, seen[key]) or any(mine.holds(str(one)) for one in row.values())
        seen[key] += 1
    return found


def _to_journal(workbook: Path) -> None:
    # What ends in an error leaves the journal, as a resume needs it.
    open_rows(workbook, mode="resume").__exit__(KeyboardInterrupt, None, None)


def _without(path: Path, mine: Mine) -> _Found:
    seen: Counter[str] = Counter()
    gone = 0
    kept: list[bytes] = []
    for number, (raw, key) in enumerate(_rows(path)):
        header = key is None and number == 0
        answers = mine.has(key or "", seen[key or ""])
        seen[key or ""] += 1
        if not header and (answers or mine.holds(raw.decode("utf-8", "replace"))):
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
