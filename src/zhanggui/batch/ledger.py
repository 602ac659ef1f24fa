"""One process's hold on one run: claim it, note each item, end it."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhanggui.batch.owner import heartbeat, is_alive, this_process
from zhanggui.batch.written import written_ids
from zhanggui.errors import InputError, StoreError
from zhanggui.ingest.writers import Mode, RowWriter, open_rows
from zhanggui.pii.finder import mask
from zhanggui.records import Receipt
from zhanggui.store import receipts, runs
from zhanggui.store.database import Store

Commit = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class ItemId:
    """An item of a run; an input file may name one key twice."""

    key: str
    """As in the input and the output."""
    occurrence: int
    position: int
    stored: str
    """As in the ledger, which holds no id that tells somebody."""

    @property
    def name(self) -> tuple[str, int]:
        """What identifies the item when the input has grown or moved."""
        return self.stored, self.occurrence


class Ledger:
    """The run into one file, as this process sees it."""

    def __init__(self, store: Store, *, kind: str, out: Path, inputs: str) -> None:
        self.run_id = ""
        self.done: set[tuple[str, int]] = set()
        self.failures: dict[tuple[str, int], str] = {}
        self._store = store
        self._kind = kind
        self._file = out
        self._out = os.path.normcase(out.resolve())
        self._inputs = inputs
        self._owner = this_process()

    def is_finished(self, items: Sequence[ItemId]) -> bool:
        """Whether an earlier run did all of `items`, so that its file need not be touched."""
        with self._store.read() as conn:
            run = runs.latest(conn, self._out)
            if run is None or run.state != "done" or not self._file.exists():
                return False
            self._check(run)
            self._load(conn, run)
        return all(item.name in self.done for item in items)

    def claim(
        self, items: Sequence[ItemId], mode: Mode, columns: Sequence[str] | None
    ) -> RowWriter:
        """Makes the run this process's and opens its file after the last good row.

        Both happen in one transaction, so a process that dies here leaves the ledger as it was.
        """
        writer: RowWriter | None = None
        try:
            with self._store.begin() as conn:
                runs.lock(conn, self._out)
                run = runs.latest(conn, self._out)
                if run is not None and is_alive(run):
                    raise InputError(
                        f"{self._file.name} is being written by process {run.pid} on {run.host}: "
                        "wait until it ends, or stop it and start again with --resume."
                    )
                if mode == "resume" and run is not None:
                    writer = self._go_on(conn, run, len(items), columns)
                else:
                    writer = open_rows(self._file, columns=columns, mode=mode)
                    self._start(conn, items, writer)
        except BaseException as error:
            if writer is not None:
                # Not `close`: a workbook is made of whole runs only.
                writer.__exit__(type(error), error, error.__traceback__)
            raise
        return writer

    def keep_alive(self) -> AbstractContextManager[None]:
        """While inside, other processes see that this one lives."""
        return heartbeat(self._store, self.run_id, self._owner.owner)

    def write(self, writer: RowWriter, rows: Sequence[Mapping[str, Any]]) -> None:
        """Appends the rows of one item and waits until they are on the disk."""
        with self._store.begin() as conn:
            self._hold(runs.beat(conn, self.run_id, self._owner.owner))
        for row in rows:
            writer.append(row)
        writer.sync()

    def note_done(
        self,
        item: ItemId,
        writer: RowWriter,
        spent: Sequence[Receipt],
        commit: Commit | None,
        *,
        customer_id: str | None = None,
    ) -> None:
        """Marks the item done, with all that belongs to it, in one transaction."""
        noted = replace(self._item(item, "done", "", writer), customer_id=customer_id)
        with self._store.begin() as conn:
            if commit is not None:
                commit(conn)
            receipts.put(conn, spent, self.run_id, item.stored)
            failures = {name: why for name, why in self.failures.items() if name != item.name}
            self._advance(conn, noted, writer, len(self.done) + 1, len(failures))
        self.done.add(item.name)
        self.failures = failures

    def note_failed(self, item: ItemId, writer: RowWriter, reason: str) -> None:
        """Marks the item failed; the next resume tries it again."""
        # An error may quote what it could not read.
        failures = self.failures | {item.name: mask(reason)[0]}
        with self._store.begin() as conn:
            noted = self._item(item, "failed", failures[item.name], writer)
            self._advance(conn, noted, writer, len(self.done), len(failures))
        self.failures = failures

    def end(self, state: runs.RunState, reason: str = "") -> None:
        """Ends the run for now (`failed`) or for good (`done`)."""
        with self._store.begin() as conn:
            runs.finish(conn, self.run_id, self._owner.owner, state, reason)

    def _start(self, conn: Connection, items: Sequence[ItemId], writer: RowWriter) -> None:
        self.run_id = uuid.uuid4().hex
        runs.start(
            conn,
            self.run_id,
            kind=self._kind,
            out=self._out,
            inputs=self._inputs,
            total=len(items),
            owner=self._owner,
        )
        if not writer.written:
            return
        # A file of which this ledger knows nothing (another home, a lost database).
        seen = Counter(written_ids(writer.path))
        known = [item for item in items if item.occurrence < seen[item.key]]
        self.done = {item.name for item in known}
        noted = [self._item(item, "done", "", writer) for item in known]
        runs.note_items(conn, self.run_id, noted)
        runs.advance(conn, self.run_id, self._owner.owner, self._mark(writer, len(known), 0))

    def _go_on(
        self, conn: Connection, run: runs.Run, total: int, columns: Sequence[str] | None
    ) -> RowWriter:
        self._check(run)
        self._load(conn, run)
        runs.take_over(conn, run.id, self._owner, total=total)
        workbook = self._file.suffix.lower() == ".xlsx"
        if run.rows_written and not workbook and not self._file.exists():
            raise self._changed()
        writer = open_rows(self._file, columns=columns, mode="resume", offset=run.out_offset)
        # A finished workbook is read back cell by cell, so only its rows can be counted.
        moved = not workbook and writer.offset != run.out_offset
        if run.rows_written and (moved or writer.written != run.rows_written):
            writer.__exit__(InputError, None, None)
            raise self._changed()
        return writer

    def _check(self, run: runs.Run) -> None:
        if run.kind != self._kind:
            raise InputError(
                f"{self._file.name} was written by `{run.kind}`: give another --out, "
                "or --force to replace it."
            )
        if run.inputs != self._inputs:
            raise InputError(
                f"What {self._file.name} was made from has changed since it was begun: "
                "give another --out, or --force to start anew."
            )

    def _changed(self) -> InputError:
        return InputError(
            f"{self._file.name} was changed or removed since its run stopped: put it back, "
            "or start anew with --force."
        )

    def _load(self, conn: Connection, run: runs.Run) -> None:
        self.run_id = run.id
        self.done, self.failures = set(), {}
        for item in runs.items(conn, run.id):
            name = (item.key, item.occurrence)
            if item.state == "done":
                self.done.add(name)
            else:
                self.failures[name] = item.reason

    def _item(
        self, item: ItemId, state: runs.ItemState, reason: str, writer: RowWriter
    ) -> runs.RunItem:
        return runs.RunItem(
            key=item.stored,
            occurrence=item.occurrence,
            position=item.position,
            state=state,
            reason=reason,
            out_offset=writer.offset,
        )

    def _mark(self, writer: RowWriter, done: int, failed: int) -> runs.Mark:
        return runs.Mark(
            done=done, failed=failed, rows_written=writer.written, out_offset=writer.offset
        )

    def _advance(
        self, conn: Connection, noted: runs.RunItem, writer: RowWriter, done: int, failed: int
    ) -> None:
        runs.note_items(conn, self.run_id, [noted])
        mark = self._mark(writer, done, failed)
        self._hold(runs.advance(conn, self.run_id, self._owner.owner, mark))

    def _hold(self, held: bool) -> None:
        if not held:
            raise StoreError(
                f"Another process has taken over the run into {self._file.name}: "
                "this one stops, the other one finishes it."
            )
