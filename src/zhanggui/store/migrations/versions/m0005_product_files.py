"""The file of products is kept as it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Makes the table; a shop that is here already fills it with its next import."""
    op.create_table(
        "product_files",
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_product_files"),
    )
