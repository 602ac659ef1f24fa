"""Progress on a terminal; nothing where the output is piped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from zhanggui.cli.options import error_console


class Bar:
    """One bar: `advance` as work is done; `note` says what the estimate is."""

    def __init__(self, progress: Progress, title: str, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=total, note="")

    def update(self, done: int, *, note: str = "") -> None:
        """Shows `done` items and a note."""
        self._progress.update(self._task, completed=done, note=note)


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Bar]:
    """A bar on standard error, silent when that is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    with Progress(
        *columns,
        console=error_console,
        transient=True,
        disable=not error_console.is_terminal,
    ) as progress:
        yield Bar(progress, title, total)
