"""`zhanggui`: the command, its global options and how errors reach the user."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from zhanggui import __version__
from zhanggui.cli import (
    answers,
    audit,
    audit_bias,
    demo,
    descriptions,
    evals,
    export,
    models,
    reviews,
    rights,
    shop,
    students,
    texts,
)
from zhanggui.cli.options import (
    NOTHING_DONE,
    GlobalOptions,
    error_console,
    out_console,
    parse_now,
)
from zhanggui.errors import ZhangguiError
from zhanggui.telemetry import configure_logging, masked

app = typer.Typer(
    name="zhanggui",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="掌柜 Zhanggui: descriptions, replies and review findings that carry their proof.",
)
app.command("demo")(demo.demo)
app.add_typer(models.app, name="models", help="The weights: pull, list, bench.")
app.command("import")(shop.import_folder)
app.command("describe")(descriptions.describe)
app.command("verify")(descriptions.verify)
app.command("answer")(answers.answer)
app.command("reviews")(reviews.read)
app.add_typer(students.app, name="students", help="Small fast models: learn.")
audit.app.command("bias")(audit_bias.bias)
app.add_typer(audit.app, name="audit", help="What was made, from what, by whom, and how fairly.")
app.command("redact")(texts.redact)
app.add_typer(evals.app, name="evals", help="Figures beside their goals.")
app.command("erase")(rights.erase)
app.command("export")(export.export)
app.command("retention")(rights.retention)
app.command("screen")(texts.screen)


def _show_version(asked: bool) -> None:
    if asked:
        out_console.print(f"zhanggui {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The folder of the shop.")] = None,
    now: Annotated[str | None, typer.Option(help="The clock, as an ISO date.")] = None,
    model: Annotated[
        str | None, typer.Option(help="A pinned name, a GGUF file, or the endpoint's model.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Base URL of an OpenAI-compatible server.")
    ] = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log as JSON lines.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a stack trace.")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="The version."),
    ] = False,
) -> None:
    """Options that stand before the command."""
    configure_logging(json_lines=json_logs, debug=debug)
    context.obj = GlobalOptions(
        home=home, now=parse_now(now), model=model, endpoint=endpoint, debug=debug
    )


def run() -> None:
    """The entry point: an error is one sentence, a stack trace only with --debug."""
    debug = "--debug" in sys.argv
    try:
        app()
    except ZhangguiError as error:
        if debug:
            error_console.print(masked(traceback.format_exc()), markup=False, soft_wrap=True)
        error_console.print("[red]zhanggui:[/]", Text(masked(str(error))), soft_wrap=True)
        sys.exit(NOTHING_DONE)
    except KeyboardInterrupt:
        error_console.print("Stopped. What was finished is kept; --resume goes on from there.")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except Exception:
        # A bug. Its trace is shown, and may quote what a library was given.
        error_console.print(masked(traceback.format_exc()), markup=False, soft_wrap=True)
        sys.exit(NOTHING_DONE)
