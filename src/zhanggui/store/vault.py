"""The vault's rows: a wrapped key per person, a ciphertext per pseudonym. No plain values here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select, update

from zhanggui.store.changes import upsert
from zhanggui.store.schema import vault_keys, vault_values

_CHUNK = 500


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


def of_person(conn: Connection, person_id: str) -> list[VaultValue]:
    """The values of a person that were not erased, in the order of their pseudonyms."""
    mine = (vault_values.c.person_id == person_id) & vault_values.c.ciphertext.is_not(None)
    rows = conn.execute(select(vault_values).where(mine).order_by(vault_values.c.pseudonym))
    return [VaultValue(**row) for row in rows.mappings()]


def erase_person(conn: Connection, person_id: str) -> int:
    """Deletes the person's key and values; the pseudonyms stay taken. Returns how many."""
    conn.execute(delete(vault_keys).where(vault_keys.c.person_id == person_id))
    return erase_values(conn, [value.pseudonym for value in of_person(conn, person_id)])


def erase_values(conn: Connection, names: Sequence[str]) -> int:
    """Deletes the values behind these pseudonyms and keys. Returns how many.

    A pseudonym stays taken, lest it ever mean somebody else; a lookup key is always the same.
    """
    for start in range(0, len(names), _CHUNK):
        chosen = vault_values.c.pseudonym.in_(names[start : start + _CHUNK])
        conn.execute(delete(vault_values).where(chosen, vault_values.c.pseudonym.like("hk_%")))
        conn.execute(update(vault_values).where(chosen).values(value_hmac=None, ciphertext=None))
    return len(names)


def empty_values(conn: Connection, names: Sequence[str]) -> None:
    """Deletes what stands behind these pseudonyms; the same value will get the same one again,
    with nothing behind it."""
    for start in range(0, len(names), _CHUNK):
        chosen = vault_values.c.pseudonym.in_(names[start : start + _CHUNK])
        conn.execute(update(vault_values).where(chosen).values(ciphertext=None))


def live_names(conn: Connection) -> list[str]:
    """The pseudonyms and keys of all values that can be restored."""
    live = vault_values.c.ciphertext.is_not(None)
    return list(conn.scalars(select(vault_values.c.pseudonym).where(live)))


def erase_keys_without_values(conn: Connection, kept: Collection[str]) -> int:
    """Deletes the keys under which nothing is kept, but for those of `kept`. Returns how many."""
    live = select(vault_values.c.person_id).where(vault_values.c.ciphertext.is_not(None))
    idle = vault_keys.c.person_id.not_in(live) & vault_keys.c.person_id.not_in(list(kept))
    return conn.execute(delete(vault_keys).where(idle)).rowcount
