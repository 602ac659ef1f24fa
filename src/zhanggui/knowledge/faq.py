"""Passages of question-and-answer rows."""

from __future__ import annotations

from collections.abc import Iterable

from zhanggui.knowledge.identity import identified
from zhanggui.records import FaqRow, Passage


def passages_of_faq(rows: Iterable[FaqRow], file: str = "faq.csv") -> list[Passage]:
    """One passage a question, cited as `file:line`; half rows are left out."""
    return identified(
        [
            Passage(
                id="",
                source=f"{file}:{row.line}",
                text=row.answer.strip(),
                kind="faq",
                question=question.strip(),
                product_id=row.product_id or None,
            )
            for row in rows
            for question in (row.question, *row.also)
            if question.strip() and row.answer.strip()
        ]
    )
