"""Embeddings of passages: exact cosine search, in numpy on SQLite and by pgvector on Postgres."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Float, bindparam, func, or_, select, update

from zhanggui.store.changes import upsert
from zhanggui.store.column_types import VECTOR
from zhanggui.store.schema import marks, passages

Matrix = NDArray[np.float32]

_MARK = "vectors"


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vectors of one dimension at one state of the table, shop-wide ones first."""

    version: str
    ids: tuple[str, ...]
    unit: Matrix
    """[n, d], rows of length 1; rows of one product stand together."""
    spans: dict[str | None, tuple[int, int]]
    """Product (None: shop-wide) to its rows."""

    def nearest(
        self, vector: Matrix, *, product_id: str | None, limit: int
    ) -> list[tuple[str, float]]:
        """The `limit` passages nearest to the unit `vector`, best first."""
        names = self.spans if product_id is None else (None, product_id)
        spans = [self.spans[name] for name in names if name in self.spans]
        if not spans:
            return []
        rows = np.concatenate([np.arange(start, end) for start, end in spans])
        scores = np.concatenate([self.unit[start:end] @ vector for start, end in spans])
        best = np.argsort(-scores, kind="stable")[: max(0, limit)]
        return [(self.ids[rows[place]], float(scores[place])) for place in best]


class VectorCache:
    """Keeps the last index of each dimension for one open store."""

    def __init__(self) -> None:
        self._indexes: dict[int, VectorIndex] = {}
        self._lock = Lock()

    def get(self, conn: Connection, dimension: int) -> VectorIndex:
        """The index as `conn` sees the table now; read again only when that has changed."""
        version = conn.scalar(select(marks.c.value).where(marks.c.name == _MARK)) or ""
        with self._lock:
            index = self._indexes.get(dimension)
            if index is None or index.version != version:
                index = self._indexes[dimension] = _load(conn, version, dimension)
            return index


def mark_changed(conn: Connection) -> None:
    """Tells every open store, at commit, that vectors have changed.

    The mark is random, not a count: a count that is rolled back would come again. Postgres
    keeps no copy outside the table.
    """
    if conn.dialect.name == "sqlite":
        upsert(conn, marks, {"name": _MARK, "value": secrets.token_hex(8)})


def put(conn: Connection, ids: Sequence[str], vectors: Matrix) -> None:
    """Stores `vectors` [n, d] for the passages `ids` [n]."""
    if len(ids) != len(vectors):
        raise ValueError(f"{len(ids)} passages but {len(vectors)} vectors")
    if not len(ids):
        return
    on_postgres = conn.dialect.name == "postgresql"
    rows: list[dict[str, Any]] = [
        {"row_id": key, "vector": row if on_postgres else row.tobytes()}
        for key, row in zip(ids, np.ascontiguousarray(vectors, dtype="<f4"), strict=True)
    ]
    conn.execute(update(passages).where(passages.c.id == bindparam("row_id")), rows)
    mark_changed(conn)


def search(
    conn: Connection, vector: Matrix, *, product_id: str | None, limit: int
) -> list[tuple[str, float]]:
    """(passage id, cosine), best first; shop-wide passages and those of `product_id`, or all."""
    query = np.asarray(vector, dtype="<f4").reshape(-1)
    length = float(np.linalg.norm(query))
    if length:
        query = query / np.float32(length)
    if conn.dialect.name == "postgresql":
        return _search_postgres(conn, query, product_id, limit)
    cache: VectorCache = conn.get_execution_options()["zhanggui_vectors"]
    return cache.get(conn, len(query)).nearest(query, product_id=product_id, limit=limit)


def _search_postgres(
    conn: Connection, query: Matrix, product_id: str | None, limit: int
) -> list[tuple[str, float]]:
    distance = passages.c.vector.op("<=>", return_type=Float())(
        bindparam("query", query, type_=VECTOR)
    )
    # Another embedder may have left vectors of another dimension.
    found = select(passages.c.id, distance).where(func.vector_dims(passages.c.vector) == len(query))
    if product_id is not None:
        found = found.where(
            or_(passages.c.product_id.is_(None), passages.c.product_id == product_id)
        )
    rows = conn.execute(found.order_by(distance, passages.c.row).limit(limit))
    # pgvector's cosine distance to a vector of zeros is not a number.
    return [(key, 0.0 if np.isnan(far) else 1.0 - float(far)) for key, far in rows]


def _load(conn: Connection, version: str, dimension: int) -> VectorIndex:
    stored = (
        select(passages.c.id, passages.c.product_id, passages.c.vector)
        .where(func.length(passages.c.vector) == 4 * dimension)
        .order_by(passages.c.product_id.is_not(None), passages.c.product_id, passages.c.row)
    )
    ids: list[str] = []
    raw = bytearray()
    spans: dict[str | None, tuple[int, int]] = {}
    for place, (key, product_id, blob) in enumerate(conn.execute(stored)):
        ids.append(key)
        raw += blob
        spans[product_id] = (spans.get(product_id, (place, 0))[0], place + 1)
    unit = np.frombuffer(raw, dtype="<f4").reshape(-1, dimension).astype(np.float32)
    lengths = np.linalg.norm(unit, axis=1, keepdims=True)
    np.divide(unit, lengths, out=unit, where=lengths > 0)
    return VectorIndex(version, tuple(ids), unit, spans)
