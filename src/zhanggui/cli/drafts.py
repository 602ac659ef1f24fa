"""`zhanggui drafts`: what waits and why, one draft with its proof, and what people decide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.text import Text

from zhanggui.cli.draft_page import (
    dossier_row,
    draft_cells,
    draft_table,
    leaning_row,
    print_dossier,
    print_reasons,
    print_repairs,
    version_row,
)
from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import (
    error_console,
    finish,
    global_options,
    out_console,
)
from zhanggui.errors import InputError
from zhanggui.records import DraftState
from zhanggui.review_queue.queue import ReviewQueue
from zhanggui.store.drafts import ACTIVE, STATES, Version

app = typer.Typer(no_args_is_help=True)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID…", help="Of drafts, for example P001:taobao.")
]
One = Annotated[str, typer.Argument(metavar="ID", help="Of a draft, for example P001:taobao.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Number = Annotated[
    int | None, typer.Option("--version", help="Only this version; else the newest.")
]
Channel = Annotated[str | None, typer.Option(help="Of this channel only.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]


@app.command("list")
def show_list(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(STATES)}; repeat for more.")
    ] = None,
    channel: Channel = None,
    product: Annotated[str | None, typer.Option(help="Of this product only.")] = None,
    as_json: AsJson = False,
) -> None:
    """What waits, what is approved, what is out; the oldest first."""
    states = _states(state)
    with _queue(context) as queue:
        found = queue.listing(states=states, channel=channel, product_id=product)
    if as_json:
        for one in found:
            row = version_row(one.version) | {"live": one.live, "reasons": list(one.reasons)}
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    table = draft_table("why")
    for one in found:
        more = f" (+{len(one.reasons) - 1})" if len(one.reasons) > 1 else ""
        why = one.reasons[0] + more if one.reasons else ""
        table.add_row(*draft_cells(one.version, live=one.live), Text(why))
    if found:
        out_console.print(table)
    counted = [f"{sum(one.version.draft.state == name for one in found)} {name}" for name in states]
    out_console.print(", ".join(counted), style="dim")


@app.command()
def show(
    context: typer.Context, draft: One, version: Number = None, as_json: AsJson = False
) -> None:
    """One draft: its text with the proof, why it waits, what changed since it was approved."""
    with _queue(context) as queue:
        found = queue.dossier(draft, version)
    if as_json:
        typer.echo(json.dumps(dossier_row(found), ensure_ascii=False))
        return
    print_dossier(found)


@app.command()
def affected(
    context: typer.Context,
    product: Annotated[str, typer.Option(help="The product's id.")],
    attribute: Annotated[str, typer.Option(help="The attribute's name, for example 容量.")],
    as_json: AsJson = False,
) -> None:
    """The drafts that lean on an attribute: what to look at before it is changed."""
    with _queue(context) as queue:
        found = queue.affected(product, attribute)
    if as_json:
        for one in found:
            typer.echo(json.dumps(leaning_row(one), ensure_ascii=False))
        return
    table = draft_table("what leans on it")
    for one in found:
        spans_told = "  ".join(f"{claim.part}: {claim.text}" for claim in one.claims)
        table.add_row(*draft_cells(one.version, live=one.live), Text(spans_told))
    if found:
        out_console.print(table)
    out_console.print(f"lean on {attribute} of {product}: {len(found)}", markup=False)


@app.command()
def approve(
    context: typer.Context,
    by: By,
    ids: Ids = None,
    every: Annotated[
        bool, typer.Option("--all", help="All in the state draft; none that needs a review.")
    ] = False,
    channel: Channel = None,
    version: Number = None,
) -> None:
    """Let drafts pass. Each is checked at this moment; what is not proved never passes."""
    chosen = _Chosen(ids or (), "draft", every, channel, version)
    _each(context, chosen, lambda queue, name: queue.approve(name, by, version=version))


@app.command()
def publish(
    context: typer.Context,
    by: By,
    ids: Ids = None,
    every: Annotated[bool, typer.Option("--all", help="All that are approved.")] = False,
    channel: Channel = None,
    version: Number = None,
) -> None:
    """Say that approved drafts are out. They replace what was out before."""
    chosen = _Chosen(ids or (), "approved", every, channel, version)
    _each(context, chosen, lambda queue, name: queue.publish(name, by, version=version))


@app.command()
def reject(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Of drafts.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever writes it anew.")],
    version: Number = None,
) -> None:
    """Refuse drafts, or take back what was approved or published."""
    chosen = _Chosen(ids, "draft", version=version)
    _each(context, chosen, lambda queue, name: queue.reject(name, by, reason, version=version))


@app.command()
def edit(
    context: typer.Context,
    draft: One,
    file: Annotated[
        Path, typer.Option("--file", help='JSON: {"title": …, "bullets": […], "body": …}.')
    ],
    by: By,
) -> None:
    """Give a draft other words: a new version, checked like any text, that waits."""
    with _queue(context) as queue:
        _print_written(queue.edit(draft, _read(file), by), queue)


@app.command()
def repair(context: typer.Context, draft: One, by: By) -> None:
    """Put the facts' own values where a draft contradicts them: a new version that waits."""
    with _queue(context) as queue:
        _print_written(queue.repair(draft, by), queue)


