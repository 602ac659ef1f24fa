"""The vault's rows: a wrapped key per person, a ciphertext per pseudonym. No plain values here."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select, update

from zhanggui.store.changes import upsert
from zhanggui.store.schema import vault_keys, vault_values


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultValue:
    """One hidden value; `value_hmac` and `ciphertext` are None once its person is erased."""

    pseudonym: str
    type: str
    person_id: str
    value_hmac: str | None
    ciphertext: bytes | None


def put_key(conn: Connection, person_id: str, wrapped_key: bytes) -> None:
    """Stores the person's key, wrapped by the master key."""
    upsert(conn, vault_keys, {"person_id": person_id, "wrapped_key": wrapped_key})


def key_of(conn: Connection, person_id: str) -> bytes | None:
    """The person's wrapped key; None if there is none or it was erased."""
    wanted = select(vault_keys.c.wrapped_key).where(vault_keys.c.person_id == person_id)
    return conn.scalar(wanted)


def put_value(conn: Connection, value: VaultValue) -> None:
    """Stores a new pseudonym; raises IntegrityError if it or the person's value is there."""
    conn.execute(insert(vault_values), asdict(value))


def value_of(conn: Connection, pseudonym: str) -> VaultValue | None:
    """What stands behind a pseudonym."""
    wanted = select(vault_values).where(vault_values.c.pseudonym == pseudonym)
    row = conn.execute(wanted).mappings().one_or_none()
    return None if row is None else VaultValue(**row)


def find_value(conn: Connection, person_id: str, value_hmac: str) -> VaultValue | None:
    """The pseudonym that this person's value already has."""
    wanted = select(vault_values).where(
        vault_values.c.person_id == person_id, vault_values.c.value_hmac == value_hmac
    )
    row = conn.execute(wanted).mappings().one_or_none()
    return None if row is None else VaultValue(**row)


def erase_person(conn: Connection, person_id: str) -> int:
    """Deletes the person's key and values; the pseudonyms stay taken. Returns how many."""
    conn.execute(delete(vault_keys).where(vault_keys.c.person_id == person_id))
    emptied = (
        update(vault_values)
        .where(vault_values.c.person_id == person_id, vault_values.c.ciphertext.is_not(None))
        .values(value_hmac=None, ciphertext=None)
    )
    return conn.execute(emptied).rowcount
