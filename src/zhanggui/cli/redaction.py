"""`zhanggui redact`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.file_jobs import redact_file
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


def redact(
    file: Annotated[Path, typer.Argument(metavar="F", help="Rows of id and text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Find personal data in texts and write them without it."""
    mode = write_mode(resume=resume, force=force)
    with row_counter("redact") as show:
        summary = redact_file(file, out, processes=load_settings().threads, mode=mode, on_row=show)
    out_console.print(f"{summary.written} texts → {out}")
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
