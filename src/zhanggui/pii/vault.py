"""The vault: personal values out of the texts, encrypted, and back for the person they are of.

A *person* is a lookup key: `lookup_key(customer_id)`, which is also what orders and tickets
carry as `customer_id`. Methods take either the key or the platform's own id and make the key
themselves, so that a raw id never reaches the database. None is a nobody shared by all whom
no channel has verified, such as the writers of reviews.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from filelock import FileLock
from sqlalchemy import Connection

from zhanggui.errors import VaultError
from zhanggui.pii.finder import TOKEN, find
from zhanggui.pii.ids import telling_ids
from zhanggui.pii.keys import KEY_FILE, Keys, make_key, read_key, seal, unseal
from zhanggui.pii.traces import Trace, Traces
from zhanggui.pii.words import WORDS, EntityType
from zhanggui.store import vault as rows
from zhanggui.store.database import Store

SHOP = f"hk_{0:032x}"
"""The person whose values are the shop's own: service numbers in its FAQ and documents."""

_NOBODY = "nobody"
_KEY_FORM = re.compile(r"hk_[0-9a-f]{32}")
_CONCEALED = re.compile(f"{TOKEN.pattern}|{_KEY_FORM.pattern}")
_TAG_LETTERS = "bcdfghjklmnpqrstvwxz"
_TAG_SIZES = (6, 8, 12, 16)
_LOCK_SECONDS = 30
_IN_NUMBERS = re.compile(r"[\W_]+")


