"""`zhanggui describe` and `zhanggui verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from zhanggui.batch.drafts import verify_file
from zhanggui.cli.home import existing_shop
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
from zhanggui.descriptions.review import rules_version
from zhanggui.errors import InputError
from zhanggui.ingest.writers import Mode
from zhanggui.text.duration import duration

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
    with existing_shop(options) as shop:
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
    ready = sum(draft.publishable for draft in result.drafts)
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
    out: Annotated[
        Path | None, typer.Option("--out", help="Where rows are written: .jsonl, .csv or .xlsx.")
    ] = None,
    products: Annotated[
        Path | None, typer.Option(help="The products: .csv, .xlsx or .jsonl.")
    ] = None,
    drafts: Annotated[Path | None, typer.Option(help="Rows of id, product_id, text.")] = None,
    rules_changed: Annotated[
        bool,
        typer.Option(
            "--rules-changed",
            help="The shop's own drafts that were judged under another version of the law.",
        ),
    ] = False,
    resume: Resume = False,
    force: Force = False,
) -> None:
    """Check copy that anybody wrote against the attributes and the advertising law."""
    settings = global_options(context).settings()
    mode = write_mode(resume=resume, force=force)
    if rules_changed:
        if products is not None or drafts is not None:
            raise InputError(
                "--rules-changed checks the shop's own drafts: leave out --products and --drafts."
            )
        if resume:
            raise InputError("--rules-changed is done in one go: give --force, not --resume.")
        _verify_again(context, out, mode)
        return
    if products is None or drafts is None or out is None:
        raise InputError(
            "Give --products, --drafts and --out; --rules-changed checks the shop's own drafts."
        )
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


def _verify_again(context: typer.Context, out: Path | None, mode: Mode) -> None:
    options = global_options(context)
    with existing_shop(options) as shop:
        looked = shop.verify_again(out, mode=mode)
    faulty = [one for one in looked if one.newly_faulty]
    for one in faulty:
        was = one.version.draft.state
        out_console.print(Text.assemble((one.version.id, "bold"), f" was {was}, waits now"))
        for reason in one.reasons:
            out_console.print(Text(f"  {reason}"), soft_wrap=True)
    place = f" → {out}" if out is not None else ""
    out_console.print(
        f"law {rules_version()}: drafts checked {len(looked)}, no longer holding "
        f"{len(faulty)}{place}",
        soft_wrap=True,
    )
    if faulty:
        out_console.print("zhanggui drafts list --state needs_review shows them.", style="dim")
