"""Rows of CSV, TSV, XLSX and JSONL files, streamed, with the line each begins on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from zhanggui.errors import InputError
from zhanggui.ingest.csv_records import CsvRecords, column_names, is_preface, is_second_header
from zhanggui.ingest.encodings import TextFile, open_binary
from zhanggui.ingest.formulas import restore_cell
from zhanggui.ingest.workbook_size import LARGEST, largest_sheet
from zhanggui.knowledge.packed import TORN
from zhanggui.records import RowFault
from zhanggui.text.normalise import well_formed

_WORKBOOKS = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file."""

    line: int
    """1-based line on which the row begins; in a workbook its row."""
    values: dict[str, Any]
    """By column, in the order of the file: text in CSV, also numbers and dates in XLSX, any
    JSON value in JSONL."""


class Table:
    """A file of rows; iterate once. Blank rows are left out, bad ones come as RowFault."""

    def __init__(self, path: Path, *, zeros: bool = False) -> None:
        """Raises InputNotFound or InputError if the file cannot be read at all.

        With `zeros` the zero characters of the cells stay, for texts in which offsets count.
        """
        self.path = path
        self._zeros = zeros
        self.columns: tuple[str, ...] = ()
        """The header; empty for JSONL, where each row names its own."""
        self.headers: list[int] = []
        """The lines of the header; complete after the last row."""
        self.names_vary = path.suffix.lower() in (".jsonl", ".ndjson")
        """Each row names its own columns."""
        with open_binary(path) as file:
            start = file.read(4)
        self.kind = _kind(start, names_vary=self.names_vary)
        """`.csv`, `.jsonl`, `.xlsx` or `.xls`, whatever the file's name says."""
        self._text = TextFile(path) if self.kind in (".csv", ".jsonl") else None
        if self._text is None:
            self._rows = self._from_workbook()
        elif self.names_vary:
            self._rows = self._from_json(self._text)
        else:
            self._rows = self._from_csv(self._text)

    @property
    def encoding(self) -> str:
        """How the text was encoded, or that it is a workbook; complete after the last row."""
        return self._text.encoding if self._text else "Excel"

    def __iter__(self) -> Iterator[SourceRow | RowFault]:
        return self._rows

    def _fault(self, line: int, reason: str) -> RowFault:
        return RowFault(self.path.name, line, reason)

    def _from_csv(self, text: TextFile) -> Iterator[SourceRow | RowFault]:
        records = CsvRecords(text.lines(zeros=self._zeros))
        self.columns = records.columns
        self.headers = [header.line for header in records.headers]
        return self._csv_rows(records)

    def _csv_rows(self, records: CsvRecords) -> Iterator[SourceRow | RowFault]:
        width = len(self.columns)
        for record in records:
            if record.fault:
                yield self._fault(record.line, record.fault)
            elif any(cell.strip() for cell in record.cells):
                cells = [clean_cell(cell) for cell in record.cells[:width]]
                cells += [""] * (width - len(cells))
                yield SourceRow(record.line, dict(zip(self.columns, cells, strict=True)))

    def _from_json(self, text: TextFile) -> Iterator[SourceRow | RowFault]:
        for line in text.lines():
            if not line.text.strip():
                continue
            try:
                value = json.loads(line.text)
            except ValueError as error:
                yield self._fault(line.number, f"the line is not JSON ({_why(error)})")
                continue
            if not line.whole:
                yield self._fault(line.number, "the line holds bytes of no known encoding")
            elif not isinstance(value, dict):
                yield self._fault(line.number, "the line is not a JSON object")
            else:
                yield SourceRow(line.number, _clean(value, zeros=self._zeros))

    def _from_workbook(self) -> Iterator[SourceRow | RowFault]:
        try:
            if self.kind == ".xlsx" and largest_sheet(self.path) > LARGEST:
                raise InputError(
                    f"{self.path.name} has cells too far apart to be read as one table: delete the "
                    "stray cells far below or to the right, or split it."
                )
            sheets = CalamineWorkbook.from_path(self.path)
            tables = [sheets.get_sheet_by_name(name) for name in sheets.sheet_names]
            sheet = next((sheet for sheet in tables if sheet.height), None)
            rows = [] if sheet is None else sheet.to_python(skip_empty_area=False)
        except (CalamineError, *TORN, ValueError) as error:
            raise InputError(
                f"{self.path.name} cannot be read as a workbook: save it again as XLSX, "
                "without a password."
            ) from error
        numbered = ((line, row) for line, row in enumerate(rows, 1) if any(map(_filled, row)))
        told = (one for one in numbered if not is_preface(_shown(one[1])))
        place, header = next(told, (0, []))
        self.columns = column_names(_shown(header))
        self.headers = [place]
        return self._workbook_rows(numbered)

    def _workbook_rows(
        self, rows: Iterable[tuple[int, list[Any]]]
    ) -> Iterator[SourceRow | RowFault]:
        for line, row in rows:
            if is_second_header(self.columns, _shown(row)):
                self.headers.append(line)
                continue
            if any(map(_filled, row[len(self.columns) :])):
                yield self._fault(
                    line, f"the row has more cells than the header ({len(self.columns)})"
                )
                continue
            cells = [clean_cell(cell) if isinstance(cell, str) else _number(cell) for cell in row]
            yield SourceRow(line, dict(zip(self.columns, cells, strict=False)))


def read_rows(path: Path) -> Iterator[SourceRow | RowFault]:
    """The rows of a CSV, TSV, XLSX or JSONL file in any of the encodings of `encodings`.

    A CSV of any size needs the memory of one row. Raises InputNotFound, or InputError for a
    file that is neither text nor a workbook.
    """
    return iter(Table(path))


def _kind(start: bytes, *, names_vary: bool) -> str:
    return _WORKBOOKS.get(start, ".jsonl" if names_vary else ".csv")


def clean_cell(cell: str) -> str:
    """A cell without what spreadsheets put around it: tabs, `="0012"`, an apostrophe."""
    cell = cell.strip("\t\ufeff")
    quoted = _EXCEL_TEXT.fullmatch(cell)
    return quoted[1] if quoted else restore_cell(cell)


def _shown(row: list[Any]) -> list[str]:
    return [str(_number(cell)) for cell in row]


def _number(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _clean(value: Any, *, zeros: bool) -> Any:
    """JSON may escape what no database takes: zero characters and half surrogate pairs."""
    if isinstance(value, str):
        return well_formed(value if zeros else value.replace("\0", ""))
    if isinstance(value, list):
        return [_clean(item, zeros=zeros) for item in value]
    if isinstance(value, dict):
        return {_clean(key, zeros=False): _clean(item, zeros=zeros) for key, item in value.items()}
    return value


def _why(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "a number is too long"
