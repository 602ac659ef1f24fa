"""What is older than the shop's periods of retention goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from zhanggui.errors import InputError
from zhanggui.pii.vault import Vault
from zhanggui.rights.outputs import files_of
from zhanggui.settings import RetentionDays
from zhanggui.store import retention
from zhanggui.store.database import Store
from zhanggui.store.runs import Run

# A period of the settings, the table that is counted, and what deletes.
_ROWS: tuple[tuple[str, str, Callable[[Connection, datetime], int]], ...] = (
    ("orders", "orders", retention.delete_orders),
    ("tickets", "tickets", retention.delete_tickets),
    ("tickets", "conversations", retention.delete_conversations),
    ("replies", "replies", retention.delete_replies),
    ("runs", "model_cache", retention.delete_answers),
)


@dataclass(slots=True)
class RetentionReport:
    """What one application of the periods did."""

    deleted: dict[str, int] = field(default_factory=dict)
    """Rows by table, for the kinds that have a period."""
    files: list[Path] = field(default_factory=list)
    """Outputs under the home that went."""
    outside: list[Path] = field(default_factory=list)
    """Outputs elsewhere that are as old; they were left as they are."""


def apply_retention(
    store: Store, vault: Vault, home: Path, days: RetentionDays, now: datetime
) -> RetentionReport:
    """Deletes what is older than `days`, then the personal values that nothing refers to.

    Raises InputError if no period is set.
    """
    report = RetentionReport()
    limits = {
        name: now.astimezone(UTC) - timedelta(days=value)
        for name, value in days
        if value is not None
    }
    if not limits:
        raise InputError(
            "No period of retention is set: put, for example, orders = 1095 under "
            "[retention_days] into settings.toml in the home folder."
        )
    with store.begin() as conn:
        for kind, table, delete in _ROWS:
            if kind in limits:
                report.deleted[table] = delete(conn, limits[kind])
        old = retention.old_runs(conn, limits["runs"]) if "runs" in limits else []
        values, keys = vault.keep_only(conn, retention.texts(conn))
    report.deleted |= {"vault_values": values, "vault_keys": keys}
    if "runs" in limits:
        report.deleted["runs"] = len(old)
    _outputs(old, home, report)
    with store.begin() as conn:
        # Their files went first: a kill in between leaves the ledger to name them again.
        for run in old:
            retention.delete_run(conn, run.id)
    store.compact()
    return report


def _outputs(old: list[Run], home: Path, report: RetentionReport) -> None:
    for run in old:
        # A newer run wrote the file again.
        if run.state == "abandoned":
            continue
        for path in files_of(Path(run.out)):
            if path.resolve().is_relative_to(home.resolve()):
                path.unlink()
                report.files.append(path)
            else:
                report.outside.append(path)
