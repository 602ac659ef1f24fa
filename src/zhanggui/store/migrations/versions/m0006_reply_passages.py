"""A reply says which passages it stands on, and since when one of them has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Makes the table and the column; of replies that are here already nobody noted it."""
    op.create_table(
        "reply_passages",
        sa.Column("reply_id", sa.Text, nullable=False),
        sa.Column("question_hash", sa.Text, nullable=False),
        sa.Column("passage_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "reply_id", "question_hash", "passage_id", name="pk_reply_passages"
        ),
        sa.ForeignKeyConstraint(
            ["reply_id", "question_hash"],
            ["replies.id", "replies.question_hash"],
            name="fk_reply_passages_reply_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reply_passages_passage_id", "reply_passages", ["passage_id"])
    op.add_column("replies", sa.Column("stale_since", sa.DateTime(timezone=True)))
