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
    error_console,
    finish,
    global_options,
    out_console,
    print_faults,
    write_mode,
)
from zhanggui.cli.progress import row_counter, run_bar
from zhanggui.descriptions.estimate import Estimate
from zhanggui.report.page import duration
from zhanggui.shop import Shop

_LONG_RUN = 60


def describe(
    context: typer.Context,
    out: OutFile,
    product: Annotated[
        list[str] | None, typer.Option("--product", help="A product's id; repeat for more.")
    ] = None,
    channel: Annotated[
        str, typer.Option(help="generic, taobao, xiaohongshu, shopify.")
    ] = "generic",
    variants: Annotated[
        int, typer.Option(min=1, max=5, help="How many different drafts of each product.")
    ] = 1,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Write descriptions in which each claim points to the attribute that makes it true."""
    options = global_options(context)
    mode = write_mode(resume=resume, force=force)
    with Shop.open(options.settings(), now=options.now) as shop:
        print_estimate(shop.estimate(len(shop.products(product)) * variants))
        with run_bar("describe") as show:
            result = shop.describe_to(
                out,
                product_ids=product,
                channel=channel,
                variants=variants,
                mode=mode,
                on_progress=show,
            )
    ready = sum(draft.state == "draft" for draft in result.drafts)
    out_console.print(
        f"{len(result.drafts)} drafts, {ready} publishable, "
        f"{len(result.drafts) - ready} for review → {out}"
    )
    print_faults(result.faults)
    finish(good=result.done, bad=result.failed)


def print_estimate(estimate: Estimate) -> None:
    """Says beforehand what a long run takes."""
    if estimate.seconds < _LONG_RUN:
        return
    told = f"{estimate.drafts:,} drafts: about {duration(estimate.seconds)}"
    if estimate.measured:
        told += f", by the last {estimate.measured:,} with this model."
    elif estimate.local:
        told += " on this machine; through an endpoint faster."
    else:
        told += " through this endpoint, a guess until some are written."
    error_console.print(told, soft_wrap=True)


def verify(
    context: typer.Context,
    products: Annotated[Path, typer.Option(help="The products: .csv, .xlsx or .jsonl.")],
    drafts: Annotated[Path, typer.Option(help="Rows of id, product_id, text.")],
    out: OutFile,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Check copy that anybody wrote against the attributes and the advertising law."""
    settings = global_options(context).settings()
    mode = write_mode(resume=resume, force=force)
    with row_counter("verify") as show:
        summary = verify_file(
            products,
            drafts,
            out,
            wording=settings.wording,
            processes=settings.threads,
            mode=mode,
            on_row=show,
        )
    out_console.print(f"{summary.written} texts checked → {out}")
    print_faults(summary.faults)
    finish(good=summary.written, bad=len(summary.faults))
