"""`zhanggui`: the command, its global options and how errors reach the user."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from zhanggui import __version__
from zhanggui.cli.deferred import DeferredCommand
from zhanggui.cli.options import (
    NOTHING_DONE,
    GlobalOptions,
    error_console,
    out_console,
    parse_now,
)
from zhanggui.errors import ZhangguiError
from zhanggui.telemetry import configure_logging, masked

COMMANDS = tuple(
    DeferredCommand(name, f"zhanggui.cli.{place}", told)
    for name, place, told in (
        ("demo", "demo:demo", "Do the whole job on the example shop: texts, answers, a report."),
        ("models", "models:app", "The weights: pull, list, bench."),
        ("import", "shop:import_folder", "Take a shop folder in: products, orders, reviews, …"),
        ("describe", "descriptions:describe", "Write descriptions whose every claim is proved."),
        ("verify", "descriptions:verify", "Check copy against the attributes and the law."),
        ("drafts", "drafts:app", "The review queue: list, show, approve, publish, edit."),
        ("answer", "answers:answer", "Answer customers where the shop's data answers."),
        ("promises", "promises:app", "What was promised to customers: list, keep."),
        ("replay", "replay:replay", "Past tickets: what would have been sent, and how right."),
        ("replies", "replies:app", "Judge replies: list, accept, edit, reject."),
        ("reviews", "reviews:read", "Read reviews: polarity, opinions, which look bought."),
        ("students", "students:app", "Small fast models: learn."),
        ("audit", "audit:app", "What was made, from what, by whom, and how fairly."),
        ("redact", "texts:redact", "Find personal data in texts and write them without it."),
        ("evals", "evals:app", "Figures beside goals: descriptions, reviews, trust."),
        ("erase", "rights:erase", "Erase a customer, and search all that is stored for the rest."),
        ("export", "export:export", "Write the catalogue, or what is stored of a customer."),
        ("retention", "rights:retention", "Delete what is older than the settings allow."),
        ("screen", "texts:screen", "Find texts that try to steer a machine, and offensive ones."),
    )
)


class _Commands(TyperGroup):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for command in COMMANDS:
            self.add_command(command)


app = typer.Typer(
    name="zhanggui",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="掌柜 Zhanggui: descriptions, replies and review findings that carry their proof.",
)


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
