"""Search over passages: full text and vectors, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.knowledge.embedder import Embedder
from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.text.segment import index_tokens

TEXT_WEIGHT = 0.3
VECTOR_WEIGHT = 0.7
_SHARPNESS = 3
"""Customers' words are seldom the shop's, so only what matches about as well as the best counts."""
_CONVINCING = 10.0
"""BM25 score of a match that says half of what a perfect one would: about three rare words."""
_POOL = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, best first in a list of hits."""

    passage: Passage
    score: float
    """Fused, in [0, 1]; comparable within one search only."""
    cosine: float
    """Between question and passage; comparable between searches."""
    text: float
    """Full-text score as a share of the best one in this search."""


def search(
    conn: Connection,
    embedder: Embedder,
    query: str,
    *,
    product_id: str | None,
    limit: int,
    also: Sequence[str] = (),
) -> list[Hit]:
    """The passages nearest to `query`: 0.3 full text + 0.7 vectors, after a pool of each; full text
    counts where it is near the best match, and that match is a good one.

    With a product only its passages and those of the whole shop are looked at, so that a
    sibling's never answer; without one, all are. `also` are words that the answer is likely to
    hold though the question does not say them (净重 for 多重); full text looks for them too.
    """
    tokens = list(dict.fromkeys(index_tokens(" ".join((query, *also)))))
    by_text = dict(passages.search_text(conn, tokens, product_id=product_id, limit=_POOL))
    vector = embedder.encode([query])[0]
    by_vector = dict(passages.search_vectors(conn, vector, product_id=product_id, limit=_POOL))
    best = max(by_text.values(), default=0.0)
    # A passage that only the text search found is no nearer than the last one of the pool.
    floor = min(by_vector.values(), default=0.0) if len(by_vector) == _POOL else 0.0
    found = {passage.id: passage for passage in passages.get(conn, [*by_text, *by_vector])}
    convinced = best / (best + _CONVINCING)
    hits = []
    for key, passage in found.items():
        cosine = by_vector.get(key, floor)
        text = by_text.get(key, 0.0) / best if best > 0 else 0.0
        matched = convinced * text**_SHARPNESS
        score = TEXT_WEIGHT * matched + VECTOR_WEIGHT * max(cosine, 0.0)
        hits.append(Hit(passage, score, cosine, text))
    hits.sort(key=lambda hit: (-hit.score, hit.passage.source))
    return hits[:limit]
