"""The shop's knowledge in quotable pieces, and the two ways to search it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, delete, func, or_, select, update

from zhanggui.records import Passage
from zhanggui.store import full_text, replies, vectors
from zhanggui.store.changes import Changes, record_row, replace_rows
from zhanggui.store.codec import decode, encode
from zhanggui.store.schema import passages
from zhanggui.text.segment import index_tokens

_CHUNK = 500


def replace_source(conn: Connection, source_file: str, given: Sequence[Passage]) -> Changes:
    """Makes the passages of one source exactly `given`; those with other words lose their vector,
    and the replies that stand on what changed or went are marked stale.

    `source_file` is the part of `Passage.source` before `#` or `:`. A passage id that another
    source had moves to this one.
    """
    rows: list[dict[str, Any]] = [
        record_row(passage.id, position, passage) for position, passage in enumerate(given)
    ]
    for start in range(0, len(rows), _CHUNK):
        ids = [row["id"] for row in rows[start : start + _CHUNK]]
        conn.execute(
            delete(passages).where(
                and_(passages.c.id.in_(ids), passages.c.source_file != source_file)
            )
        )
    within = select(passages.c.id, passages.c.digest).where(passages.c.source_file == source_file)
    digests = {key: digest for key, digest in conn.execute(within)}
    wanted = {row["id"]: row["digest"] for row in rows}
    going = [key for key, digest in digests.items() if wanted.get(key) != digest]
    stored = _with_vectors(conn, going)
    kept = {_words(one): vector for one, vector in stored if vector is not None}
    on_postgres = conn.dialect.name == "postgresql"
    for row, passage in zip(rows, given, strict=True):
        # What stays as it is is not written, so its words need not be cut into tokens.
        if digests.get(passage.id) != row["digest"]:
            row |= _searched(source_file, passage, on_postgres=on_postgres)
            row["vector"] = kept.get(_words(passage))
    now = {passage.id: replace(passage, source="") for passage in given}
    changed = [one.id for one, _ in stored if now.get(one.id) != replace(one, source="")]
    replies.mark_stale(conn, changed)
    changes = replace_rows(conn, passages, rows, within=passages.c.source_file == source_file)
    if changes.changed or changes.added or changes.removed:
        vectors.mark_changed(conn)
    return changes


def _with_vectors(conn: Connection, ids: Sequence[str]) -> list[tuple[Passage, Any]]:
    found: list[tuple[Passage, Any]] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = passages.c.id.in_(ids[start : start + _CHUNK])
        rows = conn.execute(select(passages.c.record, passages.c.vector).where(chunk))
        found += [(decode(Passage, text), vector) for text, vector in rows]
    return found


def _words(passage: Passage) -> tuple[str, ...]:
    """All that a vector is made of; what keeps it keeps its vector, on whichever line it stands."""
    return passage.kind, passage.heading, passage.question, passage.text


def rewrite(conn: Connection, passage_id: str, passage: Passage) -> None:
    """Puts other words into a passage, which loses its vector and keeps the digest of its source.

    The next import of the same source leaves it as it is.
    """
    on_postgres = conn.dialect.name == "postgresql"
    searched = _searched("", passage, on_postgres=on_postgres)
    changed = {name: searched[name] for name in ("tokens", "token_count")}
    changed |= {"record": encode(passage), "vector": None}
    conn.execute(update(passages).where(passages.c.id == passage_id).values(changed))
    vectors.mark_changed(conn)


def get(conn: Connection, ids: Sequence[str]) -> list[Passage]:
    """The passages with these ids, in that order; unknown ones are left out."""
    found: dict[str, Passage] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = passages.c.id.in_(ids[start : start + _CHUNK])
        for key, text in conn.execute(select(passages.c.id, passages.c.record).where(chunk)):
            found[key] = decode(Passage, text)
    return [found[key] for key in ids if key in found]


def every(conn: Connection, product_id: str | None = None) -> list[Passage]:
    """Shop-wide passages and those of `product_id`; without one, all passages."""
    wanted = select(passages.c.record)
    if product_id is not None:
        wanted = wanted.where(
            or_(passages.c.product_id.is_(None), passages.c.product_id == product_id)
        )
    ordered = wanted.order_by(passages.c.source_file, passages.c.position, passages.c.row)
    return [decode(Passage, text) for (text,) in conn.execute(ordered)]


def of_source(conn: Connection, source: str) -> list[Passage]:
    """The passages whose `source` is exactly this one."""
    file = source.partition("#")[0].partition(":")[0]
    # The record is JSON text, so most of the file's rows need not be read to tell.
    named = passages.c.record.contains(f'"source":{encode(source)}', autoescape=True)
    wanted = select(passages.c.record).where(passages.c.source_file == file, named)
    found = [decode(Passage, text) for (text,) in conn.execute(wanted)]
    return [passage for passage in found if passage.source == source]


def sources(conn: Connection) -> dict[str, int]:
    """Source file to its number of passages."""
    counted = select(passages.c.source_file, func.count()).group_by(passages.c.source_file)
    return {name: count for name, count in conn.execute(counted.order_by(passages.c.source_file))}


def search_text(
    conn: Connection, tokens: Sequence[str], *, product_id: str | None, limit: int
) -> list[tuple[str, float]]:
    """(passage id, BM25 score), best first, for passages that hold any of `tokens`.

    Shop-wide passages and those of `product_id`; without one, all passages.
    """
    return full_text.search(conn, tokens, product_id=product_id, limit=limit)


def without_vector(conn: Connection, limit: int | None = None) -> list[Passage]:
    """The passages (the first `limit`) that have to be embedded."""
    missing = select(passages.c.record).where(passages.c.vector.is_(None))
    ordered = missing.order_by(passages.c.row).limit(limit)
    return [decode(Passage, text) for (text,) in conn.execute(ordered)]


def put_vectors(conn: Connection, ids: Sequence[str], given: NDArray[np.float32]) -> None:
    """Stores the embeddings [n, d] of the passages `ids` [n]."""
    vectors.put(conn, ids, given)


def search_vectors(
    conn: Connection, vector: NDArray[np.float32], *, product_id: str | None, limit: int
) -> list[tuple[str, float]]:
    """(passage id, cosine), best first. `vector` is [d]; the scope is that of `search_text`."""
    return vectors.search(conn, vector, product_id=product_id, limit=limit)


def _searched(source_file: str, passage: Passage, *, on_postgres: bool) -> dict[str, Any]:
    """The columns that a passage is found by, but for its vector."""
    words = "\n".join((passage.heading, passage.question, passage.text))
    tokens = full_text.clean(index_tokens(words.encode("utf-8", "replace").decode()))
    document = full_text.postgres_document if on_postgres else full_text.sqlite_document
    return {
        "source_file": source_file,
        "product_id": passage.product_id,
        "tokens": document(tokens),
        "token_count": len(tokens),
    }
