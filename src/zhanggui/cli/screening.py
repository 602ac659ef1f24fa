"""`zhanggui screen`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.file_jobs import screen_file
from zhanggui.cli.options import (
    Force,
    OutFile,
    Resume,
    finish,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import row_counter
from zhanggui.settings import load_settings


def screen(
    file: Annotated[Path, typer.Argument(metavar="F", help="Rows of id and text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Find texts that try to steer the machine that reads them, and offensive ones."""
    mode = write_mode(resume=resume, force=force)
    with row_counter("screen") as show:
        summary = screen_file(file, out, processes=load_settings().threads, mode=mode, on_row=show)
    out_console.print(f"{summary.written} texts → {out}")
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
