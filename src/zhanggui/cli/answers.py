"""`zhanggui answer`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
from zhanggui.cli.progress import progress_bar
from zhanggui.shop import Shop


def answer(
    context: typer.Context,
    questions: Annotated[Path, typer.Option(help="Rows of id, question, product_id, …")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Answer customers where the shop's data answers, hand over where it does not."""
    options = global_options(context)
    mode = write_mode(resume=resume, force=force)
    with (
        Shop.open(options.settings(), now=options.now) as shop,
        progress_bar("answer", None) as bar,
    ):
        summary = shop.answer_to(out, questions, mode=mode, on_progress=bar.show)
    out_console.print(
        f"{summary.sent} of {summary.done} sent, {summary.suggested} suggested, "
        f"{summary.handed_over} handed over → {out}"
    )
    print_faults(summary.faults)
    finish(good=summary.done, bad=summary.failed)
