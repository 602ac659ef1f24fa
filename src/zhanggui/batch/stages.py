"""Stages for rows of files: picklable recipes that each process opens once.

Columns that are none of ours survive into the output rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhanggui.descriptions.rows import verify_row
from zhanggui.guard.screen import shipped_guard
from zhanggui.ingest.readers import DraftRow, TextRow, read_products
from zhanggui.ingest.source import Sourced
from zhanggui.pii.finder import Entity, mask, mask_all
from zhanggui.records import Product, Review
from zhanggui.reviews.reading import load_students, read_chunk
from zhanggui.reviews.rows import reading_row
from zhanggui.settings import PLAIN, Wording

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RedactStage:
    """Texts → texts without personal data, with what was found."""

    def open(self) -> Callable[[Sequence[Sourced[TextRow]]], list[Row]]:
        return _redacted


def _redacted(rows: Sequence[Sourced[TextRow]]) -> list[Row]:
    # A column that we do not know may hold what the text no longer does.
    columns = [
        [name for name, value in row.others.items() if isinstance(value, str)] for row in rows
    ]
    texts = [
        text
        for row, names in zip(rows, columns, strict=True)
        for text in (row.record.text, *(row.others[name] for name in names))
    ]
    masked = iter(mask_all(texts))
    return [_masked_row(row, names, masked) for row, names in zip(rows, columns, strict=True)]


def _masked_row(
    row: Sourced[TextRow], names: list[str], masked: Iterator[tuple[str, list[Entity]]]
) -> Row:
    text, entities = next(masked)
    found = [
        {"type": one.type, "start": one.start, "end": one.end, "text": one.text} for one in entities
    ]
    others = {name: _masked(value) for name, value in row.others.items() if name not in names}
    others = {**row.others, **others, **{name: next(masked)[0] for name in names}}
    return with_others({"id": row.record.id, "text": text, "entities": found}, others)


def _masked(value: Any) -> Any:
    """A value of JSON without personal data: what stands in lists, in objects and as a number."""
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return value
    said = str(value)
    shown, _ = mask(said)
    return value if shown == said else shown


@dataclass(frozen=True, slots=True)
class ScreenStage:
    """Texts → whether they try to steer a machine, and whether they insult."""

    def open(self) -> Callable[[Sequence[Sourced[TextRow]]], list[Row]]:
        guard = shipped_guard()

        def screened(rows: Sequence[Sourced[TextRow]]) -> list[Row]:
            found = guard.screen([row.record.text for row in rows])
            return [
                with_others({"id": row.record.id, **asdict(one)}, row.others)
                for row, one in zip(rows, found, strict=True)
            ]

        return screened


@dataclass(frozen=True, slots=True)
class VerifyStage:
    """Drafts → claims and violations, against the products of a file."""

    products: Path
    wording: Wording = PLAIN

    def open(self) -> Callable[[Sequence[Sourced[DraftRow]]], list[Row]]:
        known = {
            product.id: product
            for product in read_products(self.products)
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


@dataclass(frozen=True, slots=True)
class ReadStage:
    """Reviews → readings, not yet marked as suspicious."""

    students: Path | None

    def open(self) -> Callable[[Sequence[Review]], list[Row]]:
        students = load_students(self.students)
        return lambda reviews: [reading_row(one) for one in read_chunk(reviews, students)]


def with_others(row: Row, others: Mapping[str, Any]) -> Row:
    """`row` with the columns of `others` that it does not have itself."""
    return row | {name: value for name, value in others.items() if name not in row}
