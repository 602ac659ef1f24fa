"""Texts of a file into another one: `redact` and `screen`.

A stage is a picklable recipe that each process opens once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhanggui.batch.runner import Stage
from zhanggui.batch.stream import OnRow, Row, StreamSummary, runner_for, stream_rows, with_others
from zhanggui.guard.screen import shipped_guard
from zhanggui.ingest.readers import TextRow, sourced
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.writers import Mode, refuse_input
from zhanggui.pii.finder import Entity, mask, mask_all


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
        basis=repr(stage),
        mode=mode,
        on_row=on_row,
    )


@dataclass(frozen=True, slots=True)
class RedactStage:
    """Texts → texts without personal data, with what was found."""

    def open(self) -> Callable[[Sequence[Sourced[TextRow]]], list[Row]]:
        return _redacted


def _redacted(rows: Sequence[Sourced[TextRow]]) -> list[Row]:
    # A column that we do not know may hold what the text no longer does.
    columns = [
        [name for name, value in row.others.items() if isinstance(value, str)] for row in rows
    ]
    texts = [
        text
        for row, names in zip(rows, columns, strict=True)
        for text in (row.record.text, *(row.others[name] for name in names))
    ]
    masked = iter(mask_all(texts))
    return [_masked_row(row, names, masked) for row, names in zip(rows, columns, strict=True)]


def _masked_row(
    row: Sourced[TextRow], names: list[str], masked: Iterator[tuple[str, list[Entity]]]
) -> Row:
    text, entities = next(masked)
    found = [
        {"type": one.type, "start": one.start, "end": one.end, "text": one.text} for one in entities
    ]
    others = {name: _masked(value) for name, value in row.others.items() if name not in names}
    others = {**row.others, **others, **{name: next(masked)[0] for name in names}}
    return with_others({"id": row.record.id, "text": text, "entities": found}, others)


def _masked(value: Any) -> Any:
    """A value of JSON without personal data: what stands in lists, in objects and as a number."""
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return value
    said = str(value)
    shown, _ = mask(said)
    return value if shown == said else shown


@dataclass(frozen=True, slots=True)
class ScreenStage:
    """Texts → whether they try to steer a machine, and whether they insult."""

    def open(self) -> Callable[[Sequence[Sourced[TextRow]]], list[Row]]:
        guard = shipped_guard()

        def screened(rows: Sequence[Sourced[TextRow]]) -> list[Row]:
            found = guard.screen([row.record.text for row in rows])
            return [
                with_others({"id": row.record.id, **asdict(one)}, row.others)
                for row, one in zip(rows, found, strict=True)
            ]

        return screened
