"""Rows of CSV, TSV, XLSX and JSONL files, streamed, with the line each begins on."""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from zhanggui.errors import InputError
from zhanggui.ingest.encodings import Line, TextFile, open_binary
from zhanggui.ingest.formulas import restore_cell
from zhanggui.records import RowFault

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",\t;|"
_OPEN_QUOTE = "a quote is opened and not closed"
_MOST_LINES = 1_000
_LONGEST = 1 << 24
_QUOTED = re.compile(r'"[^"]*"')
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\s*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

# One cell may be as long as a record may be.
csv.field_size_limit(_LONGEST)


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

    def __init__(self, path: Path) -> None:
        """Raises InputNotFound or InputError if the file cannot be read at all."""
        self.path = path
        self.columns: tuple[str, ...] = ()
        """The header; empty for JSONL, where each row names its own."""
        self.names_vary = path.suffix.lower() in (".jsonl", ".ndjson")
        """Each row names its own columns."""
        with open_binary(path) as file:
            start = file.read(4)
        self._text = None if start in _WORKBOOKS else TextFile(path)
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
        records = _records(text.lines())
        header = next(records, None)
        if header is None:
            return iter(())
        self.columns = _header(header.cells)
        return self._csv_rows(records)

    def _csv_rows(self, records: _Records) -> Iterator[SourceRow | RowFault]:
        width = len(self.columns)
        for record in records:
            extra = [cell for cell in record.cells[width:] if cell.strip()]
            if record.fault:
                yield self._fault(record.line, record.fault)
            elif extra and record.lines > 1:
                # An opening quote without its end has swallowed the rows that follow.
                yield self._fault(record.line, _OPEN_QUOTE)
                records.give_back(record)
            elif extra:
                yield self._fault(
                    record.line, f"the row has {len(record.cells)} cells, the header {width}"
                )
            elif any(cell.strip() for cell in record.cells):
                cells = [_cell(cell) for cell in record.cells[:width]]
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
                yield SourceRow(line.number, _clean(value))

    def _from_workbook(self) -> Iterator[SourceRow | RowFault]:
        try:
            sheets = CalamineWorkbook.from_path(self.path)
            tables = [sheets.get_sheet_by_name(name) for name in sheets.sheet_names]
            sheet = next((sheet for sheet in tables if sheet.height), None)
            rows = [] if sheet is None else sheet.to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise InputError(
                f"{self.path.name} cannot be read as a workbook: save it again as XLSX, "
                "without a password."
            ) from error
        numbered = ((line, row) for line, row in enumerate(rows, 1) if any(map(_filled, row)))
        _, header = next(numbered, (0, []))
        self.columns = _header([str(_number(cell)) for cell in header])
        return self._workbook_rows(numbered)

    def _workbook_rows(
        self, rows: Iterable[tuple[int, list[Any]]]
    ) -> Iterator[SourceRow | RowFault]:
        for line, row in rows:
            if any(map(_filled, row[len(self.columns) :])):
                yield self._fault(
                    line, f"the row has more cells than the header ({len(self.columns)})"
                )
                continue
            cells = [_cell(cell) if isinstance(cell, str) else _number(cell) for cell in row]
            yield SourceRow(line, dict(zip(self.columns, cells, strict=False)))


def read_rows(path: Path) -> Iterator[SourceRow | RowFault]:
    """The rows of a CSV, TSV, XLSX or JSONL file in any of the encodings of `encodings`.

    A CSV of any size needs the memory of one row. Raises InputNotFound, or InputError for a
    file that is neither text nor a workbook.
    """
    return iter(Table(path))


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of one CSV row and the lines it was made of."""

    line: int
    cells: list[str]
    source: Sequence[Line]
    fault: str = ""

    @property
    def lines(self) -> int:
        return len(self.source)


class _Runaway(Exception):
    """A quoted cell does not end where a cell would."""


class _Records:
    """CSV records over lines that can be given back.

    `csv.reader` takes one line a record, and more only inside quotes. If the file ends there, or
    the record grows beyond reason, its first line is at fault and the others are read again.
    """

    def __init__(self, lines: Iterator[Line], delimiter: str) -> None:
        self._fresh = lines
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._delimiter = delimiter
        self._reader = self._new_reader()

    def __iter__(self) -> Iterator[_Record]:
        return self

    def __next__(self) -> _Record:
        self._taken = []
        try:
            cells = next(self._reader)
            if len(self._taken) > 1:
                self._check_quotes()
        except (_Runaway, csv.Error):
            record = _Record(self._taken[0].number, [], self._taken, _OPEN_QUOTE)
            self.give_back(record)
            return record
        whole = all(line.whole for line in self._taken)
        fault = "" if whole else "the row holds bytes of no known encoding"
        return _Record(self._taken[0].number, cells, self._taken, fault)

    def _check_quotes(self) -> None:
        """A cell over several lines must end as it began: `"甲` … `3,"丙"` is two of them."""
        lines = [line.text for line in self._taken]
        list(csv.reader(lines, delimiter=self._delimiter, strict=True))

    def give_back(self, record: _Record) -> None:
        """Reads all lines of `record` but its first one again."""
        self._again.extendleft(reversed(record.source[1:]))
        self._reader = self._new_reader()

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._delimiter)

    def _feed(self) -> Iterator[str]:
        size = 0
        while True:
            line = self._again.popleft() if self._again else next(self._fresh, None)
            if line is None:
                if self._taken:
                    raise _Runaway
                return
            size = size + len(line.text) if self._taken else len(line.text)
            self._taken.append(line)
            if size > _LONGEST or len(self._taken) > _MOST_LINES:
                raise _Runaway
            yield line.text


def _records(lines: Iterator[Line]) -> _Records:
    """Skips what stands before the header and sees from the header what parts the cells."""
    for line in lines:
        if match := _SEPARATOR_LINE.fullmatch(line.text):
            return _Records(lines, match[1])
        if line.text.strip(" \r\n\t,;\ufeff"):
            bare = _QUOTED.sub("", line.text)
            records = _Records(lines, max(_DELIMITERS, key=bare.count))
            records._again.append(line)
            return records
    return _Records(iter(()), ",")


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns: trimmed, the nameless ones numbered, doubles told apart."""
    while cells and not cells[-1].strip("\ufeff \t"):
        cells = cells[:-1]
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = restore_cell(cell.strip("\ufeff \t\r\n\u3000")) or f"column {place}"
        double = name in names
        names.append(f"{name} ({place})" if double else name)
    return tuple(names)


def _cell(cell: str) -> str:
    """A cell without what spreadsheets put around it: tabs, `="0012"`, an apostrophe."""
    cell = cell.strip("\t\ufeff")
    quoted = _EXCEL_TEXT.fullmatch(cell)
    return quoted[1] if quoted else restore_cell(cell)


def _number(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _clean(value: Any) -> Any:
    """JSON may escape what no database takes: zero characters and half surrogate pairs."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value.replace("\0", ""))
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value


def _why(error: ValueError) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "a number is too long"
