"""`Store`: one shop's database, opened and brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from zhanggui.errors import DatabaseUnreachable, StoreError
from zhanggui.store.compaction import compact
from zhanggui.store.migrate import has_schema, is_current, migrate
from zhanggui.store.vectors import VectorCache

_BUSY_MS = 30_000
_CONNECT_SECONDS = 10
_KEPT_CONNECTIONS = 5
# Postgres takes a hundred unless told otherwise.
_MOST_CONNECTIONS = 80
_WRITE = "BEGIN IMMEDIATE"


class Store:
    """One shop's database. Open it with `Store.open`; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._readers = engine
        self._writers = engine.execution_options(zhanggui_begin=_WRITE)

    @classmethod
    def open(cls, url: str) -> Self:
        """Opens the database at `url`, makes or migrates its tables.

        `sqlite:///path`, `postgresql://user:password@host/name`. Raises DatabaseTooNew,
        DatabaseUnreachable, or StoreError for a file or URL that is no database.
        """
        target = _target(url)
        if target.get_backend_name() == "sqlite":
            _make_folder(Path(str(target.database)).parent)
        engine = _engine(target)
        store = cls(engine)
        try:
            with _translated(target):
                store._bring_up_to_date(target)
        except BaseException:
            engine.dispose()
            raise
        return store

    @classmethod
    def exists(cls, url: str) -> bool:
        """Whether there is a shop's database at `url`; makes nothing. Raises StoreError."""
        target = _target(url)
        if target.get_backend_name() == "sqlite":
            return Path(str(target.database)).is_file()
        engine = _engine(target)
        try:
            with _translated(target), engine.connect() as conn:
                return has_schema(conn)
        finally:
            engine.dispose()

    def _bring_up_to_date(self, target: URL) -> None:
        with self._readers.connect() as conn:
            if is_current(conn):
                return
        if target.get_backend_name() == "postgresql":
            with self._writers.begin() as conn:
                migrate(conn)
            return
        # Two processes that both switch a new file to WAL can fail each other at once, without
        # waiting, hence a lock outside the database.
        with FileLock(f"{target.database}.lock", timeout=_BUSY_MS / 1000):
            _switch_to_wal(self._readers)
            with self._writers.begin() as conn:
                migrate(conn)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction that may write: committed at the end, rolled back on an error.

        SQLite has one writer at a time and others wait, so do no slow work inside.
        """
        with _translated(self._writers.url), self._writers.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads: a snapshot that never waits for writers."""
        with _translated(self._readers.url), self._readers.begin() as conn:
            yield conn

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that SQLite keeps the database in, those that are there; none on Postgres."""
        url = self._readers.url
        if url.get_backend_name() != "sqlite" or url.database is None:
            return ()
        names = (f"{url.database}{ending}" for ending in ("", "-wal", "-shm", "-journal"))
        return tuple(path for path in map(Path, names) if path.exists())

    def compact(self) -> None:
        """Leaves nothing in the database's files of what was deleted; waits for other writers."""
        with _translated(self._writers.url):
            compact(self._writers)

    def close(self) -> None:
        """Closes all connections."""
        self._readers.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _target(url: str) -> URL:
    try:
        target = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "The database URL cannot be read: give sqlite:///path/to/shop.sqlite or "
            "postgresql://user:password@host/name."
        ) from error
    if target.drivername in ("postgres", "postgresql"):
        target = target.set(drivername="postgresql+psycopg")
    if target.drivername == "sqlite" and target.database not in (None, "", ":memory:"):
        return target
    if target.drivername == "postgresql+psycopg":
        return target
    raise StoreError(
        f"No database of the kind {target.render_as_string()}: give "
        "sqlite:///path/to/shop.sqlite or postgresql://user:password@host/name."
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachable(
            f"The folder {folder} cannot be made ({error.strerror}): give another --home."
        ) from error


def _engine(target: URL) -> Engine:
    options: dict[str, Any] = {
        # A question keeps its connection while it waits for the model, and many may wait.
        "max_overflow": _MOST_CONNECTIONS - _KEPT_CONNECTIONS,
        "pool_size": _KEPT_CONNECTIONS,
        # Parameters are rows: they stay out of logs and error messages.
        "hide_parameters": True,
        "execution_options": {"zhanggui_vectors": VectorCache()},
    }
    if target.get_backend_name() == "postgresql":
        return create_engine(
            target,
            pool_pre_ping=True,
            connect_args={"connect_timeout": _CONNECT_SECONDS},
            **options,
        )
    engine = create_engine(target, connect_args={"timeout": _BUSY_MS / 1000}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN leaves table changes outside the transaction; ours does not.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # FULL, not NORMAL: a power cut must not bring back a person who was erased, nor forget a
    # reply that was sent. It costs one flush a commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    # A transaction that starts as a reader cannot wait for its turn to write: it fails.
    conn.exec_driver_sql(conn.get_execution_options().get("zhanggui_begin", "BEGIN"))


def _switch_to_wal(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


@contextmanager
def _translated(url: URL) -> Iterator[None]:
    place = url.render_as_string(hide_password=True)
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if (
            error.connection_invalidated
            or "connect" in str(error.orig)
            or "open" in str(error.orig)
        ):
            raise DatabaseUnreachable(
                f"The database {place} cannot be reached: check that it runs and that you may "
                f"use it ({_first_line(error)})."
            ) from error
        raise StoreError(
            f"The database {place} could not do it, nothing of this step was kept; try again "
            f"({_first_line(error)})."
        ) from error
    except Timeout as error:
        raise DatabaseUnreachable(
            f"Another process has been preparing the database {place} for too long: "
            "end it and try again."
        ) from error
    except DBAPIError as error:
        if "not a database" in str(error.orig):
            raise StoreError(f"{place} is not a Zhanggui database: give another --home.") from error
        raise


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
