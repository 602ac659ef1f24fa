"""`zhanggui demo`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from zhanggui.batch.pace import Progress
from zhanggui.cli.models import download_bar
from zhanggui.cli.options import global_options, out_console
from zhanggui.cli.progress import run_bar
from zhanggui.demo import DemoResult, run_demo
from zhanggui.ingest.report import ImportReport
from zhanggui.report.page import Language, figures_of
from zhanggui.telemetry import log
from zhanggui.text.duration import duration

_TITLES = {"descriptions": "写文案  descriptions", "answers": "答顾客  answers"}


class _Show:
    """Shows the demo on the terminal."""

    def fetching(self, name: str) -> AbstractContextManager[Callable[[int, int, str], None]]:
        return download_bar(name)

    def imported(self, report: ImportReport, seconds: float) -> None:
        read = {file.noun: file.read for file in report.files if file.noun != "knowledge"}
        read["knowledge"] = sum(file.read for file in report.files if file.noun == "knowledge")
        counts = " · ".join(f"{count} {noun}" for noun, count in read.items() if count)
        out_console.print(f"[green]✓[/] 导入店铺  shop imported: {counts} [dim]{duration(seconds)}")
        for fault in report.faults:
            out_console.print(f"  [yellow]跳过 skipped[/] {fault}", soft_wrap=True)
        log("demo.imported", seconds=seconds, **read)

    def running(self, title: str) -> AbstractContextManager[Callable[[Progress], None]]:
        return run_bar(_TITLES[title])


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The folder for what it makes.")] = Path(
        "zhanggui-demo"
    ),
    english: Annotated[bool, typer.Option("--english", help="The report in English.")] = False,
) -> None:
    """Do the whole job on the example shop: descriptions, answers, review findings, report."""
    language: Language = "en" if english else "zh"
    result = run_demo(global_options(context).settings(), out, _Show(), language)
    out_console.print(_summary(result))


def _summary(result: DemoResult) -> Panel:
    data, figures = result.data, figures_of(result.data)
    reviews = data.reviews
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim")
    table.add_row(
        "文案 descriptions",
        f"{figures['publishable']}/{figures['drafts']} 可直接发布",
        f"{figures['proved']}/{figures['factual']} 处事实有属性依据 facts proved by attributes",
    )
    table.add_row(
        "回复 answers",
        f"{figures['sent']}/{figures['answers']} 自动回复",
        f"{figures['handed_over']} 转人工 handed over, {figures['suggested']} 建议采用 suggested",
    )
    table.add_row(
        "评价 reviews",
        f"{reviews.positive}/{reviews.total} 好评",
        f"{reviews.total - reviews.counted} 条疑似异常单独计数 suspicious, counted apart",
    )
    heard = [Text(f"• {sentence}") for sentence in reviews.digest[:3]]
    next_steps = Text.from_markup(
        f"[bold]{result.folder / 'report.html'}[/]  打开报告 open the report\n"
        "descriptions.jsonl, answers.jsonl, reviews.jsonl  同一文件夹 same folder\n\n"
        "[dim]接下来 next[/]\n"
        "zhanggui --home my-shop import 你的店铺文件夹\n"
        "zhanggui --home my-shop describe --channel taobao --out drafts.csv\n"
        "zhanggui --home my-shop answer --questions questions.csv --out answers.csv"
    )
    rest = [Text(sentence, style="dim") for sentence in data.rest]
    return Panel(
        Group(table, Padding(Group(*heard), (1, 0)), *rest, Padding(next_steps, (1, 0, 0, 0))),
        title=f"掌柜 Zhanggui · {data.shop}",
        subtitle=f"{duration(data.seconds)} · {data.model}",
        border_style="green",
        padding=(1, 2),
    )
