"""`zhanggui import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from zhanggui.cli.options import finish, global_options, out_console, print_faults
from zhanggui.ingest.report import ImportReport
from zhanggui.shop import Shop


def import_folder(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="SHOP_DIR", help="The folder with the exports.")
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="mapping.toml, if not the one in the folder.")
    ] = None,
) -> None:
    """Take a shop folder in: products, knowledge, FAQ, orders, reviews, tickets; any subset."""
    options = global_options(context)
    with Shop.open(options.settings(), now=options.now) as shop:
        report = shop.import_folder(folder, mapping=mapping)
    out_console.print(import_table(report))
    for file in report.files:
        if file.erased:
            out_console.print(f"{file.name}: {file.erased} rows of erased customers left out")
    if report.drafts_checked:
        out_console.print(
            f"drafts of changed products: checked {report.drafts_checked}, "
            f"no longer holding {report.drafts_affected}"
        )
    if report.drafts_affected:
        out_console.print("zhanggui drafts list --state needs_review shows them.", style="dim")
    if report.answers_stale:
        out_console.print(
            f"accepted answers that no longer hold: {report.answers_stale}; "
            "zhanggui replies list --stale shows them."
        )
    if report.stale_replies:
        out_console.print(f"{report.stale_replies} replies stand on passages that changed")
    for name in report.ignored:
        out_console.print(f"{name}: not used", style="dim")
    faults = [fault for file in report.files for fault in file.faults]
    print_faults(faults)
    finish(good=sum(file.read for file in report.files), bad=len(faults))


def import_table(report: ImportReport) -> Table:
    """What was read, a row a file."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("file", overflow="fold")
    table.add_column("encoding")
    for name in ("read", "added", "changed", "same", "removed", "skipped"):
        table.add_column(name, justify="right")
    for file in report.files:
        figures = (file.read, file.added, file.changed, file.same, file.removed, file.skipped)
        table.add_row(file.name, file.encoding, *(str(figure) for figure in figures))
    return table
