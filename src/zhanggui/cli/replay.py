"""`zhanggui replay`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.replay import write_gaps
from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import (
    Force,
    error_console,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import row_counter
from zhanggui.cli.replay_page import print_regression, print_replay
from zhanggui.errors import InputError, OutputExists
from zhanggui.ingest.writers import Mode, require_suffix


def replay(
    context: typer.Context,
    tickets: Annotated[
        Path | None, typer.Option(help="Past tickets; else those that were imported.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A row a turn: .jsonl, .csv or .xlsx.")
    ] = None,
    faq_out: Annotated[
        Path | None,
        typer.Option("--faq-out", help="What the knowledge lacks, as drafted lines of a FAQ."),
    ] = None,
    top: Annotated[int, typer.Option(min=0, help="How many differences and gaps to show.")] = 10,
    regression: Annotated[
        bool,
        typer.Option(
            "--regression",
            help="Give all judged replies again; status 1 if a right one is wrong now.",
        ),
    ] = False,
    force: Force = False,
) -> None:
    """See what past tickets would have got, and how right it is. Nothing is sent."""
    options = global_options(context)
    mode = write_mode(resume=False, force=force)
    if regression and (tickets is not None or faq_out is not None):
        raise InputError("--regression gives judged replies again: leave out the other options.")
    if faq_out is not None:
        _require_place(faq_out, out, mode)
    with existing_shop(options) as shop, row_counter("replay") as show:
        if regression:
            found = shop.regression(out, mode=mode, on_turn=show)
        else:
            report = shop.replay(tickets, out, mode=mode, on_turn=show)
    if regression:
        print_regression(found, top)
        flipped = sum(one.flipped for one in found)
        finish(good=len(found) - flipped or 1, bad=flipped)
    if faq_out is not None:
        write_gaps(report.gaps, faq_out, mode)
    print_replay(report, top)
    for name, file in (("rows", out), ("FAQ lines", faq_out)):
        if file is not None:
            error_console.print(f"{name} → {file}", style="dim", soft_wrap=True)
    print_faults(report.faults)
    out_console.print()
    finish(good=len(report.rows), bad=len(report.faults))


def _require_place(faq_out: Path, out: Path | None, mode: Mode) -> None:
    """A replay may take minutes: what would fail at its end fails before it."""
    require_suffix(faq_out)
    if out is not None and out.resolve() == faq_out.resolve():
        raise InputError("--out and --faq-out name the same file: give two.")
    if mode == "new" and faq_out.exists():
        raise OutputExists(f"{faq_out} already exists: add --force to replace it.")
