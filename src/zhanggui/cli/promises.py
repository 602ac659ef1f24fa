"""`zhanggui promises`: what was promised to customers, until when, and what was kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import Force, finish, global_options, out_console, write_mode
from zhanggui.ingest.writers import open_rows
from zhanggui.store.promises import PromiseState

app = typer.Typer(invoke_without_command=True)

_COLUMNS = ("id", "kind", "text", "due", "amount", "by", "state", "licensed")
_ALL: tuple[PromiseState, ...] = ("open", "kept", "rule")


@app.callback()
def promises(
    context: typer.Context,
    due: Annotated[
        bool, typer.Option("--due", help="Only what is due by the end of today.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was kept, and quotes of rules.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where rows are written: .jsonl, .csv or .xlsx.")
    ] = None,
    force: Force = False,
) -> None:
    """List what was promised to customers and is not kept yet, the soonest due first.

    A promise that no rule and no order of the shop allows carries a warning.
    """
    if context.invoked_subcommand is not None:
        return
    with existing_shop(global_options(context)) as shop:
        today = shop.now.replace(hour=23, minute=59, second=59, microsecond=999_999)
        states = _ALL if everything else ("open",)
        rows = shop.promises.listing(due_before=today if due else None, states=states)
    if out is not None:
        columns = (*_COLUMNS, "source", "warning", "conversation_id", "made_at")
        mode = write_mode(resume=False, force=force)
        with open_rows(out, columns=columns, mode=mode, resumable=False) as writer:
            for row in rows:
                writer.append(row)
    else:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in ("id", "due", "what"):
            table.add_column(name, no_wrap=True)
        for name in ("text", "by", "conversation"):
            table.add_column(name, overflow="fold")
        for row in rows:
            warned = "" if row["licensed"] else " ⚠"
            table.add_row(
                row["id"],
                _moment(row["due"]),
                row["kind"],
                Text(f"{row['text']}{warned}"),
                Text(row["by"]),
                Text(row["conversation_id"]),
            )
        if rows:
            out_console.print(table)
    bare = sum(not row["licensed"] for row in rows)
    told = f", {bare} ⚠ that no rule or order of the shop allows" if bare else ""
    out_console.print(f"{len(rows)} promises{told}")


def _moment(due: str | None) -> str:
    """As a person reads it, in this machine's time zone: 2026-11-25 23:59."""
    return "" if due is None else f"{datetime.fromisoformat(due):%Y-%m-%d %H:%M}"


@app.command()
def keep(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Of promises.")],
) -> None:
    """Mark promises kept."""
    with existing_shop(global_options(context)) as shop:
        for one in ids:
            shop.promises.keep(one)
    out_console.print(f"{len(ids)} kept")
    finish(good=len(ids), bad=0)
