"""Stages for rows of files: picklable recipes that each process opens once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhanggui.descriptions.rows import verify_row
from zhanggui.ingest.readers import DraftRow, TextRow
from zhanggui.ingest.readers import read_products
from zhanggui.pii.finder import mask
from zhanggui.records import Product, Review, RowFault
from zhanggui.reviews.reading import load_students, read_chunk
from zhanggui.reviews.rows import reading_row

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RedactStage:
    """Texts → texts without personal data, with what was found."""

    def open(self) -> Callable[[Sequence[TextRow]], Rows]:
        return _redacted


def _redacted(rows: Sequence[TextRow]) -> Rows:
    return [_redacted_row(row) for row in rows]


def _redacted_row(row: TextRow) -> dict[str, Any]:
    text, entities = mask(row.text)
    found = [
        {"type": one.type, "start": one.start, "end": one.end, "text": one.text}
        for one in entities
    ]
    return {"id": row.id, "text": text, "entities": found}


@dataclass(frozen=True, slots=True)
class VerifyStage:
    """Drafts → claims and violations, against the products of a file."""

    products: Path

    def open(self) -> Callable[[Sequence[DraftRow]], Rows]:
        known = {
            product.id: product
            for product in read_products(self.products)
            if isinstance(product, Product)
        }
        return lambda rows: [
            verify_row(row.id, row.text, known[row.product_id], category=row.category)
            if row.product_id in known
            else verify_row(row.id, row.text, None, category=row.category)
            for row in rows
        ]


@dataclass(frozen=True, slots=True)
class ReadStage:
    """Reviews → readings, not yet marked as suspicious."""

    students: Path | None

    def open(self) -> Callable[[Sequence[Review]], Rows]:
        students = load_students(self.students)
        return lambda reviews: [reading_row(one) for one in read_chunk(reviews, students)]
