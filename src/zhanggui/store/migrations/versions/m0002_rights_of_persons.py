"""What the rights of persons need: who was erased, whose a reply is, since when a row is here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the table of tombstones and the columns."""
    op.create_table(
        "erased_people",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_erased_people"),
    )
    for table in ("replies", "run_items"):
        op.add_column(table, sa.Column("customer_id", sa.Text))
        op.create_index(f"ix_{table}_customer_id", table, ["customer_id"])
    for table in ("orders", "tickets"):
        op.add_column(table, sa.Column("imported_at", _TIME))
        # Rows that are here already count from today.
        op.execute(f"UPDATE {table} SET imported_at = CURRENT_TIMESTAMP")
