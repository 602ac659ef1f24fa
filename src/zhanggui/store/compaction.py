"""Nothing of what was deleted stays in the database's files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from zhanggui.errors import StoreError
from zhanggui.store.schema import metadata


def compact(engine: Engine) -> None:
    """Rebuilds the full-text index, the file and the indexes, and empties the log of writes.

    SQLite: what remains in free pages, in the shadow tables of FTS5 and in the WAL is gone.
    Postgres: every table is written anew and dead rows are gone; what its log of writes and
    its archives hold lasts as long as the server is set to keep it. Raises StoreError if
    another program has the database in use.
    """
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
            for table in metadata.sorted_tables:
                conn.execute(text(f'VACUUM (FULL) "{table.name}"'))
        return
    raw = engine.raw_connection()
    try:
        # The driver is in no transaction here, as VACUUM wants it.
        cursor = raw.cursor()
        # 'optimize' would leave what the merged segments had as deleted rows of older ones.
        cursor.execute("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')")
        _empty_wal(cursor)
        cursor.execute("VACUUM")
        _empty_wal(cursor)
    finally:
        raw.close()


def _empty_wal(cursor: Any) -> None:
    busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError(
            "Another program has this shop's database in use, so deleted content stays in its "
            "log of writes: close that program and do it again."
        )
