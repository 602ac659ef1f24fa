"""Options that every command shares, and how its result ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from zhanggui.errors import InputError
from zhanggui.ingest.writers import Mode
from zhanggui.records import RowFault
from zhanggui.settings import Settings, load_settings

ALL_GOOD, SOME_BAD, NOTHING_DONE = 0, 1, 2

out_console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)

OutFile = Annotated[
    Path, typer.Option("--out", help="Where rows are written: .jsonl, .csv or .xlsx.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where an earlier run into --out stopped.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing --out.")]


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What stands before the command."""

    home: Path | None = None
    now: datetime | None = None
    model: str | None = None
    endpoint: str | None = None
    debug: bool = False

    def settings(self) -> Settings:
        """Settings with the command line's choices on top."""
        return load_settings(self.home, model=self.model, endpoint=self.endpoint)


def global_options(context: typer.Context) -> GlobalOptions:
    """What stood before the command in this call."""
    found = context.find_root().obj
    assert isinstance(found, GlobalOptions)
    return found


def parse_now(text: str | None) -> datetime | None:
    """An ISO date or date-time; raises InputError for anything else."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"--now takes an ISO date such as 2026-11-20, and {text!r} is not one."
        ) from None


def write_mode(*, resume: bool, force: bool) -> Mode:
    """The writer's mode for the two flags; both at once is an error."""
    if resume and force:
        raise InputError("Give either --resume or --force, not both.")
    return "resume" if resume else "force" if force else "new"


def print_faults(faults: Sequence[RowFault], *, shown: int = 20) -> None:
    """The rows that could not be used, one line each, on standard error."""
    for fault in faults[:shown]:
        error_console.print(f"[yellow]skipped[/] {fault}", soft_wrap=True, markup=True)
    if len(faults) > shown:
        error_console.print(f"[yellow]skipped[/] and {len(faults) - shown} more rows")


def finish(*, good: int, bad: int) -> NoReturn:
    """Ends the command with the status that the contract asks for."""
    if bad == 0:
        raise typer.Exit(ALL_GOOD)
    raise typer.Exit(SOME_BAD if good else NOTHING_DONE)
