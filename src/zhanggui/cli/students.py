"""`zhanggui students`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.labels import learn_file
from zhanggui.cli.options import error_console, finish, out_console, print_faults

app = typer.Typer(no_args_is_help=True)


class LearnTask(StrEnum):
    """What a student can learn."""

    POLARITY = "polarity"
    OPINIONS = "opinions"


@app.callback()
def students() -> None:
    """Small fast models."""


@app.command()
def learn(
    task: Annotated[LearnTask, typer.Option(help="What to learn.")],
    labels: Annotated[Path, typer.Option(help="polarity: content,polarity · opinions: JSONL.")],
    out: Annotated[Path, typer.Option(help="The folder of the students.")],
) -> None:
    """Teach a student from labels; a fifth is held out first and measured."""
    with error_console.status("Learning…"):
        report, faults = learn_file(task.value, labels, out)
    figures = ", ".join(f"{name} {value:.3f}" for name, value in report.figures.items())
    out_console.print(
        f"{report.task}: learnt from {report.rows} labels; on {report.held_out} held out: "
        f"{figures} → {report.folder}",
        soft_wrap=True,
    )
    print_faults(faults)
    finish(good=report.rows, bad=len(faults))
