"""`zhanggui describe` and `zhanggui verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.cli.options import (
    Force,
    OutFile,
    Resume,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import progress_bar
from zhanggui.shop import Shop, verify_file


def describe(
    context: typer.Context,
    out: OutFile,
    product: Annotated[
        list[str] | None, typer.Option("--product", help="A product's id; repeat for more.")
    ] = None,
    channel: Annotated[
        str, typer.Option(help="generic, taobao, xiaohongshu, shopify.")
    ] = "generic",
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Write descriptions in which each claim points to the attribute that makes it true."""
    options = global_options(context)
    mode = write_mode(resume=resume, force=force)
    with (
        Shop.open(options.settings(), now=options.now) as shop,
        progress_bar("describe", len(product) if product else None) as bar,
    ):
        summary = shop.describe_to(
            out, product_ids=product, channel=channel, mode=mode, on_progress=bar.show
        )
    out_console.print(
        f"{summary.publishable} of {summary.done} drafts publishable, "
        f"{summary.done - summary.publishable} for review → {out}"
    )
    print_faults(summary.faults)
    finish(good=summary.done, bad=summary.failed)


def verify(
    products: Annotated[Path, typer.Option(help="The products: .csv, .xlsx or .jsonl.")],
    drafts: Annotated[Path, typer.Option(help="Rows of id, product_id, text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Check copy that anybody wrote against the attributes and the advertising law."""
    mode = write_mode(resume=resume, force=force)
    with progress_bar("verify", None) as bar:
        summary = verify_file(products, drafts, out, mode=mode, on_progress=bar.show)
    out_console.print(f"{summary.publishable} of {summary.done} texts publishable → {out}")
    print_faults(summary.faults)
    finish(good=summary.done, bad=summary.failed)
