"""Brings a database to the schema of this code, safely when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from zhanggui.errors import DatabaseTooNew

_SCRIPTS = Path(__file__).parent / "migrations"
# Any number that no other program is likely to lock in the same Postgres database.
_ADVISORY_LOCK = 7_240_118_001


def is_current(conn: Connection) -> bool:
    """Whether the schema is this code's; raises DatabaseTooNew if it is a later one's."""
    scripts = ScriptDirectory(str(_SCRIPTS))
    known = {script.revision for script in scripts.walk_revisions()}
    found = MigrationContext.configure(conn).get_current_revision()
    if found is not None and found not in known:
        raise DatabaseTooNew(
            f"The database {conn.engine.url.render_as_string()} was written by a newer Zhanggui "
            f"(schema {found}; this one knows up to {scripts.get_current_head()}): "
            "upgrade with `pip install --upgrade zhanggui`, or use another --home."
        )
    return found == scripts.get_current_head()


def has_schema(conn: Connection) -> bool:
    """Whether any version of the schema is there."""
    return MigrationContext.configure(conn).get_current_revision() is not None


def migrate(conn: Connection) -> None:
    """Upgrades within the transaction that `conn` is in; one process at a time does it."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    if is_current(conn):
        return
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
