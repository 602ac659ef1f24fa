"""What is missing from the knowledge: unanswered questions, alike ones together, and the line of a
FAQ that would answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.answers.agreement import nearness
from zhanggui.answers.replay import Replayed
from zhanggui.answers.screening import readable
from zhanggui.answers.staff_words import general, says_no
from zhanggui.knowledge.embedder import Embedder, Vectors
from zhanggui.pii.finder import TOKEN

COLUMNS = ("question", "answer", "count", "product_id", "examples")
_APART = 0.4
"""Cosine distance from which two groups of questions are not joined."""
_ALIKE = 0.6
"""Cosine from which two staff answers say the same."""
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the shop's data do not answer."""

    question: str
    """The most central one of those that customers asked."""
    answer: str
    """What at least two of the staff's answers say and everybody may be told; else empty."""
    count: int
    product_id: str | None
    examples: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """The row of `--faq-out`; an import of it as faq.csv takes the first two columns and the
        product."""
        return {
            "question": self.question,
            "answer": self.answer,
            "count": self.count,
            "product_id": self.product_id or "",
            "examples": " ".join(self.examples),
        }


def gaps(rows: Sequence[Replayed], embedder: Embedder) -> list[Gap]:
    """The unanswered questions in groups, the most frequent first.

    Only questions about one product, or about what is the same for all, are put together: what
    is true of one product answers for no other.
    """
    by_scope: dict[str | None, list[Replayed]] = defaultdict(list)
    for row in rows:
        if row.reply.decision == "hand_over" and row.answerable and _public(row):
            scope = None if row.shop_matter else row.turn.question.product_id
            by_scope[scope].append(row)
    found = [
        gap for scope, members in by_scope.items() for gap in _grouped(scope, members, embedder)
    ]
    return sorted(found, key=lambda gap: (-gap.count, gap.examples))


def _public(row: Replayed) -> bool:
    return not TOKEN.search(row.turn.question.question)


def _grouped(scope: str | None, members: Sequence[Replayed], embedder: Embedder) -> list[Gap]:
    vectors = embedder.encode([readable(row.turn.question.question) for row in members])
    groups: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(_labels(vectors)):
        groups[label].append(place)
    return [
        _gap(scope, [members[place] for place in places], vectors[places], embedder)
        for places in groups.values()
    ]


def _labels(vectors: Vectors) -> list[int]:
    # It takes a second to import, and only a replay needs it.
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return [0] * len(vectors)
    model = AgglomerativeClustering(
        n_clusters=None, distance_threshold=_APART, metric="cosine", linkage="average"
    )
    return [int(label) for label in model.fit_predict(vectors)]


def _gap(
    scope: str | None, members: Sequence[Replayed], vectors: Vectors, embedder: Embedder
) -> Gap:
    central = members[int(np.argmax(vectors @ vectors.mean(axis=0)))]
    return Gap(
        question=" ".join(central.turn.question.question.split()),
        answer=_answer([row.turn.staff for row in members], embedder),
        count=len(members),
        product_id=scope,
        examples=tuple(row.turn.question.id for row in members[:_EXAMPLES]),
    )


def _answer(staff: Sequence[str], embedder: Embedder) -> str:
    """The answer that most of the staff's agree with, if at least two do."""
    usable = [text for text in map(general, staff) if text]
    agreeing = [sum(same_answer(one, other, embedder) for other in usable) for one in usable]
    if not usable or max(agreeing) < 2:
        return ""
    best = max(agreeing)
    return min(
        (text for text, count in zip(usable, agreeing, strict=True) if count == best), key=len
    )


def same_answer(one: str, other: str, embedder: Embedder) -> bool:
    """Whether two staff answers say the same: near, the same digits, the same yes or no."""
    digits = [sorted(filter(str.isdigit, text)) for text in (one, other)]
    if digits[0] != digits[1] or says_no(one) is not says_no(other):
        return False
    return one == other or nearness(embedder, one, other) >= _ALIKE
