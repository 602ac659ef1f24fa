"""The records of a CSV file: which lines make one, and what stands before them."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zhanggui.ingest.encodings import Line
from zhanggui.ingest.formulas import restore_cell

_DELIMITERS = ",\t;|"
_OPEN_QUOTE = "a quote is opened and not closed"
_MOST_LINES = 1_000
_LONGEST = 1 << 24
_QUOTED = re.compile(r'"[^"]*"')
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\s*")
_BLANK = " \r\n\t,;\ufeff"
_VERSION = re.compile(r"version \d+(\.\d+)*")

# One cell may be as long as a record may be.
csv.field_size_limit(_LONGEST)


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """The cells of one row and the lines it was made of."""

    line: int
    cells: list[str]
    source: Sequence[Line]
    fault: str = ""
    """Why the row cannot be used; its only line is then given."""


class _Runaway(Exception):
    """A quoted cell does not end where a cell would."""


class CsvRecords:
    """CSV records over lines that can be given back; iterate once.

    `csv.reader` takes one line a record, and more only inside quotes. If the file ends there, or
    the record grows beyond reason, its first line is at fault and the others are read again.
    Every line of the file is in `preface`, in `headers`, or in the `source` of one record.
    """

    def __init__(self, lines: Iterator[Line]) -> None:
        self._fresh = lines
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self.preface: list[Line] = []
        """The lines before the header: blank ones, `sep=;`, 淘宝's `version 1.00`."""
        self.delimiter = self._find_header()
        self._reader = self._new_reader()
        self.columns: tuple[str, ...] = ()
        """The names of the columns."""
        self.headers: list[CsvRecord] = []
        """The header; 淘宝 has it twice, in English and in Chinese."""
        self._waiting: CsvRecord | None = None
        self._read_headers()

    def __iter__(self) -> Iterator[CsvRecord]:
        while record := self._next():
            yield record

    def _find_header(self) -> str:
        """Skips what stands before the header and sees from it what parts the cells."""
        for line in self._fresh:
            if match := _SEPARATOR_LINE.fullmatch(line.text):
                self.preface.append(line)
                return match[1]
            if not line.text.strip(_BLANK) or is_preface([line.text]):
                self.preface.append(line)
                continue
            self._again.append(line)
            return max(_DELIMITERS, key=_QUOTED.sub("", line.text).count)
        return ","

    def _read_headers(self) -> None:
        header = self._next()
        if header is None:
            return
        self.columns = column_names(header.cells)
        self.headers.append(header)
        second = self._next()
        if second is not None and is_second_header(self.columns, second.cells):
            self.headers.append(second)
        else:
            self._waiting = second

    def _next(self) -> CsvRecord | None:
        if self._waiting is not None:
            record, self._waiting = self._waiting, None
            return record
        self._taken = []
        try:
            cells = next(self._reader, None)
            if len(self._taken) > 1:
                self._check_quotes()
        except (_Runaway, csv.Error):
            return self._open_quote()
        if cells is None:
            return None
        record = CsvRecord(self._taken[0].number, cells, self._taken)
        if not all(line.whole for line in self._taken):
            return replace(record, fault="the row holds bytes of no known encoding")
        return self._of_width(record)

    def _of_width(self, record: CsvRecord) -> CsvRecord:
        width = len(self.columns)
        if not width or not any(cell.strip() for cell in record.cells[width:]):
            return record
        # An opening quote without its end has swallowed the rows that follow.
        if len(record.source) > 1:
            return self._open_quote()
        return replace(record, fault=f"the row has {len(record.cells)} cells, the header {width}")

    def _open_quote(self) -> CsvRecord:
        """The first line is at fault, all others are read again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._reader = self._new_reader()
        return CsvRecord(first.number, [], [first], _OPEN_QUOTE)

    def _check_quotes(self) -> None:
        """A cell over several lines must end as it began: `"甲` … `3,"丙"` is two of them."""
        lines = [line.text for line in self._taken]
        list(csv.reader(lines, delimiter=self.delimiter, strict=True))

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self.delimiter)

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


def is_preface(cells: Sequence[str]) -> bool:
    """Whether a row says only which version of 淘宝's format follows."""
    told = [cell.strip(_BLANK) for cell in cells if cell.strip(_BLANK)]
    return len(told) == 1 and _VERSION.fullmatch(told[0]) is not None


def is_second_header(columns: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row repeats in Chinese what 淘宝's English `columns` say."""
    named = dict(zip(columns, cells, strict=False))
    return named.get("title", "").strip() == "宝贝名称"


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns: trimmed, the nameless ones numbered, doubles told apart."""
    while cells and not cells[-1].strip("\ufeff \t"):
        cells = cells[:-1]
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = restore_cell(cell.strip("\ufeff \t\r\n\u3000")) or f"column {place}"
        double = name in names
        names.append(f"{name} ({place})" if double else name)
    return tuple(names)
