"""Drafts keep all their versions, and how each came to its state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

_TIME = sa.DateTime(timezone=True)

# What is here was judged by facts and a law that nobody noted: the next import checks it anew.
_VERSIONS = """
INSERT INTO draft_versions
  (draft_id, version, product_id, channel, state, since, written_at, author, basis, rules, record)
SELECT id, 1, product_id, channel, state, written_at, written_at, 'system', '', '', record
FROM drafts
"""
# Who approved stands in the audit.
_STEPS = """
INSERT INTO draft_steps (draft_id, number, version, state, at, actor, record)
SELECT id, 1, 1, state, written_at, 'system', '{"kind":"describe","reasons":[]}'
FROM drafts
"""


def upgrade() -> None:
    """Makes the tables, takes the drafts over and drops their old table."""
    op.create_table(
        "draft_versions",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "version", name="pk_draft_versions"),
    )
    for column in ("product_id", "channel", "state"):
        op.create_index(f"ix_draft_versions_{column}", "draft_versions", [column])
    op.create_table(
        "draft_steps",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "number", name="pk_draft_steps"),
    )
    op.execute(_VERSIONS)
    # A colon would be taken for the name of a parameter.
    op.execute(sa.text(_STEPS.replace(":", r"\:")))
    op.drop_table("drafts")
