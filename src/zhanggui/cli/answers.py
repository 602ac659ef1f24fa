"""`zhanggui answer`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from zhanggui.cli.home import existing_shop
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
from zhanggui.cli.progress import run_bar


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
        existing_shop(options) as shop,
        run_bar("answer") as show,
    ):
        result = shop.answer_to(out, questions, mode=mode, on_progress=show)
    count = Counter(reply.decision for _, reply in result.replies)
    out_console.print(
        f"{len(result.replies)} questions: {count['send']} sent, {count['suggest']} suggested, "
        f"{count['hand_over']} handed over → {out}"
    )
    print_faults(result.faults)
    finish(good=result.done, bad=result.failed)
