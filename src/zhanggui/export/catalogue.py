"""The catalogue into a file: the shop's own file with our cells replaced, or a new one.

A file that came in the wanted format goes back as it came, byte for byte, but for the cells
with our copy. Products that came in another format get the wanted one's whole set of columns.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

from zhanggui.descriptions.channel import known_channel
from zhanggui.errors import InputError, OutputExists
from zhanggui.export.csv_cells import patched_csv
from zhanggui.export.json_cells import patched_json
from zhanggui.export.layouts import platform_file
from zhanggui.export.workbook_cells import patched_workbook
from zhanggui.export.written import CHANNELS, Written, cells_of, holds_html, written_copy
from zhanggui.ingest.columns import ColumnMapping, header_key
from zhanggui.ingest.formulas import neutralise
from zhanggui.ingest.platforms import Format, Platform, Role, platform_named, platform_of
from zhanggui.ingest.readers import sourced
from zhanggui.ingest.tables import SourceRow, Table
from zhanggui.ingest.values import attributes_of, text_of
from zhanggui.ingest.writers import Mode, open_rows, require_suffix
from zhanggui.records import Draft, Product, RowFault
from zhanggui.settings import PLAIN, Wording
from zhanggui.store import product_files, products
from zhanggui.store.database import Store
from zhanggui.store.product_files import ProductFile

_TEXT = (".csv", ".tsv")
_OWN = ("id", "title", "category", "brand", "price", "stock")
_SECOND_NAMES = {"subtitle": "宝贝卖点"}
"""What 淘宝's second header says of a column that we add."""


@dataclass(slots=True)
class ExportSummary:
    """What an export came to."""

    products: int = 0
    written: int = 0
    """Products whose copy of ours is in the file."""
    changed: int = 0
    """Cells of the shop's own file that are others now."""
    own_file: bool = False
    """Whether the shop's own file came back, or a new one was made."""
    left_out: int = 0
    """Products that keep the description they have, since their approved copy may not go out."""
    faults: list[RowFault] = field(default_factory=list)
    """What was left out, and why."""


class ExportChoices(TypedDict, total=False):
    """What one may ask of an export."""

    channel: str | None
    """Whose copy; by default that of the format."""
    include_drafts: bool
    """Also publishable copy that nobody has approved yet."""
    titles: bool
    mode: Mode


def export_shop(
    store: Store,
    aigc: Callable[[Draft], str],
    wanted: Format,
    out: Path,
    *,
    wording: Wording = PLAIN,
    channel: str | None = None,
    include_drafts: bool = False,
    titles: bool = False,
    mode: Mode = "new",
) -> ExportSummary:
    """Writes a shop's products with their approved copy; `aigc` gives its label for machines,
    `wording` is what the shop asks of its texts.

    Copy that no longer holds is left out and among the summary's faults. Raises as
    `export_catalogue`, and InputError where there are no products or no such channel.
    """
    chosen = known_channel(channel or CHANNELS[wanted])
    with store.read() as conn:
        known = products.every(conn)
        files = product_files.every(conn)
        if not known or not files:
            raise InputError("The shop has no file of products: run `zhanggui import` first.")
        copies, faults = written_copy(
            conn, known, chosen, aigc, wording=wording, include_drafts=include_drafts
        )
    summary = export_catalogue(
        files[0], known, copies, wanted=wanted, out=out, mode=mode, titles=titles
    )
    summary.left_out = len(faults)
    summary.faults += faults
    return summary


