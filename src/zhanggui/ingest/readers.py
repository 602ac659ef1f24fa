"""Records out of files, one reader for each kind of file in `columns.yaml`.

`sourced` gives each record with its line and the columns that are none of ours, `read` the bare
records. A row that cannot be used is a RowFault in the stream, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from zhanggui.ingest import values
from zhanggui.ingest.columns import ColumnMapping
from zhanggui.ingest.source import Cells, Source
from zhanggui.records import (
    EXTRA_PARTS,
    FaqRow,
    Message,
    Order,
    Polarity,
    Product,
    Question,
    Review,
    RowFault,
    Ticket,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A text that anybody wrote, to be checked."""

    id: str
    text: str
    product_id: str | None = None
    category: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Its parts by name where the row is one that `describe` wrote; else empty."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text with its id."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledOpinion:
    """One opinion that somebody marked in a text; spans are substrings of it."""

    aspect: str | None
    opinion: str | None
    category: str
    polarity: Polarity
    aspect_start: int | None = None
    opinion_start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """A text with what it is labelled with; None is "not labelled"."""

    content: str
    polarity: Polarity | None = None
    opinions: tuple[LabelledOpinion, ...] | None = None


def _product(cells: Cells) -> Product:
    price = cells.parsed("price", values.decimal_of)
    return Product(
        id=cells.needed("id"),
        title=cells.needed("title"),
        category=cells.text("category"),
        brand=cells.text("brand"),
        price=price,
        stock=cells.parsed("stock", values.integer_of),
        attributes=cells.parsed("attributes", values.attributes_of) or {},
        extra={name: values.text_of(value) for name, value in cells.others.items()},
    )


def _order(cells: Cells) -> Order:
    quantity = cells.parsed("quantity", values.integer_of)
    paid: Decimal | None = cells.parsed("paid", values.decimal_of)
    placed: datetime | None = cells.parsed("placed_at", values.moment_of)
    return Order(
        order_id=cells.needed("order_id"),
        customer_id=cells.needed("customer_id"),
        product_id=cells.text("product_id"),
        quantity=1 if quantity is None else quantity,
        paid=paid,
        status=cells.text("status"),
        placed_at=placed,
        shipped_at=cells.parsed("shipped_at", values.moment_of),
        carrier=cells.text("carrier"),
        tracking_no=cells.text("tracking_no"),
        receiver=cells.text("receiver"),
        phone=cells.text("phone"),
        address=cells.text("address"),
    )


def _faq(cells: Cells) -> FaqRow:
    questions = [cells.needed("question")] if "title" not in cells.ours else _questions(cells)
    return FaqRow(
        line=cells.line,
        question=questions[0],
        answer=cells.needed("answer"),
        product_id=cells.text("product_id") or None,
        also=tuple(questions[1:]),
    )


def _questions(cells: Cells) -> list[str]:
    """A row of MaxKB: a question a line in one cell, or else a title."""
    written = [line.strip() for line in cells.text("question").splitlines() if line.strip()]
    return list(dict.fromkeys(written)) or [cells.needed("title")]


def _review(cells: Cells) -> Review:
    return Review(
        id=cells.identity(),
        content=cells.free_text("content"),
        rating=cells.parsed("rating", values.rating_of),
        product_id=cells.text("product_id") or None,
        created_at=cells.parsed("created_at", values.moment_of),
    )


def _ticket(cells: Cells) -> Ticket:
    messages = cells.parsed("messages", _messages)
    if not messages:
        raise ValueError("messages is empty")
    return Ticket(
        id=cells.identity(),
        messages=messages,
        customer_id=cells.text("customer_id") or None,
        product_id=cells.text("product_id") or None,
        created_at=cells.parsed("created_at", values.moment_of),
    )


def _question(cells: Cells) -> Question:
    return Question(
        id=cells.identity(),
        question=cells.needed("question"),
        product_id=cells.text("product_id") or None,
        customer_id=cells.text("customer_id") or None,
        history=cells.parsed("history", _messages) or (),
    )


