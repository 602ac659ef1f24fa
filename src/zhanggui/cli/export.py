"""`zhanggui export`: the catalogue in a platform's format, or what is stored of a customer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import (
    Force,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.errors import InputError
from zhanggui.export.catalogue import ExportSummary
from zhanggui.ingest.platforms import Format
from zhanggui.ingest.writers import Mode
from zhanggui.pii.permission import NONE, Permission
from zhanggui.rights.export import write_personal_data
from zhanggui.shop import Shop

_PII: frozenset[Permission] = frozenset({"pii"})


def export(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option("--out", help="The file; a platform's is .csv, a customer's may be .json."),
    ],
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="The catalogue, as this platform reads it."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option(help="Whose copy, if not that of the format.")
    ] = None,
    titles: Annotated[bool, typer.Option("--titles", help="Write our titles too.")] = False,
    include_drafts: Annotated[
        bool,
        typer.Option(
            "--include-drafts", help="Also publishable copy that nobody has approved yet."
        ),
    ] = False,
    customer: Annotated[
        str | None,
        typer.Option("--customer", help="What is stored of this customer; needs --pii."),
    ] = None,
    pii: Annotated[
        bool, typer.Option("--pii", help="You may see personal data: the permission `pii`.")
    ] = False,
    force: Force = False,
) -> None:
    """Write the catalogue as it stands (--format), or what is stored of a customer (--customer).

    A file that came in the same format goes back byte for byte but for the cells with our copy.
    """
    if (format_ is None) == (customer is None):
        raise InputError("Say what to export: either --format or --customer.")
    options = global_options(context)
    mode = write_mode(resume=False, force=force)
    with existing_shop(options) as shop:
        if customer is not None:
            _customer(shop, customer, out, mode, _PII if pii else NONE)
            return
        assert format_ is not None
        summary = shop.export(
            format_,
            out,
            channel=channel,
            include_drafts=include_drafts,
            titles=titles,
            mode=mode,
        )
    _say(summary, out)
    print_faults(summary.faults)
    finish(good=summary.products, bad=len(summary.faults))


def _customer(
    shop: Shop, customer: str, out: Path, mode: Mode, permissions: frozenset[Permission]
) -> None:
    found = shop.personal_data(customer, permissions)
    write_personal_data(found, out, mode)
    out_console.print(
        f"{len(found.orders)} orders, {len(found.tickets)} tickets, {len(found.replies)} replies, "
        f"{len(found.values)} values → {out}",
        soft_wrap=True,
    )


def _say(summary: ExportSummary, out: Path) -> None:
    how = f"your own file, {summary.changed} cells changed" if summary.own_file else "a new file"
    out_console.print(
        f"{summary.products} products, {summary.written} with our copy ({how}) → {out}",
        soft_wrap=True,
    )
    if summary.left_out:
        out_console.print(
            f"{summary.left_out} with approved copy that may not go out any more: their old "
            "description stays. Why:"
        )
    if not summary.written and not summary.faults:
        out_console.print(
            "No copy is approved yet: see `zhanggui drafts approve`, or add --include-drafts."
        )