def export_catalogue(
    original: ProductFile,
    catalogue: Sequence[Product],
    copies: Mapping[str, Written],
    *,
    wanted: Format,
    out: Path,
    mode: Mode = "new",
    titles: bool = False,
) -> ExportSummary:
    """Writes `catalogue` with the copy in `copies` to `out`, whole or not at all.

    Titles are written only where `titles` asks for it. Raises OutputExists, or InputError where
    the file cannot be written in this format or under this name.
    """
    _refuse_existing(out, mode)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / original.file
        path.write_bytes(original.content)
        source = _Source(path, ColumnMapping({"products": original.mapping}))
        known = {product.id for product in catalogue}
        summary = ExportSummary(len(catalogue), len(known & copies.keys()))
        if source.platform.format == wanted and _fits(source, out, original.file):
            summary.own_file = True
            source.write(out, copies, summary, titles=titles)
        elif wanted == "generic":
            new = Path(folder) / f"new{require_suffix(out)}"
            _write_generic(new, catalogue, copies, source.platform, titles=titles)
            write_whole(out, [new.read_bytes()])
        elif out.suffix.lower() not in _TEXT:
            raise InputError(f"{wanted} reads CSV files: end the name of --out with .csv.")
        else:
            before = source.descriptions()
            chunks = platform_file(wanted, catalogue, copies, before, titles=titles)
            write_whole(out, chunks)
    return summary


class _Source:
    """The shop's own file."""

    def __init__(self, path: Path, mapping: ColumnMapping) -> None:
        self._path = path
        self._mapping = mapping
        table = Table(path)
        self.kind = table.kind
        self.columns = table.columns
        self.platform = platform_of(table.columns)
        self.rows = {row.line: row.values for row in table if isinstance(row, SourceRow)}
        self._headers = table.headers

    @cached_property
    def products(self) -> list[tuple[int, Product]]:
        """Each product with the line of its first row."""
        rows = sourced(Product, self._path, self._mapping)
        return [(row.line, row.record) for row in rows if not isinstance(row, RowFault)]

    def descriptions(self) -> dict[str, str]:
        """What the file says of each product, by its id."""
        found: dict[str, str] = {}
        for line, product in self.products:
            values = self.rows[line]
            column = self.platform.column_of("description", values)
            found[product.id] = text_of(values[column]) if column else ""
        return found

    def write(
        self, out: Path, copies: Mapping[str, Written], summary: ExportSummary, *, titles: bool
    ) -> None:
        """The file with our cells in it."""
        edits = self._edits(copies, titles=titles)
        names = dict.fromkeys(name for told in edits.values() for name in told)
        missing = [name for name in names if name not in self.columns]
        if self.platform.format != "generic":
            edits = self._without_gaps(edits, missing, summary)
        new = {
            name: (name, _SECOND_NAMES.get(name, name))
            for name in missing
            if any(name in told for told in edits.values())
        }
        summary.changed = sum(map(len, edits.values()))
        if self.kind == ".jsonl":
            write_whole(out, patched_json(self._path, edits))
        elif self.kind == ".csv":
            write_whole(out, patched_csv(self._path, edits, new))
        elif edits:
            places = {name: place for place, name in enumerate((*self.columns, *new))}
            write_whole(out, [patched_workbook(self._path, edits, places, new, self._headers)])
        else:
            write_whole(out, [self._path.read_bytes()])

    def _without_gaps(
        self, edits: Mapping[int, dict[str, str]], missing: Sequence[str], summary: ExportSummary
    ) -> dict[int, dict[str, str]]:
        """The edits without new columns that some product has nothing for.

        A platform takes an empty cell for the wish to empty what it shows.
        """
        gaps = {
            name
            for name in missing
            if name != self.platform.copy_columns.get("aigc")
            and sum(name in told for told in edits.values()) < len(self.products)
        }
        for name in sorted(gaps):
            reason = (
                f"it has no column {name!r}, and not every product has copy for it: an empty cell "
                "would wipe what the platform shows, so export the file with that column"
            )
            summary.faults.append(RowFault(self._path.name, 0, reason))
        if self.platform.copy_columns.get("description") in gaps:
            # The label goes with the words that it is about.
            summary.written = 0
            return {}
        kept = (
            (line, {name: value for name, value in told.items() if name not in gaps})
            for line, told in edits.items()
        )
        return {line: told for line, told in kept if told}

    def _edits(self, copies: Mapping[str, Written], *, titles: bool) -> dict[int, dict[str, str]]:
        as_html = self.platform.format != "generic" or any(
            map(holds_html, self.descriptions().values())
        )
        edits: dict[int, dict[str, str]] = {}
        for line, product in self.products:
            written = copies.get(product.id)
            if written is not None:
                told = self._changes(self.rows[line], written, as_html=as_html, titles=titles)
                if told:
                    edits[line] = told
        return edits

    def _changes(
        self, values: Mapping[str, Any], written: Written, *, as_html: bool, titles: bool
    ) -> dict[str, str]:
        platform = self.platform
        described = platform.column_of("description", values)
        before = text_of(values[described]) if described else ""
        cells = cells_of(written, as_html=as_html, before=before, titles=titles, attributes={})
        found: dict[str, str] = {}
        for role, value in cells.items():
            column = self._column(role, values)
            if column is None or text_of(values.get(column)) == value:
                continue
            # A shop's own file is opened in Excel; a platform would show the apostrophe.
            guard = platform.format == "generic" and self.kind == ".csv"
            found[column] = neutralise(value) if guard else value
        return found

    def _column(self, role: Role, values: Mapping[str, Any]) -> str | None:
        if role == "title":
            # The shop may have said itself which column holds the titles.
            mapped = self._mapping.nouns["products"]
            for column in values:
                if mapped.get(header_key(column)) == "title":
                    return column
        return self.platform.column_of(role, values) or self.platform.copy_columns.get(role)


