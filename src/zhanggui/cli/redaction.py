"""`zhanggui redact`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.cli.options import (
    Force,
    OutFile,
    Resume,
    finish,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import progress_bar
from zhanggui.shop import redact_file


def redact(
    file: Annotated[Path, typer.Argument(metavar="F", help="Rows of id and text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Find personal data in texts and write them without it."""
    mode = write_mode(resume=resume, force=force)
    with progress_bar("redact", None) as bar:
        summary = redact_file(file, out, mode=mode, on_progress=bar.show)
    out_console.print(f"{summary.done} texts → {out}")
    print_faults(summary.faults)
    finish(good=summary.done, bad=summary.failed)
