"""Passages of question-and-answer rows."""

from __future__ import annotations

from collections.abc import Iterable

from zhanggui.knowledge.identity import identified
from zhanggui.records import FaqRow, Passage


def passages_of_faq(rows: Iterable[FaqRow], file: str = "faq.csv") -> list[Passage]:
    """One passage a row, cited as `file:line`; rows without question or answer are left out."""
    return identified(
        [
            Passage(
                id="",
                source=f"{file}:{row.line}",
                text=row.answer.strip(),
                kind="faq",
                question=row.question.strip(),
                product_id=row.product_id or None,
            )
            for row in rows
            if row.question.strip() and row.answer.strip()
        ]
    )
