"""Jobs from one file into another that need no shop: redact, screen, verify, read reviews."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from heapq import nsmallest
from pathlib import Path
from typing import Literal

from zhanggui.batch.runner import LocalRunner, Runner, SerialRunner, Stage
from zhanggui.batch.stages import ReadStage, VerifyStage, with_others
from zhanggui.batch.stream import StreamSummary, stream_rows
from zhanggui.errors import InputError
from zhanggui.ingest.readers import DraftRow, LabelRow, TextRow, read_products, sourced
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.writers import Mode, RowWriter, open_rows, refuse_input
from zhanggui.llm.engine import Engine
from zhanggui.records import Product, Reading, Review, RowFault
from zhanggui.reviews.cascade import refine
from zhanggui.reviews.learning import LearnReport, learn_opinions, learn_polarity
from zhanggui.reviews.rows import PolarityLabel, opinions_label, reading_of_row, reading_row
from zhanggui.reviews.suspicious import Suspicion
from zhanggui.settings import PLAIN, Wording

Task = Literal["polarity", "opinions"]
OnRow = Callable[[int], None]
_SMALL = 1_000_000
_CHUNK = 512


def runner_for(path: Path, processes: int) -> Runner:
    """Processes for a large file; a small one is done before they would have started."""
    if processes > 1 and path.exists() and path.stat().st_size > _SMALL:
        return LocalRunner(processes, chunk=_CHUNK)
    return SerialRunner(chunk=_CHUNK)


def texts_file(
    path: Path,
    out: Path,
    stage: Stage[Sourced[TextRow]],
    *,
    processes: int = 1,
    mode: Mode = "new",
    on_row: OnRow = lambda _: None,
) -> StreamSummary:
    """What `stage` makes of the texts of `path`, into `out`."""
    refuse_input(out, path)
    return stream_rows(
        sourced(TextRow, path),
        stage=stage,
        runner=runner_for(path, processes),
        out=out,
        mode=mode,
        on_row=on_row,
    )


def verify_file(
    products: Path,
    drafts: Path,
    out: Path,
    *,
    wording: Wording = PLAIN,
    processes: int = 1,
    mode: Mode = "new",
    on_row: OnRow = lambda _: None,
) -> StreamSummary:
    """Checks the texts of `drafts` against `products`, the law and the shop's own `wording`,
    by rules alone.

    A draft whose product is not in `products` is reported and left out. Raises InputError if
    `products` holds no product.
    """
    refuse_input(out, products, drafts)
    # Opened before `out` is: a name that is mistyped leaves no empty file.
    texts = sourced(DraftRow, drafts)
    faults: list[RowFault] = []
    known = set()
    for row in read_products(products):
        if isinstance(row, Product):
            known.add(row.id)
        else:
            faults.append(row)
    if not known:
        raise InputError(f"{products.name} holds no product: check the file.")
    summary = stream_rows(
        _with_known_products(drafts.name, texts, known),
        stage=VerifyStage(products, wording),
        runner=runner_for(drafts, processes),
        out=out,
        mode=mode,
        on_row=on_row,
    )
    return replace(summary, faults=(*faults, *summary.faults))


def _with_known_products(
    name: str, texts: Iterable[Sourced[DraftRow] | RowFault], known: set[str]
) -> Iterator[Sourced[DraftRow] | RowFault]:
    for row in texts:
        wanted = None if isinstance(row, RowFault) else row.record.product_id
        if isinstance(row, RowFault) or wanted is None or wanted in known:
            yield row
        else:
            yield RowFault(name, row.line, f"there is no product {wanted!r}")


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
    with open_rows(out, mode=mode) as writer:
        summary = stream_rows(
            _records(path),
            stage=ReadStage(students),
            runner=runner_for(path, processes),
            out=journal,
            mode="resume" if mode == "resume" else "force",
            on_row=on_row,
        )
        marking = _Marking(path, journal, engine, model_budget)
        marking.write(writer)
    journal.unlink()
    return ReadSummary(
        written=writer.written,
        faults=summary.faults,
        suspicious=marking.suspicious,
        asked=marking.asked,
    )


def _records(path: Path) -> Iterator[Review | RowFault]:
    return (row if isinstance(row, RowFault) else row.record for row in sourced(Review, path))


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

    def write(self, writer: RowWriter) -> None:
        """Writes the rows that `writer` does not hold yet."""
        position, held = 0, writer.written
        for rows, readings in self._chunks():
            marked = self._suspicion.mark([row.record for row in rows], readings)
            for row, reading in zip(rows, marked, strict=True):
                self.suspicious += reading.suspicious
                if position >= held:
                    final = self._asked_about(position, row.record, reading)
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
        good = (row for row in sourced(Review, self._path) if not isinstance(row, RowFault))
        with self._journal.open(encoding="utf-8") as file:
            for row, line in zip(good, file, strict=True):
                rows.append(row)
                readings.append(reading_of_row(json.loads(line)))
                if len(rows) == _CHUNK:
                    yield rows, readings
                    rows, readings = [], []
        if rows:
            yield rows, readings


def learn_file(task: Task, path: Path, out: Path) -> tuple[LearnReport, tuple[RowFault, ...]]:
    """Teaches a student from the labels in `path`; it is saved in the folder `out`.

    Raises InputError if there are too few labels for `task`.
    """
    faults: list[RowFault] = []
    rows = list(_labels(path, task, faults))
    if task == "polarity":
        known = [PolarityLabel(row.content, row.polarity) for row in rows if row.polarity]
        return learn_polarity(known, out), tuple(faults)
    # Records hold tuples, label rows lists.
    marked = [asdict(row) | {"opinions": [asdict(o) for o in row.opinions or ()]} for row in rows]
    return learn_opinions([opinions_label(row) for row in marked], out), tuple(faults)


def _labels(path: Path, task: Task, faults: list[RowFault]) -> Iterator[LabelRow]:
    for row in sourced(LabelRow, path):
        if isinstance(row, RowFault):
            faults.append(row)
        elif (row.record.polarity if task == "polarity" else row.record.opinions) is None:
            faults.append(RowFault(path.name, row.line, f"the row has no {task}"))
        else:
            yield row.record
