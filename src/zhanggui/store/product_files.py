"""The file of products as it was imported: an export gives back every byte of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select

from zhanggui.store.changes import upsert
from zhanggui.store.schema import product_files


@dataclass(frozen=True, slots=True)
class ProductFile:
    """One file of products."""

    file: str
    content: bytes
    mapping: Mapping[str, str] = field(default_factory=dict)
    """The columns that the shop named itself: header key to our column."""


def put(conn: Connection, given: ProductFile) -> None:
    """Keeps the file in place of the one with its name."""
    row = {
        "file": given.file,
        "content": zlib.compress(given.content),
        "mapping": json.dumps(dict(given.mapping), ensure_ascii=False),
    }
    upsert(conn, product_files, row)


def every(conn: Connection) -> list[ProductFile]:
    """All files of products; an import leaves one."""
    rows = conn.execute(select(product_files).order_by(product_files.c.file)).mappings()
    return [
        ProductFile(row["file"], zlib.decompress(row["content"]), json.loads(row["mapping"]))
        for row in rows
    ]


def remove(conn: Connection, file: str) -> None:
    """Forgets a file that has left the folder."""
    conn.execute(delete(product_files).where(product_files.c.file == file))
