"""Vectors for the passages that have none yet."""

from __future__ import annotations

from zhanggui.knowledge.embedder import Embedder
from zhanggui.knowledge.markdown import CELLS, PATH, plain
from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.store.database import Store

BATCH = 256


def update(store: Store, embedder: Embedder) -> int:
    """Encodes passages without a vector, a batch a transaction; returns how many."""
    done = 0
    while True:
        with store.begin() as conn:
            waiting = passages.without_vector(conn)[:BATCH]
            if not waiting:
                return done
            vectors = embedder.encode([embedded_text(passage) for passage in waiting])
            passages.put_vectors(conn, [passage.id for passage in waiting], vectors)
        done += len(waiting)


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
