"""`zhanggui reviews`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.reviews import read_file
from zhanggui.cli.options import (
    Force,
    OutFile,
    Resume,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import row_counter
from zhanggui.llm.open_engine import open_engine


class RunEngine(StrEnum):
    """Where the reviews are read."""

    LOCAL = "local"


def read(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="F", help="Rows of id, content, rating, …")],
    out: OutFile,
    engine: Annotated[RunEngine, typer.Option(help="Where the work is done.")] = RunEngine.LOCAL,
    students: Annotated[
        Path | None, typer.Option(help="What `students learn` wrote; the shipped fill the gaps.")
    ] = None,
    model_budget: Annotated[
        int, typer.Option(min=0, help="Ask the model about so many of the least sure reviews.")
    ] = 0,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Read reviews: polarity, opinions, and which look bought. No model call by default."""
    del engine  # one choice so far; the option is part of the contract
    settings = global_options(context).settings()
    mode = write_mode(resume=resume, force=force)
    with row_counter("reviews") as show:
        summary = read_file(
            file,
            out,
            students=students,
            engine=open_engine(settings) if model_budget else None,
            model_budget=model_budget,
            processes=settings.threads,
            mode=mode,
            on_row=show,
        )
    out_console.print(
        f"{summary.written} reviews read, {summary.suspicious} suspicious, "
        f"{summary.asked} decided by the model → {out}"
    )
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
