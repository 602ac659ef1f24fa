"""What is stored of a person, for that person, with the values restored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhanggui.errors import InputError, OutputExists
from zhanggui.ingest.writers import Mode, open_rows
from zhanggui.pii.permission import Permission, require
from zhanggui.pii.vault import Vault
from zhanggui.store import conversations, judgements, orders, promises, replies, runs, tickets
from zhanggui.store.database import Store

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything the shop stores of one customer."""

    customer_id: str
    orders: list[Record]
    tickets: list[Record]
    replies: list[Record]
    judgements: list[Record]
    """What was said of replies, with the customer's question."""
    turns: list[Record]
    """What was said in the customer's conversations."""
    promises: list[Record]
    values: list[Record]
    """What the vault holds: the type of a value and the value."""
    outputs: list[Record]
    """Files with replies to the customer's questions, and which of their rows."""

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(len(getattr(self, noun)) for noun in _NOUNS)

    def rows(self) -> Iterator[Record]:
        """A row a field, for tables."""
        for noun in _NOUNS:
            for number, record in enumerate(getattr(self, noun), start=1):
                for name, value in record.items():
                    yield {"noun": noun, "number": number, "field": name, "value": value}


_NOUNS = ("orders", "tickets", "replies", "judgements", "turns", "promises", "values", "outputs")


def personal_data(
    store: Store, keeper: Vault, customer_id: str, permissions: Collection[Permission]
) -> PersonalData:
    """Collects what is stored of a customer.

    Raises NotPermitted without the permission `pii`, InputError where there is nothing.
    """
    require("pii", permissions)
    person = keeper.lookup_key(customer_id)
    with store.read() as conn:
        files = {run.id: run.out for run in runs.every(conn)}
        found = PersonalData(
            customer_id=customer_id.strip(),
            orders=[_shown(conn, keeper, one, person) for one in orders.of_customer(conn, person)],
            tickets=[
                _shown(conn, keeper, one, person) for one in tickets.of_customer(conn, person)
            ],
            replies=[
                _shown(conn, keeper, one, person) for one in replies.of_customer(conn, person)
            ],
            judgements=[
                _shown(conn, keeper, one, person) for one in judgements.of_customer(conn, person)
            ],
            turns=[_shown(conn, keeper, turn, person) for turn in _turns(conn, person)],
            promises=[
                _shown(conn, keeper, noted.promise, person)
                for talk in conversations.of_customer(conn, person)
                for noted in promises.find(
                    conn, states=("open", "kept", "rule"), conversation_id=talk.id
                )
            ],
            values=[
                {"type": trace.kind, "value": trace.value}
                for trace in keeper.traces(conn, person).every
            ],
            outputs=[
                {
                    "file": files[run_id],
                    "rows": [keeper.restore(conn, item.key, person) for item in items],
                }
                for run_id, items in runs.of_customer(conn, person).items()
            ],
        )
    if not found.records:
        raise InputError("The shop holds nothing of this customer: check the id.")
    return found


def write_personal_data(found: PersonalData, out: Path, mode: Mode = "new") -> None:
    """Writes `.json` (one object) or a table of fields: `.jsonl`, `.csv`, `.xlsx`."""
    if out.suffix.lower() != ".json":
        columns = ("noun", "number", "field", "value")
        with open_rows(out, columns=columns, mode=mode, resumable=False) as writer:
            for row in found.rows():
                writer.append(row)
        return
    whole = {name.name: getattr(found, name.name) for name in fields(found)}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w" if mode == "force" else "x", encoding="utf-8") as file:
            json.dump(whole, file, ensure_ascii=False, indent=1)
    except FileExistsError as error:
        raise OutputExists(f"{out} already exists: add --force to replace it.") from error
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror or error}).") from error


def _turns(conn: Connection, person: str) -> list[conversations.Turn]:
    talks = conversations.of_customer(conn, person)
    return [turn for talk in talks for turn in conversations.turns_of(conn, talk.id)]


def _shown(conn: Connection, keeper: Vault, record: Any, person: str) -> Record:
    return {
        one.name: _restored(conn, keeper, getattr(record, one.name), person)
        for one in fields(record)
    }


def _restored(conn: Connection, keeper: Vault, value: Any, person: str) -> Any:
    if isinstance(value, str):
        return keeper.restore(conn, value, person)
    if is_dataclass(value):
        return _shown(conn, keeper, value, person)
    if isinstance(value, tuple):
        return [_restored(conn, keeper, item, person) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | float) else str(value)
