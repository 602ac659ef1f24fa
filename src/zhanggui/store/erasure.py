"""Deleting what is a person's, and taking strings out of the rows of others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, and_, delete, select, update

from zhanggui.records import Passage, Ticket
from zhanggui.store import passages
from zhanggui.store.codec import decode, with_texts
from zhanggui.store.schema import (
    approved_answers,
    conversations,
    draft_steps,
    draft_versions,
    judgements,
    metadata,
    model_cache,
    orders,
    outbox,
    products,
    promises,
    receipts,
    replies,
    reviews,
    run_items,
    runs,
    tickets,
    turns,
)
from zhanggui.store.schema import passages as passages_table

_RECORDS = (
    orders.c.record,
    tickets.c.record,
    reviews.c.record,
    replies.c.record,
    replies.c.question,
    judgements.c.record,
    approved_answers.c.record,
    turns.c.record,
    outbox.c.record,
    promises.c.record,
    draft_versions.c.record,
    draft_steps.c.record,
)

# Conversations first: a reply that is just being kept holds its conversation until it is there.
_OWNED = (conversations, orders, replies, judgements)

Holds = Callable[[str], bool]
Change = Callable[[str], str]


def has_rows(conn: Connection, person_id: str) -> bool:
    """Whether `delete_rows` would find something."""
    mine = (
        conn.scalar(select(table.c.customer_id).where(table.c.customer_id == person_id).limit(1))
        for table in _OWNED
    )
    return any(found is not None for found in mine) or bool(_tickets_of(conn, person_id))


def delete_rows(conn: Connection, person_id: str) -> dict[str, int]:
    """Deletes the orders, tickets, replies with what was said of them, and conversations of the
    person, with their turns and promises; table to the number of rows."""
    mine = _tickets_of(conn, person_id)
    for key in mine:
        conn.execute(delete(tickets).where(tickets.c.id == key))
    gone = {
        table.name: conn.execute(delete(table).where(table.c.customer_id == person_id)).rowcount
        for table in _OWNED
    }
    return {**gone, "tickets": len(mine)}


def _tickets_of(conn: Connection, person_id: str) -> list[str]:
    """No column says whose a ticket is; the record does."""
    told = tickets.c.record.contains(person_id, autoescape=True)
    named = conn.execute(select(tickets.c.id, tickets.c.record).where(told)).all()
    return [key for key, text in named if decode(Ticket, text).customer_id == person_id]


def delete_items(
    conn: Connection, person_id: str, *, kept_runs: Collection[str] = ()
) -> dict[str, int]:
    """Takes the person's questions out of the ledger of runs, with what they cost.

    In `kept_runs` they stay, so that the rows in their files can still be found.
    """
    mine = and_(run_items.c.customer_id == person_id, run_items.c.run_id.not_in(list(kept_runs)))
    keys = conn.execute(select(run_items.c.run_id, run_items.c.key).where(mine).distinct()).all()
    spent = 0
    for run_id, key in keys:
        item = (receipts.c.run_id == run_id) & (receipts.c.item == key)
        spent += conn.execute(delete(receipts).where(item)).rowcount
    gone = conn.execute(delete(run_items).where(mine)).rowcount
    return {"run_items": gone, "receipts": spent}


def count_holding(conn: Connection, holds: Holds) -> int:
    """How many records of customers, and passages, hold a string."""
    columns = (*_RECORDS, passages_table.c.record)
    return sum(holds(text) for one in columns for text in conn.scalars(select(one)) if text)


def in_catalogue(conn: Connection, holds: Holds) -> list[str]:
    """The products whose own texts hold a string."""
    rows = conn.execute(select(products.c.id, products.c.record).order_by(products.c.position))
    return [key for key, text in rows if holds(text)]


def tables_holding(conn: Connection, holds: Holds) -> list[str]:
    """The tables in whose texts a string stands."""
    return [table.name for table in metadata.sorted_tables if _stands_in(conn, table, holds)]


def _stands_in(conn: Connection, table: Table, holds: Holds) -> bool:
    texts = [column for column in table.columns if isinstance(column.type, Text)]
    rows = conn.execute(select(*texts)) if texts else ()
    return any(holds(text) for row in rows for text in row if text is not None)


def conceal(conn: Connection, holds: Holds, change: Change) -> dict[str, int]:
    """Takes strings out of all rows that hold one; table to the number of rows.

    A record keeps the digest of its source, so that importing the same file again does not
    bring the string back. A changed passage loses its vector. Answers of the model that hold
    a string are deleted.
    """
    done: Counter[str] = Counter()
    for column in _RECORDS:
        done[column.table.name] += _conceal_records(conn, column, holds, change)
    done["passages"] = _conceal_passages(conn, holds, change)
    done["runs"] = _conceal_reasons(conn, holds, change) + _delete_named_items(conn, holds)
    done["model_cache"] = _delete_answers(conn, holds)
    return dict(done)


def _conceal_records(conn: Connection, record: Column[Any], holds: Holds, change: Change) -> int:
    table = record.table
    rows = conn.execute(select(*_keys(table), record).where(record.is_not(None)))
    found = [row for row in rows if holds(row[-1])]
    for *key, text in found:
        chosen = and_(*(column == value for column, value in zip(_keys(table), key, strict=True)))
        conn.execute(update(table).where(chosen).values({record: _in_json(text, change)}))
    return len(found)


def _conceal_passages(conn: Connection, holds: Holds, change: Change) -> int:
    rows = conn.execute(select(passages_table.c.id, passages_table.c.record))
    found = [(key, text) for key, text in rows if holds(text)]
    for key, text in found:
        passages.rewrite(conn, key, decode(Passage, _in_json(text, change)))
    return len(found)


def _conceal_reasons(conn: Connection, holds: Holds, change: Change) -> int:
    done = 0
    for table in (run_items, runs):
        told = conn.scalars(select(table.c.reason).distinct()).all()
        for reason in filter(holds, told):
            same = update(table).where(table.c.reason == reason)
            done += conn.execute(same.values(reason=change(reason))).rowcount
    return done


def _delete_named_items(conn: Connection, holds: Holds) -> int:
    done = 0
    for key in filter(holds, conn.scalars(select(run_items.c.key).distinct()).all()):
        done += conn.execute(delete(run_items).where(run_items.c.key == key)).rowcount
        conn.execute(update(receipts).where(receipts.c.item == key).values(item=None))
    return done


def _delete_answers(conn: Connection, holds: Holds) -> int:
    stored = conn.execute(select(model_cache.c.key, model_cache.c.value))
    dead = [key for key, value in stored if holds(value)]
    for key in dead:
        conn.execute(delete(model_cache).where(model_cache.c.key == key))
    return len(dead)


def _keys(table: Table) -> list[Any]:
    return list(table.primary_key)


def _in_json(text: str, change: Change) -> str:
    changed = with_texts(json.loads(text), change)
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
