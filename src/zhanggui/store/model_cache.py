"""Answers of a model by a digest of the request."""

from __future__ import annotations

from sqlalchemy import Connection, select

from zhanggui.store.changes import upsert
from zhanggui.store.column_types import utc_now
from zhanggui.store.database import Store
from zhanggui.store.schema import model_cache


def get(conn: Connection, key: str) -> str | None:
    """What was put under `key`."""
    return conn.scalar(select(model_cache.c.value).where(model_cache.c.key == key))


def put(conn: Connection, key: str, value: str) -> None:
    """Keeps `value` under `key`, in place of what was there."""
    upsert(conn, model_cache, {"key": key, "value": value, "written_at": utc_now()})


class StoredAnswers:
    """The answers kept in a store, a transaction each."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str) -> str | None:
        with self._store.read() as conn:
            return get(conn, key)

    def put(self, key: str, value: str) -> None:
        with self._store.begin() as conn:
            put(conn, key, value)
