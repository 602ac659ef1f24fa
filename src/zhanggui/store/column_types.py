"""Column types that differ between SQLite and Postgres."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pgvector.sqlalchemy import Vector
from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

TOKENS: TypeEngine[Any] = Text().with_variant(TSVECTOR(), "postgresql")
"""Index tokens: joined by spaces for FTS5, a tsvector with positions on Postgres."""

# No dimension: another embedder may have another one, and the scan is exact on both databases.
VECTOR: TypeEngine[Any] = LargeBinary().with_variant(Vector(), "postgresql")
"""An embedding: little-endian float32 bytes on SQLite, pgvector on Postgres."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time; SQLite keeps no zone, so UTC goes in and comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """The time that goes into a row."""
    return datetime.now(UTC)
