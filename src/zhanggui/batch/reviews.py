"""Reviews of a file, read into another one: `reviews`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path

from zhanggui.batch.inputs import Inputs, digest_of, record_of
from zhanggui.batch.stream import CHUNK, OnRow, Row, good_rows, runner_for, stream_rows, with_others
from zhanggui.ingest.readers import read, sourced
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.writers import Mode, RowWriter, open_rows, refuse_input
from zhanggui.llm.engine import Engine
from zhanggui.records import Reading, Review, RowFault
from zhanggui.reviews.cascade import refine
from zhanggui.reviews.reading import load_students, read_chunk
from zhanggui.reviews.rows import reading_of_row, reading_row
from zhanggui.reviews.suspicious import Suspicion


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSummary:
    """What reading a file of reviews came to."""

    written: int
    faults: tuple[RowFault, ...]
    suspicious: int
    asked: int
    """Reviews that the model was asked about."""


def read_file(
    path: Path,
    out: Path,
    *,
    students: Path | None = None,
    engine: Engine | None = None,
    model_budget: int = 0,
    processes: int = 1,
    mode: Mode = "new",
    on_row: OnRow = lambda _: None,
) -> ReadSummary:
    """Reads the reviews of `path` into `out`: polarity, opinions, suspicion.

    Two passes, memory flat: the students' readings go to a journal beside `out`, which a
    resume continues; the second pass knows all signatures and marks what looks copied. The
    model is asked about the `model_budget` least sure reviews, if `engine` is given.
    """
    refuse_input(out, path)
    journal = out.with_name(f"{out.name}.readings.jsonl")
    # What looks copied depends on all reviews, not on those before a review alone.
    basis = digest_of(path, str(students))
    with (
        open_rows(out, mode=mode) as writer,
        closing(Inputs(out, basis, writer.written)) as inputs,
    ):
        inputs.skip(good_rows(sourced(Review, path), []))
        summary = stream_rows(
            read(Review, path),
            stage=ReadStage(students),
            runner=runner_for(path, processes),
            out=journal,
            basis=basis,
            mode="resume" if mode == "resume" else "force",
            on_row=on_row,
        )
        marking = _Marking(path, journal, engine, model_budget)
        marking.write(writer, inputs)
    journal.unlink()
    record_of(journal).unlink()
    return ReadSummary(
        written=writer.written,
        faults=summary.faults,
        suspicious=marking.suspicious,
        asked=marking.asked,
    )


class _Marking:
    """The second pass over a file of reviews."""

    def __init__(self, path: Path, journal: Path, engine: Engine | None, budget: int) -> None:
        self._path = path
        self._journal = journal
        self._engine = engine
        self.suspicious = 0
        self.asked = 0
        self._suspicion = Suspicion()
        for rows, readings in self._chunks():
            self._suspicion.add([row.record for row in rows], readings)
        self._unsure = self._least_sure(budget) if engine is not None and budget > 0 else set()

    def write(self, writer: RowWriter, inputs: Inputs) -> None:
        """Writes the rows that `writer` does not hold yet."""
        position, held = 0, writer.written
        for rows, readings in self._chunks():
            marked = self._suspicion.mark([row.record for row in rows], readings)
            for row, reading in zip(rows, marked, strict=True):
                self.suspicious += reading.suspicious
                if position >= held:
                    final = self._asked_about(position, row.record, reading)
                    inputs.note(row)
                    inputs.flush()
                    writer.append(with_others(reading_row(final), row.others))
                position += 1

    def _asked_about(self, position: int, review: Review, reading: Reading) -> Reading:
        if position not in self._unsure or self._engine is None:
            return reading
        self.asked += 1
        return refine([review], [reading], self._engine, 1).readings[0]

    def _least_sure(self, budget: int) -> set[int]:
        readings = (reading for _, chunk in self._chunks() for reading in chunk)
        scored = ((abs(reading.score), index) for index, reading in enumerate(readings))
        return {index for _, index in nsmallest(budget, scored)}

    def _chunks(self) -> Iterator[tuple[list[Sourced[Review]], list[Reading]]]:
        rows: list[Sourced[Review]] = []
        readings: list[Reading] = []
        good = good_rows(sourced(Review, self._path), [])
        with self._journal.open(encoding="utf-8") as file:
            for row, line in zip(good, file, strict=True):
                rows.append(row)
                readings.append(reading_of_row(json.loads(line)))
                if len(rows) == CHUNK:
                    yield rows, readings
                    rows, readings = [], []
        if rows:
            yield rows, readings


@dataclass(frozen=True, slots=True)
class ReadStage:
    """Reviews → readings, not yet marked as suspicious."""

    students: Path | None

    def open(self) -> Callable[[Sequence[Review]], list[Row]]:
        students = load_students(self.students)
        return lambda reviews: [reading_row(one) for one in read_chunk(reviews, students)]
