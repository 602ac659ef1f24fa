"""`zhanggui models`: pull, list, bench."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from zhanggui.cli.options import error_console, global_options, out_console
from zhanggui.llm.bench import Figures, bench
from zhanggui.llm.open_engine import bare_engine
from zhanggui.llm.processor import has_wide_kernels, is_wide
from zhanggui.llm.weight_catalogue import catalogue, pinned
from zhanggui.llm.weight_sources import Progress as Report
from zhanggui.llm.weights import ensure_weights, installed
from zhanggui.llm.weights import pull as pull_weights

app = typer.Typer(no_args_is_help=True)


@contextmanager
def download_bar(name: str) -> Iterator[Report]:
    """A bar of bytes on standard error, silent when that is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("[dim]{task.fields[source]}"),
    )
    with Progress(
        *columns,
        console=error_console,
        transient=True,
        disable=not error_console.is_terminal,
    ) as progress:
        task = progress.add_task(f"Fetching {name}", total=None, source="", start=True)

        def report(done: int, total: int, source: str) -> None:
            progress.update(task, completed=done, total=total, source=source)

        yield report


@app.command()
def pull(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="A name that `models list` shows.")] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="A file to take instead of the network.")
    ] = None,
) -> None:
    """Fetch the weights of a model (default: the one in the settings)."""
    settings = global_options(context).settings()
    weights = pinned(name or settings.model)
    with download_bar(weights.name) as report:
        path = pull_weights(weights, settings.models, given=given, progress=report)
    out_console.print(f"{weights.name}: [green]ready[/] {path}", soft_wrap=True)


@app.command("list")
def list_models(context: typer.Context) -> None:
    """The pinned models, and which are here."""
    settings = global_options(context).settings()
    table = Table(box=None, pad_edge=False)
    for title in ("model 模型", "size 大小", "licence", "here 已下载", "about"):
        table.add_column(title, no_wrap=title.startswith(("model", "here")))
    for weights in catalogue().models:
        here = "[green]✓[/]" if installed(weights, settings.models) else "–"
        chosen = "[bold]" if weights.name == settings.model else ""
        size = f"{weights.bytes / 1e9:.2f} GB"
        table.add_row(f"{chosen}{weights.name}", size, weights.licence, here, weights.about)
    out_console.print(table)
    out_console.print(f"[dim]{settings.models}", soft_wrap=True)


@app.command("bench")
def bench_model(context: typer.Context) -> None:
    """Measure the model that the settings name, beside the memory-read ceiling."""
    settings = global_options(context).settings()
    weights = None
    if not settings.endpoint:
        with download_bar(settings.model) as report:
            weights = ensure_weights(settings, report)
    with error_console.status("Measuring, about a minute…"):
        figures = bench(bare_engine(settings), weights)
    out_console.print(_table(figures))


def _table(figures: Figures) -> Table:
    table = Table(title=figures.model, title_justify="left", show_header=False)
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_column("note", style="dim")
    if figures.start_seconds is not None:
        table.add_row("start 启动", f"{figures.start_seconds:.1f} s", "until the process answers")
    for title, ms, tokens in (
        ("first token, cold 首字（冷）", figures.cold_first_token_ms, figures.cold_tokens),
        ("first token, warm 首字（热）", figures.warm_first_token_ms, figures.warm_tokens),
    ):
        table.add_row(title, f"{ms / 1000:.2f} s", f"{tokens} fresh prompt tokens")
    prefill = f"{figures.prefill_per_second:.0f} tok/s"
    table.add_row("prefill 读入", prefill, "fresh tokens / time to first token, cold")
    table.add_row("decode 生成", f"{figures.decode_per_second:.1f} tok/s", "best of three")
    if figures.kernels:
        table.add_row("kernels 指令集", *_kernels(figures.kernels))
    if figures.peak_bytes is not None:
        peak = f"{figures.peak_bytes / 1e9:.2f} GB"
        table.add_row("peak memory 内存峰值", peak, "of the model's process")
    if figures.read_bytes_per_second and figures.token_bytes and figures.ratio is not None:
        ceiling = f"{figures.read_bytes_per_second / 1e9:.1f} GB/s"
        how = "two threads, 1 GiB, 64-bit OR with numpy, best of five"
        table.add_row("memory-read ceiling 内存读上限", ceiling, how)
        read = f"{figures.token_bytes / 1e9:.2f} GB"
        table.add_row(
            "read per token 每字读取", read, "weights without the embedding rows not read"
        )
        table.add_row("decode / ceiling 占上限", f"{figures.ratio:.0%}", "")
    return table


def _kernels(built: str) -> tuple[str, str]:
    if has_wide_kernels(built):
        return "AVX-512", "compiled for this processor"
    if is_wide():
        return "AVX2", "this processor has AVX-512 too: `make native` compiles for it"
    return "portable", "all that this processor has"
