"""`zhanggui evals`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from zhanggui.cli.options import error_console, global_options, out_console
from zhanggui.cli.progress import row_counter
from zhanggui.evals import answer_figures, claim_figures, copy_figures, model_bias
from zhanggui.evals.figures import Figure
from zhanggui.evals.run import public_data, run
from zhanggui.llm.open_engine import open_engine

app = typer.Typer(no_args_is_help=True)

_MET = {True: "[green]达到 met[/]", False: "[red]未达到 missed[/]", None: ""}


@app.callback()
def evals() -> None:
    """Figures of quality, bias and trust."""


@app.command("run")
def run_suite(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(help="descriptions, answers, reviews or trust.")],
    data: Annotated[
        Path | None, typer.Option(help="The public data sets; else what ZHANGGUI_DATA names.")
    ] = None,
    model_stories: Annotated[
        int,
        typer.Option(
            "--model-bias", min=0, help="With trust: ask the model so many stories a dimension."
        ),
    ] = 0,
    model_copy: Annotated[
        int,
        typer.Option(
            "--model-copy", min=0, help="With descriptions: write about so many products, 3 ways."
        ),
    ] = 0,
    model_answers: Annotated[
        int,
        typer.Option(
            "--model-answers", min=0, help="With answers: ask the model so many of the questions."
        ),
    ] = 0,
) -> None:
    """Measure a suite and show each figure beside its goal."""
    with error_console.status(f"Measuring {suite}…"):
        figures = run(suite, data)
    if suite == "trust" and model_stories:
        asked = model_bias.stories(public_data(data), model_stories)
        engine = open_engine(global_options(context).settings())
        with row_counter("stories") as show:
            figures += model_bias.figures(model_bias.ask(engine, asked, on_done=show))
    if suite == "descriptions" and model_copy:
        engine = open_engine(global_options(context).settings())
        products = [row.product for name in claim_figures.SETS for row in claim_figures.cases(name)]
        with row_counter("products") as show:
            figures += copy_figures.figures(
                products[:: -(-len(products) // model_copy)], engine, on_done=show
            )
    if suite == "answers" and model_answers:
        engine = open_engine(global_options(context).settings())
        with row_counter("questions") as show:
            figures += answer_figures.model_figures(engine, model_answers, on_done=show)
    out_console.print(figure_table(figures))


def _shown(value: float, unit: str) -> str:
    if unit:
        return f"{value:,.0f} {unit}"
    return f"{value:.1%}" if value <= 1 else f"{value:,.0f}"


def figure_table(figures: Sequence[Figure]) -> Table:
    """A row a figure."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("指标 figure", overflow="fold")
    table.add_column("数值 value", justify="right", no_wrap=True)
    table.add_column("目标 goal", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("说明 note", style="dim", overflow="fold")
    for one in figures:
        table.add_row(one.name, _shown(one.value, one.unit), one.goal, _MET[one.met], one.note)
    return table
