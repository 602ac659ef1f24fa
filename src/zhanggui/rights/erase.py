"""A person leaves the shop: rows, outputs, values and key, and the proof that all is gone.

The order is what makes a kill harmless. The values in the vault say which strings to look
for, so they go last; until then every step can be done again. The tombstone comes first, so
that no import brings the person back in between.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from zhanggui.batch.owner import is_alive
from zhanggui.errors import InputError
from zhanggui.pii.traces import Trace, Traces
from zhanggui.pii.vault import Vault
from zhanggui.rights.byte_search import holds, search
from zhanggui.rights.outputs import Mine, Output, latest_runs, outputs_of, take_out
from zhanggui.store import erased, erasure, product_files, runs
from zhanggui.store.database import Store
from zhanggui.text.segment import dictionary_tokens

_A_WORD = 3
"""A name that the dictionary knows is a word if so many texts of others hold it."""


@dataclass(slots=True)
class Erasure:
    """The receipt of one erasure. It names nobody."""

    person: str
    """The keyed hash that stays behind as a tombstone."""
    deleted: dict[str, int] = field(default_factory=dict)
    """Rows that were the person's, by table."""
    concealed: dict[str, int] = field(default_factory=dict)
    """Rows of others in which a string of the person stood, by table."""
    rewritten: list[Output] = field(default_factory=list)
    """Outputs that lost rows."""
    outside: list[Output] = field(default_factory=list)
    """Outputs outside the home that hold rows of the person; they were left as they are."""
    strings: int = 0
    """Values that were looked for, each in all its forms and encodings."""
    short: list[str] = field(default_factory=list)
    """Kinds of values that are too short to be told from other text."""
    words: list[str] = field(default_factory=list)
    """Kinds of values that are also a word of the shop's texts."""
    files: int = 0
    bytes: int = 0
    remains: list[Path] = field(default_factory=list)
    """Files that still hold a string of the person."""
    tables: list[str] = field(default_factory=list)
    """Tables that still hold one, where the database is no file."""
    key_deleted: bool = False

    @property
    def complete(self) -> bool:
        """Whether the key is gone and nothing was found."""
        return self.key_deleted and not self.remains and not self.tables


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases people of one shop."""

    store: Store
    vault: Vault
    home: Path
    reindex: Callable[[], object]
    """Gives passages that were changed their vectors."""

    def erase(self, customer_id: str, *, all_outputs: bool = False) -> Erasure:
        """Erases a customer; a second call finishes what a kill left, and does no harm.

        `all_outputs` takes rows out of outputs outside the home too. Raises InputError for
        a customer of whom nothing is stored, or while a run is writing a file.
        """
        person = self.vault.lookup_key(customer_id)
        receipt = Erasure(person)
        given = Trace("WANGWANG", customer_id.strip())
        with self.store.read() as conn:
            state = erased.state_of(conn, person)
            known = self.vault.traces(conn, person).every
            items = _item_names(runs.of_customer(conn, person))
            # Whoever only said hello gave the vault nothing to keep.
            stored = bool(items or known) or erasure.has_rows(conn, person)
        if state is None and not stored:
            raise InputError("The shop holds nothing of this customer: check the id.")
        self._refuse_while_running()
        traces = self._rows(person, Traces((given, *known)), receipt)
        self._outputs(items, traces, receipt, everywhere=all_outputs)
        self.store.compact()
        self._look(traces, (), receipt)
        # Without the vault nobody could tell any more what to look for.
        if not receipt.remains and not receipt.tables:
            sealed = self._key(person, receipt)
            self.store.compact()
            self._look(traces, sealed, receipt)
        if receipt.complete:
            with self.store.begin() as conn:
                erased.mark(conn, person, "done")
        return receipt

    def _refuse_while_running(self) -> None:
        for run in latest_runs(self.store):
            if is_alive(run):
                raise InputError(
                    f"{Path(run.out).name} is being written by process {run.pid} on {run.host}: "
                    "wait until it ends, then erase."
                )

    def _rows(self, person: str, traces: Traces, receipt: Erasure) -> Traces:
        """Deletes the person's rows and conceals the rest; the traces that are no words."""
        with self.store.begin() as conn:
            erased.mark(conn, person, "begun")
            receipt.deleted |= erasure.delete_rows(conn, person)
            words = [trace for trace in traces.traces if _is_word(conn, trace)]
            kept = traces.without(words)
            changed = erasure.conceal(conn, kept.holds, kept.conceal)
        receipt.concealed |= {name: count for name, count in changed.items() if count}
        receipt.words = sorted({trace.kind for trace in words})
        receipt.short = sorted({trace.kind for trace in kept.short})
        receipt.strings = len(kept.traces)
        if changed["passages"]:
            self.reindex()
        return kept

    def _outputs(
        self,
        items: dict[str, set[tuple[str, int]]],
        traces: Traces,
        receipt: Erasure,
        *,
        everywhere: bool,
    ) -> None:
        home = self.home.resolve()

        def mine(run_id: str) -> Mine:
            return Mine(items.get(run_id, ()), traces.holds, self.vault.lookup_key)

        for run, output in outputs_of(self.store, mine):
            if everywhere or output.path.resolve().is_relative_to(home):
                take_out(self.store, run, mine(run.id))
                receipt.rewritten.append(output)
            else:
                receipt.outside.append(output)

    def _key(self, person: str, receipt: Erasure) -> tuple[bytes, ...]:
        with self.store.begin() as conn:
            # What was left outside is known by these, should it be taken out later.
            kept = [output.run_id for output in receipt.outside]
            receipt.deleted |= erasure.delete_items(conn, person, kept_runs=kept)
            values, sealed = self.vault.forget(conn, person)
            erased.mark(conn, person, "key deleted")
        receipt.deleted["vault_values"] = values
        receipt.key_deleted = True
        return sealed

    def _look(self, traces: Traces, sealed: Collection[bytes], receipt: Erasure) -> None:
        databases = self.store.files
        wanted = (*traces.needles(), *sealed)
        searched = search((self.home, *databases), wanted, databases)
        receipt.files, receipt.bytes = searched.files, searched.bytes
        receipt.remains = list(searched.found)
        with self.store.read() as conn:
            receipt.tables = [] if databases else erasure.tables_holding(conn, traces.holds)
            # Packed there, so that no search for bytes would see what it holds.
            if any(holds(file.content, wanted) for file in product_files.every(conn)):
                receipt.tables.append("product_files")


def _item_names(items: dict[str, list[runs.RunItem]]) -> dict[str, set[tuple[str, int]]]:
    return {run: {(item.key, item.occurrence) for item in found} for run, found in items.items()}


def _is_word(conn: Connection, trace: Trace) -> bool:
    """A receiver or a customer id called 高兴 or 小米 cannot be told from the word."""
    if trace.kind not in ("NAME", "WANGWANG"):
        return False
    holds = Traces([trace]).holds
    if erasure.in_catalogue(conn, holds):
        return True
    known = len(dictionary_tokens(trace.value)) == 1
    return known and erasure.count_holding(conn, holds) >= _A_WORD
