"""Streams of rows for commands that need no shop: no ledger, the output file is the record.

Each good input row gives one output row, in order, so the number of whole rows in the file
says how many inputs a resume may skip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from zhanggui.batch.runner import Runner, Stage
from zhanggui.errors import InputError
from zhanggui.ingest.writers import Mode, open_rows
from zhanggui.records import RowFault

T = TypeVar("T")


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
    mode: Mode = "new",
    columns: Sequence[str] | None = None,
    on_row: Callable[[int], None] = lambda _: None,
) -> StreamSummary:
    """Writes to `out` what `stage` makes of each of `rows`; faults are collected, not written.

    `on_row` gets the number of rows in the file after each. Raises OutputExists, what the
    stage raises, and InputError if `out` holds more rows than the input has.
    """
    faults: list[RowFault] = []
    with open_rows(out, columns=columns, mode=mode) as writer:
        resumed = writer.written
        good = _good(rows, faults)
        for skipped in range(resumed):
            if next(good, None) is None:
                raise InputError(
                    f"{out.name} holds {resumed} rows but the input has only {skipped} good ones: "
                    "give the input it was begun with, or --force."
                )
        if resumed:
            on_row(resumed)
        for row in runner.run(stage, good):
            writer.append(row)
            on_row(writer.written)
        written = writer.written
    return StreamSummary(written=written, resumed=resumed, faults=tuple(faults))


def _good(rows: Iterable[T | RowFault], faults: list[RowFault]) -> Iterator[T]:
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
        else:
            yield row
