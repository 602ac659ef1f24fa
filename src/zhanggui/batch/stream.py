"""Streams of rows for commands that need no shop: no ledger, the output file is the record.

Each good input row gives one output row, in order, so the number of whole rows in the file
says how many inputs are done; `inputs.py` knows which ones that were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from zhanggui.batch.inputs import Inputs
from zhanggui.batch.runner import LocalRunner, Runner, SerialRunner, Stage
from zhanggui.ingest.writers import Mode, open_rows
from zhanggui.records import RowFault

T = TypeVar("T")
Row = dict[str, Any]
OnRow = Callable[[int], None]
"""Is told how many rows are in the file, after each."""

CHUNK = 512
_SMALL = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSummary:
    """What a stream came to."""

    written: int
    """Rows in the file, those of an earlier start included."""
    resumed: int
    """Of `written`, those of an earlier start."""
    faults: tuple[RowFault, ...]
    """Input rows that could not be used."""


def stream_rows(
    rows: Iterable[T | RowFault],
    *,
    stage: Stage[T],
    runner: Runner,
    out: Path,
    basis: str = "",
    mode: Mode = "new",
    columns: Sequence[str] | None = None,
    on_row: OnRow = lambda _: None,
) -> StreamSummary:
    """Writes to `out` what `stage` makes of each of `rows`; faults are collected, not written.

    `basis` is a digest of what else the rows are made from. Raises OutputExists, what the stage
    raises, and InputError if the rows that `out` holds were made from others than these.
    """
    faults: list[RowFault] = []
    with open_rows(out, columns=columns, mode=mode) as writer:
        resumed = writer.written
        good = good_rows(rows, faults)
        with closing(Inputs(out, basis, resumed)) as inputs:
            inputs.skip(good)
            if resumed:
                on_row(resumed)
            for row in runner.run(stage, inputs.noting(good)):
                inputs.flush()
                writer.append(row)
                on_row(writer.written)
        written = writer.written
    return StreamSummary(written=written, resumed=resumed, faults=tuple(faults))


def good_rows(rows: Iterable[T | RowFault], faults: list[RowFault]) -> Iterator[T]:
    """The rows that can be used; the others are added to `faults`."""
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
        else:
            yield row


def runner_for(path: Path, processes: int) -> Runner:
    """Processes for a large file; a small one is done before they would have started."""
    if processes > 1 and path.exists() and path.stat().st_size > _SMALL:
        return LocalRunner(processes, chunk=CHUNK)
    return SerialRunner(chunk=CHUNK)


def with_others(row: Row, others: Mapping[str, Any]) -> Row:
    """`row` with the columns of `others`, which are none of ours, that it does not have itself."""
    return row | {name: value for name, value in others.items() if name not in row}
