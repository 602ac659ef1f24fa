"""Passages of staff answers that were accepted for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from zhanggui.knowledge.identity import identified
from zhanggui.records import ApprovedAnswer, Passage

SOURCE = "approved"
"""What stands before the colon in the sources of these passages."""


def passages_of_approved(answers: Iterable[ApprovedAnswer]) -> list[Passage]:
    """One passage an answer, cited as `approved:id`."""
    return identified(
        [
            Passage(
                id="",
                source=f"{SOURCE}:{one.id}",
                text=one.answer,
                kind="approved",
                question=one.question,
                product_id=one.product_id,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for one in answers
        ]
    )
