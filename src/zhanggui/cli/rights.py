"""`zhanggui erase` and `zhanggui retention`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import (
    ALL_GOOD,
    SOME_BAD,
    error_console,
    global_options,
    out_console,
)
from zhanggui.errors import InputError
from zhanggui.rights.erase import Erasure

CustomerId = Annotated[
    str, typer.Option("--customer", help="The customer's id as in orders.csv and tickets.jsonl.")
]


def erase(
    context: typer.Context,
    customer: CustomerId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    outputs: Annotated[
        bool, typer.Option("--outputs", help="Take rows out of outputs outside the home too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The receipt as JSON.")] = False,
) -> None:
    """Erase a customer: rows, values, key; and search everything under the home for the rest.

    What it cannot reach: backups, the exports you imported, and outputs outside the home
    (it names them; --outputs cleans them).
    """
    options = global_options(context)
    if not yes:
        _confirm()
    with existing_shop(options) as shop:
        receipt = shop.erase(customer, all_outputs=outputs)
    if as_json:
        shown = asdict(receipt) | {"complete": receipt.complete}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, default=str) + "\n")
    else:
        out_console.print(_receipt_table(receipt))
    _say_what_is_left(receipt)
    raise typer.Exit(ALL_GOOD if receipt.complete else SOME_BAD)


def retention(context: typer.Context) -> None:
    """Delete what is older than the periods under `retention_days` in settings.toml."""
    options = global_options(context)
    with existing_shop(options) as shop:
        report = shop.apply_retention()
    for name, count in report.deleted.items():
        out_console.print(f"{name}: {count} deleted")
    for path in report.files:
        out_console.print(f"{path}: deleted", soft_wrap=True)
    for path in report.outside:
        error_console.print(
            f"[yellow]kept[/] {path} is as old and outside the home: delete it yourself.",
            soft_wrap=True,
        )


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise InputError("An erasure cannot be undone: add --yes if you mean it.")
    typer.confirm("This deletes all that is stored of the customer, for good. Go on?", abort=True)


def _receipt_table(receipt: Erasure) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("key", "deleted" if receipt.key_deleted else "kept until the rest is gone")
    for title, counts in (
        ("rows deleted", receipt.deleted),
        ("concealed in rows of others", receipt.concealed),
        ("rows taken out of", {str(one.path): one.rows for one in receipt.rewritten}),
    ):
        told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        table.add_row(title, told or "none")
    table.add_row(
        "searched",
        f"{receipt.files} files, {receipt.bytes:,} bytes, for {receipt.strings} strings "
        "in every form and encoding",
    )
    table.add_row("found", f"{len(receipt.remains) + len(receipt.tables)} times")
    return table


def _say_what_is_left(receipt: Erasure) -> None:
    lines = [
        f"[red]remains[/] {path}: delete or clean this file, then erase again."
        for path in receipt.remains
    ]
    lines += [f"[red]remains[/] table {name} of the database." for name in receipt.tables]
    lines += [
        f"[yellow]outside[/] {one.path}: {one.rows} rows of the customer; delete it, "
        "or erase again with --outputs."
        for one in receipt.outside
    ]
    if receipt.short:
        kinds = ", ".join(receipt.short)
        lines.append(f"Too short to be told from other text and not searched for: {kinds}.")
    if receipt.words:
        kinds = ", ".join(receipt.words)
        lines.append(f"Also a word of the shop's texts, left there and not searched for: {kinds}.")
    lines.append(
        "Out of reach: backups and the exports you imported. An import leaves this customer out."
    )
    for line in lines:
        error_console.print(line, soft_wrap=True)