def _fits(source: _Source, out: Path, file: str) -> bool:
    """Whether the shop's own file can be written under this name."""
    suffix = ".csv" if out.suffix.lower() in _TEXT else out.suffix.lower()
    if suffix == source.kind:
        return True
    if source.platform.format == "generic":
        return False
    if source.kind == ".xls":
        raise InputError(
            f"{file} is an old Excel file: save it as XLSX or CSV and import it again."
        )
    raise InputError(
        f"{file} came as {source.kind}: end the name of --out with {source.kind}, so that its "
        "variants and all other columns come back."
    )


def _refuse_existing(out: Path, mode: Mode) -> None:
    if mode == "new" and out.exists():
        raise OutputExists(f"{out} already exists: add --force to replace it.")


def _write_generic(
    out: Path,
    catalogue: Sequence[Product],
    copies: Mapping[str, Written],
    platform: Platform,
    *,
    titles: bool,
) -> None:
    """Our own columns, then all others that came in, then those of the copy."""
    others = dict.fromkeys(name for product in catalogue for name in product.extra)
    described = platform.column_of("description", others)
    as_html = any(holds_html(product.extra.get(described or "", "")) for product in catalogue)
    generic = platform_named("generic").copy_columns
    columns: dict[Role, str] = {**generic, **({"description": described} if described else {})}
    names = dict.fromkeys((*_OWN, "attributes", *others, *(columns.values() if copies else ())))
    with open_rows(out, columns=list(names)) as rows:
        for product in catalogue:
            row: dict[str, Any] = {name: getattr(product, name) for name in _OWN}
            row["attributes"] = _attributes(product, out)
            row |= product.extra
            written = copies.get(product.id)
            if written is not None:
                before = product.extra.get(described or "", "")
                cells = cells_of(
                    written, as_html=as_html, before=before, titles=titles, attributes={}
                )
                row |= {columns[role]: value for role, value in cells.items()}
            rows.append({name: row.get(name, "") for name in names})


def _attributes(product: Product, out: Path) -> Any:
    """`键:值;键:值`, or JSON where that would be read as something else."""
    if out.suffix.lower() == ".jsonl":
        return dict(product.attributes)
    plain = ";".join(f"{name}:{value}" for name, value in product.attributes.items())
    with suppress(ValueError):
        if attributes_of(plain) == dict(product.attributes):
            return plain
    return json.dumps(dict(product.attributes), ensure_ascii=False)


def write_whole(out: Path, chunks: Iterable[bytes]) -> None:
    """Writes a file that is there as a whole or not at all; raises InputError."""
    unfinished = out.with_name(f"{out.name}.tmp")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(out)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror or error}).") from error
    finally:
        unfinished.unlink(missing_ok=True)