class Vault:
    """Pseudonyms for personal values. Open it with `Vault.open`; keeps no plain value."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @classmethod
    def open(cls, store: Store, home: Path) -> Vault:
        """Opens the shop's vault with the master key `home/vault.key`.

        An empty vault gets a new key. Raises VaultError if the vault holds values and the key
        is missing or another one.
        """
        path = home / KEY_FILE
        home.mkdir(parents=True, exist_ok=True)
        # Two processes that open a new shop at once must not make two keys.
        with FileLock(home / f"{KEY_FILE}.lock", timeout=_LOCK_SECONDS), store.begin() as conn:
            wrapped = rows.key_of(conn, _NOBODY)
            master = read_key(path)
            if master is None and wrapped is not None:
                raise VaultError(
                    f"{path} is missing and this shop's personal data cannot be read without "
                    "it: put the key file back."
                )
            keys = Keys(master or make_key(path))
            if wrapped is None:
                rows.put_key(conn, _NOBODY, keys.new_person(_NOBODY))
            else:
                keys.person(_NOBODY, wrapped)
        return cls(keys)

    @property
    def audit_key(self) -> bytes:
        """The key that seals the audit: derived from the master key, never in the database."""
        return self._keys.audit

    def lookup_key(self, value: str) -> str:
        """The key under which `value` is looked up: always the same, and says nothing about it.

        Case and form count, white space around it does not. A key is its own key.
        """
        value = value.strip()
        if _KEY_FORM.fullmatch(value):
            return value
        return f"hk_{self._keys.hash('lookup', value).hex()[:32]}"

    def stored_ids(self, ids: Sequence[tuple[str, str | None]]) -> list[str]:
        """What the store calls rows of these ids and customers: the lookup key of an id that
        tells personal data or names its customer, else the id itself."""
        telling = telling_ids([one for one, _ in ids])
        return [
            self.lookup_key(one) if tells or _names(one, customer_id) else one
            for (one, customer_id), tells in zip(ids, telling, strict=True)
        ]

    def stored_id(self, value: str, customer_id: str | None = None) -> str:
        """What `stored_ids` says of one id."""
        return self.stored_ids([(value, customer_id)])[0]

    def redact(self, conn: Connection, text: str, person: str | None, public: str = "") -> str:
        """`text` with its personal data replaced by the person's pseudonyms, but for what stands
        in the text `public` too.

        What the shop says of itself, its brands and its return address, keeps its names and
        addresses: they are public, and a search for them must hit.
        """
        return self._redacted(conn, text, person, people=person != SHOP, public=public)

    def _redacted(
        self,
        conn: Connection,
        text: str,
        person: str | None,
        *,
        people: bool,
        public: str = "",
    ) -> str:
        pieces: list[str] = []
        end = 0
        for entity in find(text, people=people):
            if entity.text in public:
                continue
            pieces.append(text[end : entity.start])
            pieces.append(self.conceal(conn, entity.text, entity.type, person))
            end = entity.end
        return "".join((*pieces, text[end:]))

    def conceal(self, conn: Connection, value: str, kind: EntityType, person: str | None) -> str:
        """The pseudonym of a whole value, such as `〔手机号·kqztbd〕`; empty stays empty.

        The same value of the same person and type always gets the same one, however its
        digits are spaced; `restore` gives the form that came first.
        """
        if not value.strip() or TOKEN.fullmatch(value):
            return value
        owner, digest = self._identity(value, kind, person)
        known = rows.find_value(conn, owner, digest)
        if known is not None:
            return known.pseudonym
        pseudonym = self._new_pseudonym(conn, kind, owner, digest)
        self._put(conn, pseudonym, kind, owner, digest, value)
        return pseudonym

    def conceal_key(
        self, conn: Connection, value: str, kind: EntityType, person: str | None
    ) -> str:
        """The lookup key of a whole value that `restore` can turn back for the person.

        For columns that are both searched and shown, such as order numbers.
        """
        key = self.lookup_key(value)
        if key != value and rows.value_of(conn, key) is None:
            owner = self._owner(person)
            self._put(conn, key, kind, owner, self._keys.hash("key", owner, key).hex(), value)
        return key

    def hide(self, conn: Connection, text: str, person: str | None) -> str:
        """`text` without the values that the vault knows of the person, and what has a format.

        For texts that we made, with restored values in them. No other names are looked for: a
        word of ours taken for one would become a value of the person, and her erasure would
        take it out of the rows of others.
        """
        values = [] if person is None else self._values(conn, person)
        known = [(name, trace) for name, trace in values if trace.telling]
        for name, trace in sorted(known, key=lambda pair: -len(pair[1].value)):
            text = text.replace(trace.value, name)
        return self._redacted(conn, text, person, people=False)

    def traces(self, conn: Connection, person: str) -> Traces:
        """All values of the person."""
        return Traces(trace for _, trace in self._values(conn, person))

    def forget(self, conn: Connection, person: str) -> tuple[int, tuple[bytes, ...]]:
        """Deletes the person's key and values, and the same values said by nobody in particular.

        Returns how many values, and what stood in the database for the key and for them: bytes
        that its files must not hold any more.
        """
        owner = self._owner(person)
        wrapped = rows.key_of(conn, owner)
        mine = rows.of_person(conn, owner)
        said = [
            rows.find_value(conn, _NOBODY, self._identity(trace.value, trace.kind, None)[1])
            for _, trace in self._values(conn, person)
        ]
        others = [value for value in said if value is not None]
        rows.erase_person(conn, owner)
        # Imported again, a text must come out as it is stored, or what was concealed in it
        # would come back.
        rows.empty_values(conn, [value.pseudonym for value in others])
        sealed = [value.ciphertext for value in (*mine, *others)]
        return len(sealed), tuple(one for one in (wrapped, *sealed) if one is not None)

    def keep_only(self, conn: Connection, texts: Iterable[str]) -> tuple[int, int]:
        """Deletes the values to which none of `texts` refers, and the keys of people of whom
        nothing is left. Returns how many of both."""
        named = {match[0] for text in texts for match in _CONCEALED.finditer(text)}
        idle = [name for name in rows.live_names(conn) if name not in named]
        values = rows.erase_values(conn, idle)
        return values, rows.erase_keys_without_values(conn, (_NOBODY, SHOP))

    def _values(self, conn: Connection, person: str) -> list[tuple[str, Trace]]:
        owner = self._owner(person)
        wrapped = rows.key_of(conn, owner)
        if wrapped is None:
            return []
        key = self._keys.person(owner, wrapped)
        found = []
        for row in rows.of_person(conn, owner):
            assert row.ciphertext is not None
            value = unseal(key, row.ciphertext, row.pseudonym.encode()).decode()
            found.append((row.pseudonym, Trace(cast("EntityType", row.type), value)))
        return found

    def restore(self, conn: Connection, text: str, person: str | None) -> str:
        """`text` with the person's own pseudonyms and keys turned back; those of others stay."""
        owner = self._owner(person)

        def value(match: re.Match[str]) -> str:
            known = rows.value_of(conn, match[0])
            if known is None or known.person_id != owner or known.ciphertext is None:
                return match[0]
            wrapped = rows.key_of(conn, owner)
            if wrapped is None:
                return match[0]
            key = self._keys.person(owner, wrapped)
            return unseal(key, known.ciphertext, match[0].encode()).decode()

        return _CONCEALED.sub(value, text)

    def _put(
        self, conn: Connection, name: str, kind: EntityType, owner: str, digest: str, value: str
    ) -> None:
        sealed = seal(self._person_key(conn, owner), value.encode(), name.encode())
        row = rows.VaultValue(
            pseudonym=name, type=kind, person_id=owner, value_hmac=digest, ciphertext=sealed
        )
        rows.put_value(conn, row)

    def _owner(self, person: str | None) -> str:
        return _NOBODY if person is None else self.lookup_key(person)

    def _identity(self, value: str, kind: EntityType, person: str | None) -> tuple[str, str]:
        owner = self._owner(person)
        return owner, self._keys.hash("value", owner, kind, _canonical(value, kind)).hex()

    def _person_key(self, conn: Connection, owner: str) -> bytes:
        wrapped = rows.key_of(conn, owner)
        if wrapped is None:
            wrapped = self._keys.new_person(owner)
            rows.put_key(conn, owner, wrapped)
        return self._keys.person(owner, wrapped)

    def _new_pseudonym(self, conn: Connection, kind: EntityType, owner: str, digest: str) -> str:
        letters = self._keys.hash("tag", owner, digest)
        tag = "".join(_TAG_LETTERS[byte % len(_TAG_LETTERS)] for byte in letters)
        for size in _TAG_SIZES:
            pseudonym = f"〔{WORDS.names[kind]}·{tag[:size]}〕"
            if rows.value_of(conn, pseudonym) is None:
                return pseudonym
        raise VaultError("The vault has no free pseudonym for a value: import into a new home.")


def _names(value: str, customer_id: str | None) -> bool:
    return bool(customer_id and customer_id.strip()) and str(customer_id).strip() in value


def _canonical(value: str, kind: EntityType) -> str:
    form = unicodedata.normalize("NFKC", value).lower().strip()
    if kind in ("NAME", "ADDRESS", "EMAIL", "WECHAT", "IP"):
        return form
    form = _IN_NUMBERS.sub("", form)
    if kind == "PHONE" and len(form) > 11:
        return re.sub(r"^(?:00)?86(?=1\d{10})", "", form)
    return form
