"""Which file was imported when, with which content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from zhanggui.store.changes import upsert
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import imports


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file of the shop folder as it was last imported."""

    file: str
    digest: str
    rows: int
    imported_at: datetime


def put(conn: Connection, file: str, digest: str, rows: int) -> None:
    """Notes that `file` with this content was imported now."""
    row = {"file": file, "digest": digest, "rows": rows, "imported_at": utc_now()}
    upsert(conn, imports, row)


def every(conn: Connection) -> dict[str, ImportedFile]:
    """All imported files by name."""
    rows = conn.execute(select(imports).order_by(imports.c.file)).mappings()
    return {row["file"]: ImportedFile(**row) for row in rows}


def remove(conn: Connection, file: str) -> None:
    """Forgets a file that has left the folder."""
    conn.execute(delete(imports).where(imports.c.file == file))
