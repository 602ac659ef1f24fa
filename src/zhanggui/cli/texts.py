"""`zhanggui redact` and `zhanggui screen`: one row for each text of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from zhanggui.batch.runner import Stage
from zhanggui.batch.texts import RedactStage, ScreenStage, texts_file
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
from zhanggui.ingest.readers import TextRow
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.writers import Mode
from zhanggui.settings import load_settings

TextsFile = Annotated[Path, typer.Argument(metavar="F", help="Rows of id and text.")]


def redact(file: TextsFile, out: OutFile, resume: Resume = False, force: Force = False) -> None:
    """Find personal data in texts and write them without it."""
    _work(file, out, "redact", RedactStage(), write_mode(resume=resume, force=force))


def screen(file: TextsFile, out: OutFile, resume: Resume = False, force: Force = False) -> None:
    """Find texts that try to steer the machine that reads them, and offensive ones."""
    _work(file, out, "screen", ScreenStage(), write_mode(resume=resume, force=force))


def _work(
    file: Path, out: Path, title: str, stage: Stage[Sourced[TextRow]], mode: Mode
) -> NoReturn:
    with row_counter(title) as show:
        summary = texts_file(
            file, out, stage, processes=load_settings().threads, mode=mode, on_row=show
        )
    out_console.print(f"{summary.written} texts → {out}")
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
