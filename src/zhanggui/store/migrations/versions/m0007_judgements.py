"""What was asked stays with a reply; what was said of replies; accepted staff answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Adds the column and the tables."""
    op.add_column("replies", sa.Column("question", sa.Text))
    op.create_table(
        "judgements",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("question_hash", sa.Text, nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("passage", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text),
        sa.PrimaryKeyConstraint("id", "question_hash", name="pk_judgements"),
    )
    op.create_index("ix_judgements_customer_id", "judgements", ["customer_id"])
    op.create_table(
        "approved_answers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approved_answers"),
    )