def _draft(cells: Cells) -> DraftRow:
    return DraftRow(
        id=cells.identity(),
        text=cells.free_text("text"),
        product_id=cells.text("product_id") or None,
        category=cells.text("category"),
        parts=_parts(cells),
    )


def _parts(cells: Cells) -> dict[str, str]:
    """Title, bullets, body and the others of a described row: all of it goes out, not the body
    alone."""
    if "bullets" not in cells.others or "title" not in cells.others:
        return {}
    bullets = values.list_of(cells.others["bullets"])
    further = {name: values.words_of(cells.others.get(name, "")) for name in EXTRA_PARTS}
    return {
        "title": values.words_of(cells.others["title"]),
        **{f"bullets.{place}": values.words_of(line) for place, line in enumerate(bullets)},
        "body": cells.free_text("text"),
        **{name: text for name, text in further.items() if text},
    }


def _text(cells: Cells) -> TextRow:
    return TextRow(cells.identity(), cells.words("text"))


def _label(cells: Cells) -> LabelRow:
    polarity = cells.parsed("polarity", values.polarity_of)
    opinions = cells.parsed("opinions", values.list_of)
    if polarity is None and opinions is None:
        raise ValueError("the row has neither polarity nor opinions")
    content = cells.free_text("content")
    marked = None if opinions is None else tuple(_opinion(item, content) for item in opinions)
    return LabelRow(content=content, polarity=polarity, opinions=marked)


def _opinion(item: Any, content: str) -> LabelledOpinion:
    opinion = values.object_of(item)
    spans = {name: opinion.get(name) or None for name in ("aspect", "opinion")}
    for name, span in spans.items():
        if span is not None and (not isinstance(span, str) or span not in content):
            raise ValueError(f"{name}: {values.shown(span)} does not occur in the content")
    if not any(spans.values()):
        raise ValueError("an opinion has neither aspect nor opinion")
    starts = {}
    for name, span in spans.items():
        start = opinion.get(f"{name}_start")
        if start is not None and span is not None:
            start = values.integer_of(start)
            if content[start : start + len(span)] != span:
                raise ValueError(f"{name}_start: {start} is not where {values.shown(span)} stands")
        starts[name] = start if span is not None else None
    return LabelledOpinion(
        **spans,
        category=values.words_of(opinion.get("category")).strip(),
        polarity=values.polarity_of(opinion.get("polarity")),
        aspect_start=starts["aspect"],
        opinion_start=starts["opinion"],
    )


def _messages(value: Any) -> tuple[Message, ...]:
    turns = [values.object_of(item) for item in values.list_of(value)]
    return tuple(
        Message(values.role_of(turn.get("role")), values.words_of(turn.get("text")))
        for turn in turns
    )


_BUILDERS: dict[type[Any], tuple[str, Callable[[Cells], Any]]] = {
    Product: ("products", _product),
    Order: ("orders", _order),
    FaqRow: ("faq", _faq),
    Review: ("reviews", _review),
    Ticket: ("tickets", _ticket),
    Question: ("questions", _question),
    DraftRow: ("drafts", _draft),
    TextRow: ("texts", _text),
    LabelRow: ("labels", _label),
}


def sourced(kind: type[T], path: Path, mapping: ColumnMapping | None = None) -> Source[T]:
    """The file at `path` as records of `kind`, with lines, unknown columns and encoding.

    Raises InputNotFound, InputError or UnknownColumns at once, not while iterating.
    """
    noun, build = _BUILDERS[kind]
    return Source(path, noun, build, mapping)


def read(kind: type[T], path: Path, mapping: ColumnMapping | None = None) -> Iterator[T | RowFault]:
    """The bare records of `sourced`."""
    return (
        row if isinstance(row, RowFault) else row.record for row in sourced(kind, path, mapping)
    )
