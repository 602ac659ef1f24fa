"""`zhanggui audit`: show, verify, approve; bias stands in audit_bias.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from zhanggui.audit.story import Chapter, Now
from zhanggui.cli.audit_bias import bias
from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import NOTHING_DONE, SOME_BAD, global_options, out_console

app = typer.Typer(no_args_is_help=True)

_SHOWN = 12
_NOW: dict[Now, str] = {
    "same": "same now",
    "changed": "[yellow]changed since[/]",
    "gone": "[yellow]no longer there[/]",
    "": "",
}

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


@app.command()
def show(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Of a draft (P001:taobao), product or question.")
    ],
    as_json: AsJson = False,
) -> None:
    """Tell what one reply or draft was made from, by which versions, and who approved it."""
    options = global_options(context)
    with existing_shop(options) as shop:
        chapters = shop.story(name)
    if as_json:
        told = [asdict(chapter) for chapter in chapters]
        typer.echo(json.dumps({"id": name, "rows": told}, ensure_ascii=False, default=str))
        return
    for chapter in _newest(chapters):
        out_console.print(_table(chapter, name))
    earlier = len(chapters) - len(_newest(chapters))
    if earlier:
        out_console.print(f"[dim]and {earlier} earlier rows: --json shows all")


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option(help="A hash that an earlier `audit verify` printed; must be there.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Read the whole audit and tell the first row that is not what was written."""
    options = global_options(context)
    with existing_shop(options) as shop:
        state = shop.check_audit(head)
    if as_json:
        typer.echo(json.dumps(asdict(state) | {"whole": state.whole}))
    elif state.whole:
        out_console.print(f"[green]✓[/] {state.rows} rows, none changed, none missing")
        out_console.print(f"head {state.head.hash}", soft_wrap=True)
    else:
        out_console.print(f"[red]✗[/] row {state.broken}: {state.why}", soft_wrap=True)
    if not state.whole:
        raise typer.Exit(SOME_BAD if state.head.sequence else NOTHING_DONE)


@app.command()
def approve(
    context: typer.Context,
    draft: Annotated[str, typer.Argument(metavar="DRAFT_ID", help="For example P001:taobao.")],
    by: Annotated[str, typer.Option("--by", help="Who approves.")],
) -> None:
    """Note that a person lets a draft out."""
    options = global_options(context)
    with existing_shop(options) as shop:
        approved = shop.approve(draft, by)
    out_console.print(f"{approved.id}: approved", markup=False)


app.command("bias")(bias)


def _newest(chapters: Sequence[Chapter]) -> list[Chapter]:
    """The last row of each kind about each subject, oldest first."""
    last = {(chapter.subject, chapter.kind): chapter for chapter in chapters}
    return sorted(last.values(), key=lambda chapter: chapter.sequence)


def _table(chapter: Chapter, name: str) -> Table:
    # The audit's own name of a question says nothing to people.
    title = chapter.subject if chapter.kind != "answer" else name
    table = Table(box=None, show_header=False, pad_edge=False, title_justify="left")
    table.title = Text(f"\n{chapter.kind} {title}", style="bold")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    for row in _rows(chapter):
        table.add_row(*row)
    return table


def _rows(chapter: Chapter) -> Iterator[tuple[str, Text, str]]:
    yield "when", Text(chapter.at.astimezone().isoformat(sep=" ", timespec="seconds")), ""
    if chapter.decision:
        tier = f" by {chapter.tier}" if chapter.tier else ""
        yield "decision", Text(f"{chapter.decision}{tier}"), ""
    if chapter.output:
        yield "text", Text(chapter.output[:_SHOWN]), _NOW[chapter.output_now]
    for one in chapter.inputs:
        place = " ".join(part for part in (one.where or one.id, one.digest[:_SHOWN]) if part)
        yield f"from {one.kind}", Text(place), _NOW[one.now]
    for version in chapter.versions:
        yield version.name, Text(version.then), _NOW[version.now]
    cost = chapter.cost
    if cost.calls or cost.cached_calls:
        spent = (
            f"{cost.calls} model calls, {cost.cached_calls} from the cache, "
            f"{cost.prompt_tokens} + {cost.completion_tokens} tokens, {cost.ms / 1000:.1f} s"
        )
        yield "cost", Text(spent), ""
    yield "decided by", Text(chapter.actor), ""
    yield "responsible", Text(chapter.responsible or "nobody was named"), ""
    yield "row", Text(f"{chapter.sequence} {chapter.hash[:_SHOWN]}"), ""
