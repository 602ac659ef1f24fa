"""Drafts that anybody wrote, checked against a file of products: `verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zhanggui.batch.inputs import digest_of
from zhanggui.batch.stream import OnRow, Row, StreamSummary, runner_for, stream_rows, with_others
from zhanggui.descriptions.review import rules_version
from zhanggui.descriptions.rows import verify_row
from zhanggui.errors import InputError
from zhanggui.ingest.readers import DraftRow, read, sourced
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.writers import Mode, refuse_input
from zhanggui.records import Product, RowFault
from zhanggui.settings import PLAIN, Wording


def verify_file(
    products: Path,
    drafts: Path,
    out: Path,
    *,
    wording: Wording = PLAIN,
    processes: int = 1,
    mode: Mode = "new",
    on_row: OnRow = lambda _: None,
) -> StreamSummary:
    """Checks the texts of `drafts` against `products`, the law and the shop's own `wording`,
    by rules alone.

    A draft whose product is not in `products` is reported and left out. Raises InputError if
    `products` holds no product.
    """
    refuse_input(out, products, drafts)
    # Opened before `out` is: a name that is mistyped leaves no empty file.
    texts = sourced(DraftRow, drafts)
    faults: list[RowFault] = []
    known = set()
    for row in read(Product, products):
        if isinstance(row, Product):
            known.add(row.id)
        else:
            faults.append(row)
    if not known:
        raise InputError(f"{products.name} holds no product: check the file.")
    summary = stream_rows(
        _with_known_products(drafts.name, texts, known),
        stage=VerifyStage(products, wording),
        runner=runner_for(drafts, processes),
        out=out,
        basis=digest_of(products, repr(wording), rules_version()),
        mode=mode,
        on_row=on_row,
    )
    return replace(summary, faults=(*faults, *summary.faults))


def _with_known_products(
    name: str, texts: Iterable[Sourced[DraftRow] | RowFault], known: set[str]
) -> Iterator[Sourced[DraftRow] | RowFault]:
    for row in texts:
        wanted = None if isinstance(row, RowFault) else row.record.product_id
        if isinstance(row, RowFault) or wanted is None or wanted in known:
            yield row
        else:
            yield RowFault(name, row.line, f"there is no product {wanted!r}")


@dataclass(frozen=True, slots=True)
class VerifyStage:
    """Drafts → claims and violations, against the products of a file."""

    products: Path
    wording: Wording = PLAIN

    def open(self) -> Callable[[Sequence[Sourced[DraftRow]]], list[Row]]:
        known = {
            product.id: product
            for product in read(Product, self.products)
            if isinstance(product, Product)
        }
        return lambda rows: [
            with_others(_verified(row.record, known, self.wording), row.others) for row in rows
        ]


def _verified(draft: DraftRow, products: Mapping[str, Product], wording: Wording) -> Row:
    product = None if draft.product_id is None else products[draft.product_id]
    return verify_row(
        draft.id, draft.parts or draft.text, product, category=draft.category, wording=wording
    )
