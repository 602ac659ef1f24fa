"""What an import changed, and the few ways in which all tables are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from zhanggui.store.codec import decode, encode

T = TypeVar("T")

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an import touched."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.added + other.added,
            self.changed + other.changed,
            self.same + other.same,
            self.removed + other.removed,
        )


def record_row(key: str, position: int, record: object) -> dict[str, Any]:
    """The columns that every replaceable row has."""
    text = encode(record)
    return {"id": key, "position": position, "digest": _digest(text), "record": text}


def record_digest(record: object) -> str:
    """The `digest` column of the record's row."""
    return _digest(encode(record))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def replace_rows(
    conn: Connection,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
    *,
    within: ColumnElement[bool] | None = None,
) -> Changes:
    """Makes the rows of `table` (those `within`) exactly `rows`, touching only what differs.

    Rows are made by `record_row`; where two have one id the later one counts.
    """
    wanted = {row["id"]: row for row in rows}
    stored = select(table.c.id, table.c.digest, table.c.position)
    found = {
        row.id: (row.digest, row.position)
        for row in conn.execute(stored if within is None else stored.where(within))
    }
    new = [row for key, row in wanted.items() if key not in found]
    changed, moved = [], []
    for key, (digest, position) in found.items():
        row = wanted.get(key)
        if row is not None and row["digest"] != digest:
            changed.append({"row_id": key, **row})
        elif row is not None and row["position"] != position:
            moved.append({"row_id": key, "position": row["position"]})
    delete_ids(conn, table, [key for key in found if key not in wanted])
    # The columns to set are those that the rows name.
    by_id = update(table).where(table.c.id == bindparam("row_id"))
    for batch in (changed, moved):
        if batch:
            conn.execute(by_id, batch)
    if new:
        conn.execute(insert(table), [dict(row) for row in new])
    removed = len(found) - (len(wanted) - len(new))
    return Changes(len(new), len(changed), len(wanted) - len(new) - len(changed), removed)


def delete_ids(conn: Connection, table: Table, ids: Sequence[str]) -> None:
    """Deletes the rows with these ids."""
    for start in range(0, len(ids), _CHUNK):
        conn.execute(delete(table).where(table.c.id.in_(ids[start : start + _CHUNK])))


def every_record(conn: Connection, table: Table, kind: type[T]) -> list[T]:
    """All records of `table`, in the order of their source."""
    rows = conn.execute(select(table.c.record).order_by(table.c.position, table.c.id))
    return [decode(kind, text) for (text,) in rows]


def upsert(conn: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Inserts `row`, or overwrites the one with the same primary key."""
    keys = [column.name for column in table.primary_key]
    others = {name: value for name, value in row.items() if name not in keys}
    made = _insert(conn, table, row)
    conn.execute(made.on_conflict_do_update(index_elements=keys, set_=others))


def add_missing(conn: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Inserts `row` unless there is one with the same primary key."""
    conn.execute(_insert(conn, table, row).on_conflict_do_nothing())


def _insert(conn: Connection, table: Table, row: Mapping[str, Any]) -> Any:
    make = postgres_insert if conn.dialect.name == "postgresql" else sqlite_insert
    return make(table).values(dict(row))
