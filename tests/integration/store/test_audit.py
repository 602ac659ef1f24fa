from __future__ import annotations

import hashlib
import json
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from zhanggui.store import audit
from zhanggui.store.audit import START, Cost, Entry, Head, Input, append, keyed, verify
from zhanggui.store.database import Store

KEY = b"k" * 32
OTHER = b"o" * 32


def entry(subject: str = "P1:taobao") -> Entry:
    return Entry(
        kind="describe",
        subject=subject,
        output="ab" * 32,
        inputs=(Input("product", "P1", "cd" * 16),),
        versions={"zhanggui": "0.1.0", "prompts": "12ef"},
        tier="model",
        decision="draft",
        cost=Cost(calls=2, prompt_tokens=900, ms=8000),
    )


def fill(store: Store, rows: int = 5) -> None:
    with store.begin() as conn:
        for number in range(rows):
            append(conn, entry(f"P{number}:taobao"), KEY)


def without_triggers(store: Store, *statements: str, **values: Any) -> None:
    """What somebody who owns the database can do."""
    with store.begin() as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("DROP TRIGGER audit_no_update"))
            conn.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            conn.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        for statement in statements:
            conn.execute(text(statement), values)


def test_rows_come_back_in_a_whole_chain(store: Store) -> None:
    fill(store)
    with store.begin() as conn:
        links = audit.about(conn, ["P1:taobao", "P3:taobao"])
        assert [link.record.sequence for link in links] == [2, 4]
        assert links[0].record.entry == entry("P1:taobao")
        found = verify(conn, KEY)
        assert (found.rows, found.broken, found.head) == (5, None, audit.head(conn))
        assert audit.hash_at(conn, 2) == links[0].hash
        assert audit.has_hash(conn, links[0].hash)
        assert not audit.has_hash(conn, "00")


def test_the_first_row_follows_the_start_and_the_hash_is_of_the_record(store: Store) -> None:
    with store.begin() as conn:
        assert audit.head(conn) == Head(0, START)
        assert verify(conn, KEY).rows == 0
    fill(store, 1)
    with store.begin() as conn:
        written, digest = conn.execute(text("SELECT record, hash FROM audit")).one()
    assert json.loads(written)["previous"] == START
    assert hashlib.sha256(written.encode()).hexdigest() == digest
    assert written.isascii()


def test_a_products_drafts_are_found_and_no_others(store: Store) -> None:
    with store.begin() as conn:
        for subject in ("P1:taobao", "P1:generic", "P10:taobao", "P%:taobao"):
            append(conn, entry(subject), KEY)
        found = audit.about(conn, ["P1"], product_id="P1")
        assert [link.record.entry.subject for link in found] == ["P1:taobao", "P1:generic"]
        found = audit.about(conn, ["P%"], product_id="P%")
        assert [link.record.entry.subject for link in found] == ["P%:taobao"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET kind = 'answer' WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 5",
        "DELETE FROM audit",
    ],
)
def test_rows_are_neither_changed_nor_deleted(store: Store, statement: str) -> None:
    fill(store)
    with pytest.raises(DBAPIError, match="never changed"), store.begin() as conn:
        conn.execute(text(statement))
    with store.begin() as conn:
        assert verify(conn, KEY).rows == 5


def test_postgres_does_not_empty_the_table(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        fill(store)
        with pytest.raises(DBAPIError, match="never changed"), store.begin() as conn:
            conn.execute(text("TRUNCATE audit"))


@pytest.mark.parametrize(
    ("statement", "broken", "why"),
    [
        (
            "UPDATE audit SET record = replace(record, '\"draft\"', '\"approved\"')"
            " WHERE sequence = 3",
            3,
            "something else than its hash",
        ),
        ("DELETE FROM audit WHERE sequence = 2", 2, "missing"),
        ("DELETE FROM audit WHERE sequence = 1", 1, "missing"),
        ("UPDATE audit SET subject = 'P9:taobao' WHERE sequence = 4", 4, "columns"),
        ("UPDATE audit SET kind = 'erase' WHERE sequence = 4", 4, "columns"),
        ("UPDATE audit SET sequence = -1 WHERE sequence = 1", 1, "missing"),
        ("UPDATE audit SET seal = '00' WHERE sequence = 5", 5, "sealed"),
        (
            "INSERT INTO audit SELECT -7, kind, subject, record, hash, seal FROM audit"
            " WHERE sequence = 1",
            1,
            "missing",
        ),
    ],
)
def test_the_first_row_that_was_touched_is_named(
    store: Store, statement: str, broken: int, why: str
) -> None:
    fill(store)
    without_triggers(store, statement)
    with store.begin() as conn:
        found = verify(conn, KEY)
    assert found.broken == broken
    assert why in found.why


def test_two_rows_that_changed_places_are_seen(store: Store) -> None:
    fill(store)
    swap = "UPDATE audit SET sequence = {} WHERE sequence = {}"
    without_triggers(store, swap.format(90, 2), swap.format(2, 3), swap.format(3, 90))
    with store.begin() as conn:
        assert verify(conn, KEY).broken == 2


def test_a_chain_made_anew_without_the_key_is_seen(store: Store) -> None:
    fill(store)
    without_triggers(store, "DELETE FROM audit")
    with store.begin() as conn:
        for _ in range(5):
            append(conn, entry("forged:taobao"), OTHER)
        assert verify(conn, OTHER).broken is None
        found = verify(conn, KEY)
    assert (found.broken, found.why) == (1, "the row was not sealed with this shop's key")


def test_writers_at_once_make_one_chain(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(10):
            with store.begin() as conn:
                append(conn, entry(f"{name}-{number}:taobao"), KEY)

    threads = [Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.begin() as conn:
        found = verify(conn, KEY)
    assert (found.rows, found.broken) == (40, None)


def test_a_step_that_fails_leaves_no_row(store: Store) -> None:
    def write_and_fail() -> None:
        with store.begin() as conn:
            append(conn, entry("lost:taobao"), KEY)
            raise ZeroDivisionError

    fill(store, 1)
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    fill(store, 1)
    with store.begin() as conn:
        assert (verify(conn, KEY).rows, verify(conn, KEY).broken) == (2, None)


def test_a_long_chain_is_read_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_CHUNK", 3)
    fill(store, 7)
    with store.begin() as conn:
        assert verify(conn, KEY).rows == 7


def test_keyed_hashes_tell_lists_apart() -> None:
    assert keyed(KEY, "a", "b") == keyed(KEY, "a", "b")
    assert len({keyed(KEY, "ab"), keyed(KEY, "a", "b"), keyed(KEY, "", "ab")}) == 3
    assert keyed(KEY, "a") != keyed(OTHER, "a")
    assert keyed(KEY, "\ud800")