@contextmanager
def _queue(context: typer.Context) -> Iterator[ReviewQueue]:
    options = global_options(context)
    with existing_shop(options) as shop:
        yield shop.queue


def _states(given: Sequence[str] | None) -> tuple[DraftState, ...]:
    if not given:
        return ACTIVE
    unknown = [name for name in given if name not in STATES]
    if unknown:
        raise InputError(f"There is no state {unknown[0]!r}: choose of {', '.join(STATES)}.")
    return tuple(name for name in STATES if name in given)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The drafts that a command is about: those named, or all of a channel in one state."""

    ids: Sequence[str]
    state: DraftState
    every: bool = False
    channel: str | None = None
    version: int | None = None

    def names(self, queue: ReviewQueue) -> list[str]:
        """Their ids, each once; raises InputError where what was given does not fit together."""
        if self.every == bool(self.ids):
            raise InputError("Name the drafts, or give --all, and not both.")
        if self.channel is not None and not self.every:
            raise InputError("--channel narrows --all: leave it out, or give --all without ids.")
        if self.version is not None and (self.every or len(self.ids) != 1):
            raise InputError("--version is of one draft: name that one alone.")
        if not self.every:
            return list(dict.fromkeys(self.ids))
        found = queue.listing(states=(self.state,), channel=self.channel)
        return list(dict.fromkeys(one.version.id for one in found))


def _each(
    context: typer.Context, chosen: _Chosen, decide: Callable[[ReviewQueue, str], Version]
) -> NoReturn:
    """Decides on each of the chosen drafts; one that cannot be decided on stops no other."""
    good, bad = 0, 0
    with _queue(context) as queue:
        names = chosen.names(queue)
        for name in names:
            try:
                done = decide(queue, name)
            except InputError as error:
                bad += 1
                told = Text.assemble(("not done ", "yellow"), str(error))
                error_console.print(told, soft_wrap=True)
                continue
            good += 1
            where = f"{done.draft.state} (version {done.number})"
            out_console.print(f"{done.id}: {where}", markup=False)
    if not names:
        out_console.print("Nothing waits there.")
    finish(good=good, bad=bad)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror or error}).") from error
    except ValueError as error:
        raise InputError(
            f"{file.name} is no JSON: give an object of the parts to change."
        ) from error


def _print_written(stored: Version, queue: ReviewQueue) -> None:
    found = queue.dossier(stored.id, stored.number)
    out_console.print(f"{stored.id}: {stored.draft.state} (version {stored.number})", markup=False)
    print_reasons(found)
    print_repairs(found)
