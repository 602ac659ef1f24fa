"""Progress on a terminal; nothing where the output is piped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from zhanggui.batch.pace import Progress as RunProgress
from zhanggui.cli.options import error_console
from zhanggui.text.duration import duration


@contextmanager
def run_bar(title: str) -> Iterator[Callable[[RunProgress], None]]:
    """A bar for a durable run, with its estimate of the time left."""
    with _bar() as progress:
        task = progress.add_task(title, total=None, note="")

        def show(state: RunProgress) -> None:
            left = state.seconds_left
            note = "" if left is None else f"{duration(left)} left"
            done = state.done + state.failed
            progress.update(task, completed=done, total=state.total, note=note)

        yield show


@contextmanager
def row_counter(title: str) -> Iterator[Callable[[int], None]]:
    """A count of rows whose total is not known beforehand."""
    with _bar() as progress:
        task = progress.add_task(title, total=None, note="")

        def show(rows: int) -> None:
            progress.update(task, completed=rows)

        yield show


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=error_console,
        transient=True,
        disable=not error_console.is_terminal,
    )
