"""`zhanggui replies`: what was answered, and what the staff say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, NoReturn, get_args

import typer
from rich.table import Table
from rich.text import Text

from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import error_console, finish, global_options, out_console
from zhanggui.errors import InputError
from zhanggui.records import ApprovedAnswer, Decision
from zhanggui.review_queue.reply_desk import Given, Said
from zhanggui.shop import Shop

app = typer.Typer(no_args_is_help=True)

_DECISIONS: tuple[Decision, ...] = get_args(Decision)
_NEWEST = 50
_STYLE: dict[Decision, str] = {"send": "green", "suggest": "yellow", "hand_over": "cyan"}

Ids = Annotated[
    list[str], typer.Argument(metavar="ID…", help="Of replies, or of replayed turns (T007/2).")
]
By = Annotated[str, typer.Option("--by", help="Who decides.")]


@app.command("list")
def show_list(
    context: typer.Context,
    decision: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(_DECISIONS)}; repeat for more.")
    ] = None,
    judged: Annotated[bool, typer.Option("--judged", help="Also those that are judged.")] = False,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Accepted answers that no longer hold, and nothing else."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="How many of the newest.", show_default=str(_NEWEST))
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, for machines.")
    ] = False,
) -> None:
    """The replies that nobody judged yet; the newest first."""
    if stale and (decision or judged or limit is not None):
        raise InputError(
            "--stale lists accepted answers: of the other options it takes only --json."
        )
    with existing_shop(global_options(context)) as shop:
        if stale:
            _print_stale(shop.replies.stale(), as_json=as_json)
            return
        found = shop.replies.listing(
            decisions=_chosen(decision), judged=judged, limit=limit or _NEWEST
        )
    if as_json:
        for one in found:
            typer.echo(json.dumps(_row(one), ensure_ascii=False))
        return
    if found:
        out_console.print(_table(found))
    out_console.print(f"{len(found)} replies", style="dim")


@app.command()
def accept(context: typer.Context, ids: Ids, by: By) -> None:
    """Say that replies are right. An accepted suggestion is sent next time."""
    _each(context, ids, lambda shop, name: shop.judge(name, "right", by))


@app.command()
def edit(
    context: typer.Context,
    reply: Annotated[str, typer.Argument(metavar="ID", help="Of a reply.")],
    text: Annotated[str, typer.Option("--text", help="What should have been said.")],
    by: By,
) -> None:
    """Give the answer that should have been said; it is sent to whoever asks the same."""
    _each(context, [reply], lambda shop, name: shop.judge(name, "edited", by, text))


@app.command()
def reject(context: typer.Context, ids: Ids, by: By) -> None:
    """Say that replies are wrong. Their passages do not answer the same question again."""
    _each(context, ids, lambda shop, name: shop.judge(name, "wrong", by))


def _each(
    context: typer.Context, ids: Sequence[str], judge: Callable[[Shop, str], Said]
) -> NoReturn:
    """Judges each; one that cannot be judged stops no other."""
    good, bad = 0, 0
    with existing_shop(global_options(context)) as shop:
        for name in dict.fromkeys(ids):
            try:
                said = judge(shop, name)
            except InputError as error:
                bad += 1
                told = Text.assemble(("not done ", "yellow"), str(error))
                error_console.print(told, soft_wrap=True)
                continue
            good += 1
            out_console.print(_told(name, said), markup=False, soft_wrap=True)
    finish(good=good, bad=bad)


def _told(name: str, said: Said) -> str:
    told = f"{name}: {said.judgement.verdict}"
    if said.approved is not None:
        where = f"product {said.approved.product_id}" if said.approved.product_id else "the shop"
        return f"{told}; sent from now on to who asks the same, for {where}"
    return f"{told}; not sent to others: {said.why_not}" if said.why_not else told


def _chosen(given: Sequence[str] | None) -> tuple[Decision, ...]:
    unknown = [name for name in given or () if name not in _DECISIONS]
    if unknown:
        raise InputError(f"There is no decision {unknown[0]!r}: choose of {', '.join(_DECISIONS)}.")
    return tuple(name for name in _DECISIONS if name in given) if given else _DECISIONS


def _row(one: Given) -> dict[str, object]:
    said = one.judgement
    return {
        "id": one.reply.id,
        "product_id": one.question.product_id,
        "question": one.question.question,
        "decision": one.reply.decision,
        "text": one.reply.text,
        "tier": one.reply.tier,
        "confidence": round(one.reply.confidence, 4),
        "reason": one.reply.reason,
        "judged": said.verdict if said else "",
        "judged_by": said.source if said else "",
    }


def _table(found: Sequence[Given]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("reply", "decision", "tier", "confidence", "judged"):
        table.add_column(name, no_wrap=True)
    table.add_column("question", overflow="fold", ratio=2)
    table.add_column("text", overflow="fold", ratio=3)
    for one in found:
        reply, said = one.reply, one.judgement
        table.add_row(
            Text(reply.id),
            Text(reply.decision, _STYLE[reply.decision]),
            reply.tier,
            f"{reply.confidence:.2f}",
            said.verdict if said else "",
            Text(" ".join(one.question.question.split())),
            Text("" if reply.decision == "hand_over" else reply.text),
        )
    return table


def _print_stale(found: Sequence[ApprovedAnswer], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            told = {"id": one.id, "product_id": one.product_id}
            told |= {"question": one.question, "text": one.answer}
            typer.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("answer", "product"):
        table.add_column(name, no_wrap=True)
    for name in ("question", "text"):
        table.add_column(name, overflow="fold")
    for one in found:
        table.add_row(
            Text(one.id), Text(one.product_id or ""), Text(one.question), Text(one.answer)
        )
    if found:
        out_console.print(table)
    out_console.print(f"{len(found)} accepted answers no longer hold", style="dim")
