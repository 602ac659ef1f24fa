"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import Vector
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0001"
down_revision: str | None = None

_TIME = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TOKENS = sa.Text().with_variant(TSVECTOR(), "postgresql")
_VECTOR = sa.LargeBinary().with_variant(Vector(), "postgresql")


def upgrade() -> None:
    """Makes all tables and the full-text index."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    _shop()
    _passages()
    _outcomes()
    _vault()
    _runs()
    if on_postgres:
        op.create_index("ix_passages_tokens", "passages", ["tokens"], postgresql_using="gin")
    else:
        _sqlite_full_text()


def _shop() -> None:
    for name in ("products", "tickets", "reviews"):
        op.create_table(
            name,
            sa.Column("id", sa.Text, nullable=False),
            sa.Column("position", sa.Integer, nullable=False),
            sa.Column("digest", sa.Text, nullable=False),
            sa.Column("record", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )
    op.create_table(
        "orders",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
    op.create_table(
        "imports",
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("imported_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_imports"),
    )


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("row", _ROW_NUMBER, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("source_file", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("tokens", _TOKENS, nullable=False),
        sa.Column("token_count", sa.Integer, nullable=False),
        sa.Column("vector", _VECTOR),
        sa.PrimaryKeyConstraint("row", name="pk_passages"),
        sa.UniqueConstraint("id", name="uq_passages_id"),
    )
    op.create_index("ix_passages_source_file", "passages", ["source_file"])
    op.create_index("ix_passages_product_id", "passages", ["product_id"])
    op.create_table(
        "marks",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )


def _sqlite_full_text() -> None:
    forget = (
        "INSERT INTO passages_fts(passages_fts, rowid, tokens)"
        " VALUES ('delete', old.row, old.tokens);"
    )
    learn = "INSERT INTO passages_fts(rowid, tokens) VALUES (new.row, new.tokens);"
    op.execute(
        "CREATE VIRTUAL TABLE passages_fts USING fts5("
        "tokens, content='passages', content_rowid='row',"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
    )
    for name, event, body in (
        ("insert", "INSERT", learn),
        ("delete", "DELETE", forget),
        ("update", "UPDATE OF tokens", forget + learn),
    ):
        op.execute(f"CREATE TRIGGER passages_fts_{name} AFTER {event} ON passages BEGIN {body} END")


def _outcomes() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_index("ix_drafts_product_id", "drafts", ["product_id"])
    op.create_index("ix_drafts_channel", "drafts", ["channel"])
    op.create_table(
        "replies",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("question_hash", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", "question_hash", name="pk_replies"),
    )
    op.create_table(
        "model_cache",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_model_cache"),
    )


def _vault() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_vault_keys"),
    )
    op.create_table(
        "vault_values",
        sa.Column("pseudonym", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("value_hmac", sa.Text),
        sa.Column("ciphertext", sa.LargeBinary),
        sa.PrimaryKeyConstraint("pseudonym", name="pk_vault_values"),
        sa.UniqueConstraint("person_id", "value_hmac", name="uq_vault_values_person_id_value_hmac"),
    )
    op.create_index("ix_vault_values_type", "vault_values", ["type"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("out", sa.Text, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process_started", sa.Float, nullable=False),
        sa.Column("heartbeat", _TIME, nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.Column("finished", _TIME),
        sa.Column("total", sa.Integer),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("rows_written", sa.Integer, nullable=False),
        sa.Column("out_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_out", "runs", ["out"])
    op.create_table(
        "run_items",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("out_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "key", "occurrence", name="pk_run_items"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="fk_run_items_run_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "receipts",
        sa.Column("row", _ROW_NUMBER, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("item", sa.Text),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt_tokens", sa.Integer, nullable=False),
        sa.Column("cached_tokens", sa.Integer, nullable=False),
        sa.Column("completion_tokens", sa.Integer, nullable=False),
        sa.Column("ms", sa.Float, nullable=False),
        sa.Column("first_token_ms", sa.Float, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_receipts"),
    )
    op.create_index("ix_receipts_run_id", "receipts", ["run_id"])
