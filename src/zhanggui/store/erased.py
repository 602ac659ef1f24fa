"""Who was erased: keyed hashes only, so that an import does not bring a person back."""

from __future__ import annotations

from typing import Literal, cast

from sqlalchemy import Connection, select

from zhanggui.store.changes import upsert
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import erased_people

ErasureState = Literal["begun", "key deleted", "done"]


def mark(conn: Connection, person_id: str, state: ErasureState) -> None:
    """Notes how far the erasure of a person has come."""
    upsert(conn, erased_people, {"person_id": person_id, "state": state, "since": utc_now()})


def state_of(conn: Connection, person_id: str) -> ErasureState | None:
    """How far the erasure has come; None for a person who was not erased."""
    wanted = select(erased_people.c.state).where(erased_people.c.person_id == person_id)
    return cast("ErasureState | None", conn.scalar(wanted))


def every(conn: Connection) -> frozenset[str]:
    """All who were erased or are about to be."""
    return frozenset(conn.scalars(select(erased_people.c.person_id)))
