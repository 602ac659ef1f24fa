"""A shop folder into the store: all of it or nothing, and never a plain personal value.

    folder/
      products.csv   faq.csv   orders.csv   reviews.csv   tickets.jsonl   mapping.toml
      knowledge/…

Each table may be .csv, .tsv, .xlsx or .jsonl; any subset will do. `knowledge/` holds documents
and tables of any format that `knowledge_files` reads, in folders as deep as the shop likes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from zhanggui.errors import InputError, InputNotFound
from zhanggui.ingest.columns import MAPPING_FILE, ColumnMapping, load_mapping
from zhanggui.ingest.encodings import open_binary
from zhanggui.ingest.knowledge_files import is_readable, read_knowledge
from zhanggui.ingest.readers import sourced
from zhanggui.ingest.report import FileReport, ImportedDocument, ImportReport
from zhanggui.ingest.source import Sourced
from zhanggui.knowledge.parts import Document
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import FaqRow, Message, Order, Product, Review, RowFault, Ticket
from zhanggui.store import erased, imports, orders, product_files, products, reviews, tickets
from zhanggui.store.changes import Changes
from zhanggui.store.product_files import ProductFile

T = TypeVar("T")

SUFFIXES = (".csv", ".tsv", ".xlsx", ".jsonl")
KNOWLEDGE = "knowledge"

_KINDS: dict[str, tuple[type[Any], Callable[[Any], str]]] = {
    "products": (Product, lambda product: product.id),
    "orders": (Order, lambda order: f"{order.order_id}\n{order.product_id}"),
    "faq": (FaqRow, lambda row: f"{row.question}\n{row.product_id}"),
    "reviews": (Review, lambda review: review.id),
    "tickets": (Ticket, lambda ticket: ticket.id),
}


@dataclass(slots=True)
class _File:
    """One file of the folder, read but not yet stored."""

    report: FileReport
    digest: str
    records: list[Any]
    original: ProductFile | None = None
    """A file of products as it came."""


def import_folder(
    conn: Connection, vault: Vault, folder: Path, *, mapping: Path | None = None
) -> ImportReport:
    """Makes the stored shop what the folder says; importing twice changes nothing.

    A noun whose file was imported before and is gone loses its rows; one that never had a
    file is left alone. A bad row is skipped and reported. `mapping` replaces the folder's own
    mapping.toml. Orders and tickets of erased customers are left out. They carry
    `vault.lookup_key(customer_id)`; `order_id` is the lookup key of the order number,
    `id` of a review or ticket one where it tells somebody (`vault.stored_ids`).
    `vault.restore` turns order, ticket id, tracking number, receiver, phone and address back
    for that customer only. Personal data in reviews belongs to nobody, in FAQ and documents to
    `pii.vault.SHOP`; product texts are left as they are.

    All is written in the transaction of `conn`, so an exception leaves nothing changed. The
    caller makes passages of `report.content` in the same transaction and tells
    `report.note` what changed. Raises InputNotFound, InputError or UnknownColumns for a
    folder or a file that cannot be read, before anything is written.
    """
    report, files = _read(folder, mapping)
    known = imports.every(conn)
    store = _Importer(conn, vault, report)
    for file in files:
        store.put(file)
        imports.put(conn, file.report.name, file.digest, len(file.records))
    present = {file.report.name for file in files}
    read_nouns = {file.report.noun for file in files}
    for name in known:
        if name not in present:
            store.remove(name, replaced=_noun(name) in read_nouns)
            imports.remove(conn, name)
    return report


class _Importer:
    """Stores read files within one transaction."""

    def __init__(self, conn: Connection, vault: Vault, report: ImportReport) -> None:
        self._conn = conn
        self._vault = vault
        self._report = report
        self._erased = erased.every(conn)

    def put(self, file: _File) -> None:
        self._report.files.append(file.report)
        name, records = file.report.name, file.records
        content = self._report.content
        if file.original is not None:
            product_files.put(self._conn, file.original)
        if file.report.noun == KNOWLEDGE:
            content.documents += [ImportedDocument(name, self._document(one)) for one in records]
            if not records:
                # As a row at fault goes, so does what an unreadable document said before.
                content.gone.append(name)
        elif file.report.noun == "faq":
            content.faq[name] = [self._faq(row) for row in records]
        else:
            if file.report.noun == "products":
                content.products[name] = records
            kept = self._without_erased(file.report, records)
            file.report.count(self._replace(file.report.noun, kept))

    def remove(self, name: str, *, replaced: bool) -> None:
        noun = _noun(name)
        file = FileReport(name, noun, gone=True)
        self._report.files.append(file)
        self._report.content.gone.append(name)
        product_files.remove(self._conn, name)
        if noun not in (KNOWLEDGE, "faq") and not replaced:
            file.count(self._replace(noun, []))

    def _replace(self, noun: str, records: list[Any]) -> Changes:
        if noun == "products":
            return products.replace_all(self._conn, records)
        if noun == "orders":
            return orders.replace_all(self._conn, [self._order(order) for order in records])
        if noun == "reviews":
            names = self._vault.stored_ids([(review.id, None) for review in records])
            pairs = zip(records, names, strict=True)
            return reviews.replace_all(self._conn, [self._review(*pair) for pair in pairs])
        names = self._vault.stored_ids([(ticket.id, ticket.customer_id) for ticket in records])
        pairs = zip(records, names, strict=True)
        return tickets.replace_all(self._conn, [self._ticket(*pair) for pair in pairs])

    def _without_erased(self, report: FileReport, records: list[Any]) -> list[Any]:
        """The records but for those of people who were erased."""
        if not self._erased or report.noun not in ("orders", "tickets"):
            return records
        kept = [record for record in records if not self._is_erased(record.customer_id)]
        report.erased = len(records) - len(kept)
        return kept

    def _is_erased(self, customer_id: str | None) -> bool:
        return customer_id is not None and self._vault.lookup_key(customer_id) in self._erased

    def _document(self, document: Document) -> Document:
        parts = (replace(part, text=self._redacted(part.text, SHOP)) for part in document.parts)
        return replace(document, parts=tuple(parts))

    def _faq(self, row: FaqRow) -> FaqRow:
        return replace(
            row,
            question=self._redacted(row.question, SHOP),
            answer=self._redacted(row.answer, SHOP),
            also=tuple(self._redacted(question, SHOP) for question in row.also),
        )

    def _review(self, review: Review, name: str) -> Review:
        return replace(review, id=name, content=self._redacted(review.content, None))

    def _ticket(self, ticket: Ticket, name: str) -> Ticket:
        person = ticket.customer_id and self._customer(ticket.customer_id)
        if person and name != ticket.id:
            self._vault.conceal_key(self._conn, ticket.id, "WANGWANG", person)
        messages = tuple(
            Message(message.role, self._redacted(message.text, person))
            for message in ticket.messages
        )
        return replace(ticket, id=name, customer_id=person, messages=messages)

    def _order(self, order: Order) -> Order:
        person = self._customer(order.customer_id)
        conceal, conn = self._vault.conceal, self._conn
        return replace(
            order,
            customer_id=person,
            order_id=self._vault.conceal_key(conn, order.order_id, "ORDER_NO", person),
            status=self._redacted(order.status, person),
            carrier=self._redacted(order.carrier, person),
            tracking_no=conceal(conn, order.tracking_no, "TRACKING_NO", person),
            receiver=conceal(conn, order.receiver, "NAME", person),
            phone=conceal(conn, order.phone, "PHONE", person),
            address=conceal(conn, order.address, "ADDRESS", person),
        )

    def _customer(self, customer_id: str) -> str:
        person = self._vault.lookup_key(customer_id)
        return self._vault.conceal_key(self._conn, customer_id, "WANGWANG", person)

    def _redacted(self, text: str, person: str | None) -> str:
        return self._vault.redact(self._conn, text, person)


def _read(folder: Path, mapping: Path | None) -> tuple[ImportReport, list[_File]]:
    if not folder.is_dir():
        raise InputNotFound(f"{folder} is not a folder: give the folder with the shop's exports.")
    own = folder / MAPPING_FILE
    given = mapping or (own if own.is_file() else None)
    columns = load_mapping(given) if given else None
    report = ImportReport()
    tables: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        noun = path.stem.lower()
        if path.is_dir() or path.name.startswith((".", "~$")) or path.name == MAPPING_FILE:
            continue
        if noun not in _KINDS or path.suffix.lower() not in SUFFIXES:
            report.ignored.append(path.name)
        elif noun in tables:
            raise InputError(
                f"{folder.name} holds both {tables[noun].name} and {path.name}: keep one of them."
            )
        else:
            tables[noun] = path
    files = [_table(noun, tables[noun], columns) for noun in _KINDS if noun in tables]
    for path in sorted((folder / KNOWLEDGE).rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part.startswith((".", "~$")) for part in name.parts):
            continue
        if is_readable(path):
            files.append(_knowledge(path, name.as_posix(), columns))
        else:
            report.ignored.append(name.as_posix())
    if not files:
        raise InputError(
            f"{folder} holds nothing to import: it needs products.csv, faq.csv, orders.csv, "
            "reviews.csv, tickets.jsonl or documents in knowledge/."
        )
    return report, files


def _table(noun: str, path: Path, columns: ColumnMapping | None) -> _File:
    kind, key = _KINDS[noun]
    source = sourced(kind, path, columns)
    report = FileReport(path.name, noun)
    records = _distinct(source, report, key)
    report.encoding = source.encoding
    original = None
    if noun == "products":
        named = columns.nouns.get(noun, {}) if columns else {}
        original = ProductFile(path.name, path.read_bytes(), named)
    return _File(report, _digest(path), records, original)


def _distinct(
    rows: Iterable[Sourced[Any] | RowFault], report: FileReport, key: Callable[[Any], str]
) -> list[Any]:
    """The good rows without those that repeat an earlier one, all counted in `report`."""
    records: list[Any] = []
    first: dict[str, tuple[int, Any]] = {}
    for row in rows:
        if isinstance(row, RowFault):
            report.faults.append(row)
            continue
        line, known = first.setdefault(key(row.record), (row.line, row.record))
        if line == row.line or report.noun == "orders":
            records.append(row.record)
        elif _unlike(known, row.record):
            reason = f"the row has the id of line {line} and says something else"
            report.faults.append(RowFault(report.name, row.line, reason))
        else:
            report.skipped += 1
    report.read = len(records)
    report.skipped += len(report.faults)
    return records


def _unlike(first: Any, second: Any) -> bool:
    if isinstance(first, FaqRow):
        return bool(first.answer != second.answer)
    return bool(first != second)


def _knowledge(path: Path, name: str, columns: ColumnMapping | None) -> _File:
    read = read_knowledge(path, name, columns)
    if read.questions is not None:
        report = FileReport(name, "faq", read.encoding)
        records = _distinct([*read.questions, *read.faults], report, _KINDS["faq"][1])
        return _File(report, _digest(path), records)
    report = FileReport(name, KNOWLEDGE, read.encoding, faults=read.faults)
    records = [] if read.document is None else [read.document]
    report.read, report.skipped = len(records), len(read.faults)
    return _File(report, _digest(path), records)


def _digest(path: Path) -> str:
    with open_binary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _noun(name: str) -> str:
    return KNOWLEDGE if "/" in name else Path(name).stem.lower()
