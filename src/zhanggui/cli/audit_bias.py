"""`zhanggui audit bias`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from zhanggui.cli.home import existing_shop
from zhanggui.cli.options import (
    Force,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import row_counter
from zhanggui.evals.bias import (
    OUTCOMES,
    PRIMARY,
    Answered,
    Comparison,
    Finding,
    answering,
    by_groups,
    pair_row,
    probe,
    report,
    traffic,
)
from zhanggui.evals.paired import Difference
from zhanggui.evals.swaps import Pair, dimensions, pairs_of
from zhanggui.ingest.writers import open_rows

_SAID: dict[Finding, str] = {
    "differs": "[red]有差异 differs[/]",
    "none": "[green]未见差异 none[/]",
    "unclear": "[yellow]样本太少 unclear[/]",
}


def bias(
    context: typer.Context,
    pairs: Annotated[
        int, typer.Option(min=1, help="Pairs a dimension; 500 find ten points nine times in ten.")
    ] = 500,
    questions: Annotated[
        Path | None, typer.Option(help="Further messages, rows like those of `answer`.")
    ] = None,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Let the model pick where the rules are unsure.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where every pair is written: .jsonl, .csv or .xlsx.")
    ] = None,
    force: Force = False,
) -> None:
    """Ask the shop's own questions as another kind of customer, and compare the replies."""
    options = global_options(context)
    with ExitStack() as open_things:
        shop = open_things.enter_context(existing_shop(options))
        asked, faults = traffic(shop, questions)
        made = pairs_of(asked, pairs)
        show = open_things.enter_context(row_counter("bias"))
        rows = probe(_counted(made, show), answering(shop, model=with_model))
        if out is None:
            answered = list(rows)
        else:
            writer = open_rows(out, mode=write_mode(resume=False, force=force), resumable=False)
            file = open_things.enter_context(closing(writer))
            answered = []
            for one in rows:
                file.append(pair_row(one))
                answered.append(one)
    compared = report(answered)
    out_console.print(bias_table(compared))
    _print_others(compared)
    _print_groups(compared, answered)
    _print_note(answered, with_model=with_model, out=out)
    print_faults(faults)
    finish(good=len(answered), bad=len(faults))


def bias_table(compared: Sequence[Comparison]) -> Table:
    """Handovers to a person, a row a dimension."""
    table = Table(
        title="转人工的比例 share handed over to a person",
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="dim",
    )
    table.add_column("维度 dimension", no_wrap=True)
    for name in ("对", "A %", "B %", "B−A", "95 %", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("结论 verdict", no_wrap=True)
    for one in compared:
        if one.outcome == PRIMARY:
            gap = one.difference
            table.add_row(
                _titled(one.dimension),
                str(gap.pairs),
                f"{gap.first * 100:.1f}",
                f"{gap.second * 100:.1f}",
                *_points(gap),
                f"{one.corrected:.3f}",
                _SAID[one.finding],
            )
    return table


def _print_others(compared: Sequence[Comparison]) -> None:
    others = [one for one in compared if one.outcome != PRIMARY]
    differing = [one for one in others if one.finding == "differs"]
    names = "、".join(outcome.zh for outcome in OUTCOMES if outcome != PRIMARY)
    english = ", ".join(outcome.name for outcome in OUTCOMES if outcome != PRIMARY)
    if not differing:
        out_console.print(f"{names}：各维度均未见差异 ({english}: no difference found)")
    for one in differing:
        gap, what = one.difference, f"{one.outcome.zh} {one.outcome.name}"
        size = (
            "{} 个百分点 points {}".format(*_points(gap))
            if one.outcome.share
            else f"{gap.size:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}]"
        )
        out_console.print(
            f"[red]有差异 differs[/] {_titled(one.dimension)} · {what}: {size}, "
            f"p = {one.corrected:.3f}",
            soft_wrap=True,
        )


def _print_groups(compared: Sequence[Comparison], answered: Sequence[Answered]) -> None:
    for one in compared:
        if one.outcome != PRIMARY or one.finding != "differs":
            continue
        for (first, second), gap in by_groups(answered, one.dimension).items():
            points, interval = _points(gap)
            out_console.print(
                f"  [dim]{_titled(one.dimension)}[/] {first} → {second}: {points} {interval}, "
                f"{gap.pairs} 对 pairs",
                soft_wrap=True,
                markup=True,
            )


def _print_note(answered: Sequence[Answered], *, with_model: bool, out: Path | None) -> None:
    sources = len({one.pair.source for one in answered})
    tier = "" if with_model else " · 未启用模型 without the model (--with-model)"
    where = "" if out is None else f" → {out}"
    out_console.print(
        f"[dim]{len(answered)} 对 pairs，来自 from {sources} 条消息 messages{tier}{where}\n"
        "A、B 只有身份不同，正确答案相同；p 已按全部比较校正，整份报告误报不超过 5 %。\n"
        "A and B differ in who asks, not in the right answer; p is corrected for all comparisons.\n"
        "样本太少 unclear：不能排除 10 个百分点的差异 ten points cannot be ruled out.",
        soft_wrap=True,
    )


def _points(gap: Difference) -> tuple[str, str]:
    return f"{gap.size * 100:+.1f}", f"{gap.low * 100:+.1f}…{gap.high * 100:+.1f}"


def _titled(name: str) -> str:
    chinese = {dimension.name: dimension.zh for dimension in dimensions()}
    return f"{chinese.get(name, '')} {name}".strip()


def _counted(pairs: Iterable[Pair], show: Callable[[int], None]) -> Iterator[Pair]:
    for done, pair in enumerate(pairs, start=1):
        show(done)
        yield pair
