from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from zhanggui.errors import DatabaseTooNew, DatabaseUnreachable, StoreError
from zhanggui.store.database import Store
from zhanggui.store.migrate import is_current
from zhanggui.store.schema import metadata

OPEN_AND_COUNT = """
import sys
from sqlalchemy import text
from zhanggui.store.database import Store
with Store.open(sys.argv[1]) as store, store.begin() as conn:
    print(conn.scalar(text("SELECT count(*) FROM alembic_version")))
"""


def open_in_processes(url: str, processes: int) -> list[str]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_COUNT, url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    ended = [process.communicate() for process in started]
    return [out.strip() or err for out, err in ended]


def test_migrations_give_the_declared_schema(store: Store) -> None:
    with store.begin() as conn:
        context = MigrationContext.configure(
            conn,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                # The full-text table of SQLite and what belongs to it is no declared table.
                "include_name": lambda name, kind, _: not str(name).startswith("passages_fts"),
                # Autogenerate does not know `ddl_if`; the next test looks at this index.
                "include_object": lambda item, name, *_: name != "ix_passages_tokens",
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_comparison_would_see_a_difference(store: Store) -> None:
    with store.begin() as conn:
        conn.execute(text("ALTER TABLE products DROP COLUMN digest"))
        differences = compare_metadata(MigrationContext.configure(conn), metadata)
    assert any(name == "add_column" for name, *_ in differences if isinstance(name, str))


def test_full_text_stands_on_each_database(store: Store) -> None:
    with store.begin() as conn:
        if conn.dialect.name == "sqlite":
            made = "SELECT name FROM sqlite_master WHERE name LIKE 'passages_fts%' AND type = "
            triggers = set(conn.scalars(text(made + "'trigger'")))
            assert triggers == {"passages_fts_insert", "passages_fts_delete", "passages_fts_update"}
            assert "passages_fts" in set(conn.scalars(text(made + "'table'")))
        else:
            columns = {each["name"]: each["type"] for each in inspect(conn).get_columns("passages")}
            assert str(columns["tokens"]) == "TSVECTOR"
            index = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_passages_tokens'"
            assert "USING gin (tokens)" in str(conn.scalar(text(index)))
            assert conn.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'vector'")) == 1


def test_sqlite_keeps_promises_about_safety(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'shop.sqlite'}") as store, store.begin() as conn:
        settings = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
        assert settings == {
            "journal_mode": "wal",
            "foreign_keys": 1,
            "synchronous": 2,
            "secure_delete": 1,
        }
        assert int(conn.exec_driver_sql("PRAGMA busy_timeout").scalar() or 0) >= 10_000


def test_opening_again_changes_nothing(store_url: str) -> None:
    for _ in range(2):
        with Store.open(store_url) as store, store.read() as conn:
            assert is_current(conn)
            assert conn.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_a_newer_database_is_refused_with_what_to_do(store_url: str) -> None:
    with Store.open(store_url) as store, store.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        DatabaseTooNew, match=r"newer Zhanggui \(schema 9999.*pip install --upgrade"
    ):
        Store.open(store_url)


def test_several_processes_may_open_a_new_sqlite_file(tmp_path: Path) -> None:
    assert open_in_processes(f"sqlite:///{tmp_path / 'shop.sqlite'}", 6) == ["1"] * 6


def test_several_processes_may_open_a_new_postgres_database(empty_postgres_url: str) -> None:
    assert open_in_processes(empty_postgres_url, 4) == ["1"] * 4


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_postgres_url_is_taken(postgres_url: str, scheme: str) -> None:
    rest = postgres_url.partition("://")[2]
    with Store.open(f"{scheme}://{rest}") as store, store.read() as conn:
        assert conn.dialect.driver == "psycopg"


def test_a_refused_connection_says_so_without_the_password() -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        Store.open("postgresql://owner:geheim@127.0.0.1:1/shop")
    assert "127.0.0.1:1/shop" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    file.write_bytes("这不是数据库。".encode() * 300)
    with pytest.raises(StoreError, match="is not a Zhanggui database"):
        Store.open(f"sqlite:///{file}")


def test_a_folder_in_the_way_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnreachable, match="--home"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'home' / 'shop.sqlite'}")
    with pytest.raises(DatabaseUnreachable, match="cannot be reached"):
        Store.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["mysql://host/shop", "sqlite://", "sqlite:///:memory:", "shop.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///path"):
        Store.open(url)


def test_an_error_rolls_the_whole_transaction_back(store: Store) -> None:
    def write_and_fail() -> None:
        with store.begin() as conn:
            conn.execute(text("INSERT INTO marks (name, value) VALUES ('a', 'b')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.read() as conn:
        assert conn.scalar(text("SELECT count(*) FROM marks")) == 0


def test_a_database_that_cannot_go_on_is_a_store_error(store: Store) -> None:
    def exhaust() -> None:
        with store.begin() as conn:
            if conn.dialect.name == "sqlite":
                conn.exec_driver_sql("PRAGMA max_page_count = 1")
                conn.execute(text("CREATE TABLE full AS SELECT zeroblob(10000000) AS content"))
            else:
                conn.execute(text("SET LOCAL statement_timeout = 1"))
                conn.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(StoreError, match="nothing of this step was kept"):
        exhaust()


def test_writers_take_turns(tmp_path: Path) -> None:
    """A writer that comes second waits for its turn; it does not fail."""
    with Store.open(f"sqlite:///{tmp_path / 'shop.sqlite'}") as store:
        add = text("UPDATE marks SET value = value || 'x'")
        with store.begin() as conn:
            conn.execute(text("INSERT INTO marks (name, value) VALUES ('a', '')"))

        def write() -> None:
            for _ in range(20):
                with store.begin() as conn:
                    conn.scalar(text("SELECT value FROM marks"))
                    conn.execute(add)

        threads = [Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.read() as conn:
            assert conn.scalar(text("SELECT value FROM marks")) == "x" * 80


def test_a_database_exists_once_it_was_opened(empty_postgres_url: str, tmp_path: Path) -> None:
    file = tmp_path / "new" / "shop.sqlite"
    assert not Store.exists(f"sqlite:///{file.as_posix()}")
    assert not file.parent.exists(), "asking makes nothing"
    for url in (f"sqlite:///{file.as_posix()}", empty_postgres_url):
        assert not Store.exists(url)
        Store.open(url).close()
        assert Store.exists(url)
