"""The tables. `record` columns hold a whole record as JSON (`codec`); the other columns are
what is searched or sorted by. Full text on SQLite stands in `passages_fts` (`full_text`)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from zhanggui.store.column_types import TOKENS, VECTOR, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only where the key is a plain INTEGER.
_ROW_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def _of_conversation() -> ForeignKey:
    return ForeignKey("conversations.id", ondelete="CASCADE")


products = Table(
    "products",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    # An order has several lines, so its number alone is no key.
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("customer_id", Text, nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("imported_at", UtcTime),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record", Text, nullable=False),
    # A ticket names no day; its age counts from its import.
    Column("imported_at", UtcTime),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record", Text, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("row", _ROW_NUMBER, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("source_file", Text, nullable=False, index=True),
    Column("product_id", Text, index=True),
    Column("record", Text, nullable=False),
    Column("tokens", TOKENS, nullable=False),
    Column("token_count", Integer, nullable=False),
    Column("vector", VECTOR),
)
Index("ix_passages_tokens", passages.c.tokens, postgresql_using="gin").ddl_if(dialect="postgresql")

# The words of a version never change; its state and what it was last judged by do.
draft_versions = Table(
    "draft_versions",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("product_id", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("since", UtcTime, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    # `system`, or the pseudonym of whoever wrote it.
    Column("author", Text, nullable=False),
    # Digest of the facts and version of the law that the verdict stands on.
    Column("basis", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("record", Text, nullable=False),
)

# Rows are only ever added: how each version came to its state.
draft_steps = Table(
    "draft_steps",
    metadata,
    Column("draft_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("record", Text, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("question_hash", Text, primary_key=True),
    Column("decision", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
    Column("customer_id", Text, index=True),
    # What was asked, so that the reply can be judged; a reply from before this has none.
    Column("question", Text),
    # When a passage that the reply stands on changed or went.
    Column("stale_since", UtcTime),
)

reply_passages = Table(
    "reply_passages",
    metadata,
    Column("reply_id", Text, primary_key=True),
    Column("question_hash", Text, primary_key=True),
    Column("passage_id", Text, primary_key=True, index=True),
    ForeignKeyConstraint(
        ["reply_id", "question_hash"],
        ["replies.id", "replies.question_hash"],
        ondelete="CASCADE",
    ),
)

# `id` may be a lookup key; `customer_id` is one, of whom the channel verified. `person` is the
# pseudonym of who took over. `version` counts what happened, so that a reply that was begun before
# something happened is not sent after it.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer_id", Text, index=True),
    Column("product_id", Text),
    Column("person", Text),
    Column("wants_person", Boolean, nullable=False),
    Column("introduced", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", Text, _of_conversation(), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Text),
    # `bot`, or the pseudonym of the person who wrote it; empty for the customer.
    Column("author", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("conversation_id", "message_id"),
)

# Replies on their way to the channel: one that was decided is delivered, whatever happens between.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, _of_conversation(), nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, _of_conversation(), nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),
    Column("due", UtcTime),
    Column("made_at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
)

# What a person or a replay said of replies: thresholds are chosen by it, changes tried on it.
judgements = Table(
    "judgements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("question_hash", Text, primary_key=True),
    Column("matter", Text, nullable=False),
    Column("tier", Text, nullable=False),
    # Before the shop's own calibration.
    Column("confidence", Float, nullable=False),
    # Id of the first passage; empty where none was quoted.
    Column("passage", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
    Column("customer_id", Text, index=True),
)

# Staff answers that speak for the shop until what they lean on changes.
approved_answers = Table(
    "approved_answers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("file", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
)

# The file of products as it came, so that an export can give back every byte of it.
product_files = Table(
    "product_files",
    metadata,
    Column("file", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("mapping", Text, nullable=False),
)

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)

vault_values = Table(
    "vault_values",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("type", Text, nullable=False, index=True),
    Column("person_id", Text, nullable=False),
    # Both are emptied when the person is erased; the pseudonym is never given out again.
    Column("value_hmac", Text),
    Column("ciphertext", LargeBinary),
    UniqueConstraint("person_id", "value_hmac"),
)

# Nobody's name: `person_id` is a keyed hash. An import leaves the rows of these people out.
erased_people = Table(
    "erased_people",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)

model_cache = Table(
    "model_cache",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("written_at", UtcTime, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("row", _ROW_NUMBER, primary_key=True),
    Column("run_id", Text, index=True),
    Column("item", Text),
    Column("purpose", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("ms", Float, nullable=False),
    Column("first_token_ms", Float, nullable=False),
    Column("written_at", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("out", Text, nullable=False, index=True),
    Column("inputs", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process_started", Float, nullable=False),
    Column("heartbeat", UtcTime, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("finished", UtcTime),
    Column("total", Integer),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("rows_written", Integer, nullable=False),
    Column("out_offset", BigInteger, nullable=False),
)

run_items = Table(
    "run_items",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    # Which one of several items with this key: an input file may name one id twice.
    Column("occurrence", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("out_offset", BigInteger, nullable=False),
    Column("customer_id", Text, index=True),
)

# Rows are only ever added: triggers (in the migrations) refuse changes and deletions.
audit = Table(
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
