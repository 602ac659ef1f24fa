"""`zhanggui describe` and `zhanggui verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhanggui.batch.file_jobs import verify_file
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
from zhanggui.cli.progress import row_counter, run_bar
from zhanggui.settings import load_settings
from zhanggui.shop import Shop


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
        run_bar("describe") as show,
    ):
        result = shop.describe_to(
            out, product_ids=product, channel=channel, mode=mode, on_progress=show
        )
    ready = sum(draft.state == "draft" for draft in result.drafts)
    out_console.print(
        f"{len(result.drafts)} drafts, {ready} publishable, "
        f"{len(result.drafts) - ready} for review → {out}"
    )
    print_faults(result.faults)
    finish(good=result.done, bad=result.failed)


def verify(
    products: Annotated[Path, typer.Option(help="The products: .csv, .xlsx or .jsonl.")],
    drafts: Annotated[Path, typer.Option(help="Rows of id, product_id, text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Check copy that anybody wrote against the attributes and the advertising law."""
    mode = write_mode(resume=resume, force=force)
    with row_counter("verify") as show:
        summary = verify_file(
            products, drafts, out, processes=load_settings().threads, mode=mode, on_row=show
        )
    out_console.print(f"{summary.written} texts checked → {out}")
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
