"""Vectors for the passages that have none yet."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.knowledge.embedder import Embedder, Vectors
from zhanggui.knowledge.markdown import plain
from zhanggui.knowledge.parts import CELLS, PATH
from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.store.database import Store

BATCH = 2048


def update(store: Store, embedder: Embedder) -> int:
    """Encodes the passages without a vector, a batch a transaction; returns how many.

    The store is not locked meanwhile. A passage that another import changes in the meantime
    waits for its next round.
    """
    done = 0
    while True:
        with store.read() as conn:
            waiting = passages.without_vector(conn, BATCH)
        if not waiting:
            return done
        vectors = _encode([embedded_text(passage) for passage in waiting], embedder)
        with store.begin() as conn:
            now = set(passages.get(conn, [passage.id for passage in waiting]))
            kept = [place for place, passage in enumerate(waiting) if passage in now]
            passages.put_vectors(conn, [waiting[place].id for place in kept], vectors[kept])
        done += len(kept)


def _encode(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """The vectors of `texts`; equal ones are encoded once."""
    place = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    return embedder.encode(list(place))[[place[text] for text in texts]]


def embedded_text(passage: Passage) -> str:
    """What a passage's vector is made of: that which a question would resemble.

    A question is nearer to a question than to its answer, so FAQ rows give theirs; a line of
    a policy says little without its heading; a product's title would make all its
    attributes alike.
    """
    if passage.question:
        return passage.question
    if passage.kind == "attribute":
        return passage.text
    nearest = passage.heading.split(PATH)[-2:]
    return plain(" ".join([*nearest, passage.text]).replace(CELLS, " "))
