"""Rows out, one at a time: `.jsonl`, `.csv` for Excel, `.xlsx`.

Each row is in the file when `append` returns, so a killed run loses at most the row it was
writing; `offset` tells where the file stood after the last row, and opening with
`mode='resume'` cuts off what a killed run left torn.
"""

from __future__ import annotations

import csv
import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self

from python_calamine import CalamineWorkbook

from zhanggui.errors import InputError, OutputExists
from zhanggui.ingest.formulas import UNWRITABLE, neutralise, restore_cell
from zhanggui.labels import metadata_of_rows

if TYPE_CHECKING:
    from openpyxl import Workbook

Mode = Literal["new", "resume", "force"]
SUFFIXES = (".jsonl", ".csv", ".xlsx")

_BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
_EXCEL_ROWS = 1_048_576
_EXCEL_CELL = 32_767
_EXACT_INTEGER = 2**53


def refuse_input(out: Path, *inputs: Path) -> None:
    """Raises InputError where `out` is a file that is read too: opening it would empty it."""
    for path in inputs:
        if path.exists() and out.exists() and out.samefile(path):
            raise InputError(f"{out.name} is read as well: give another --out.")


def require_suffix(path: Path) -> str:
    """The suffix of `path`; raises InputError if rows cannot be written under it."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path.name} cannot be written: end its name with .jsonl, .csv or .xlsx.")
    return suffix


def open_rows(
    path: Path,
    *,
    columns: Sequence[str] | None = None,
    mode: Mode = "new",
    offset: int | None = None,
    resumable: bool = True,
) -> RowWriter:
    """Opens `path` for rows; its suffix decides the format.

    `columns` fixes the columns of `.csv` and the first columns of `.xlsx`; by default the
    first row decides. With `mode='resume'` an existing file is continued after its last whole
    row, or after byte `offset`; `resumable` is false where the user cannot ask for that. Raises
    OutputExists if something is there and `mode` is `new`, InputError for another suffix or a
    folder that cannot be written.
    """
    suffix = require_suffix(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".jsonl":
            return JsonlWriter(path, mode, offset)
        if suffix == ".csv":
            return CsvWriter(path, columns, mode, offset)
        return XlsxWriter(path, columns, mode, offset)
    except FileExistsError as error:
        way = "--resume to continue it or --force" if resumable else "--force"
        raise OutputExists(
            f"{error.filename or path} already exists: add {way} to replace it."
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error}).") from error


class RowWriter(ABC):
    """Appends rows to one file; use as a context manager or call `close`."""

    def __init__(self, path: Path, mode: Mode, offset: int | None) -> None:
        self.path = path
        self.written = 0
        """Rows in the file, those of earlier runs included."""
        self._file = self._open(mode, offset)
        self.offset = self._file.tell()
        """Byte offset after the last row."""

    def _open(self, mode: Mode, offset: int | None) -> BinaryIO:
        if mode == "new":
            return self.path.open("xb")
        if mode == "force" or not self.path.exists():
            return self.path.open("wb")
        file = self.path.open("r+b")
        if offset is not None:
            file.truncate(min(offset, file.seek(0, os.SEEK_END)))
        file.seek(0)
        self.written, end = self._count(file)
        file.truncate(end)
        file.seek(end)
        return file

    @abstractmethod
    def _count(self, file: BinaryIO) -> tuple[int, int]:
        """How many whole rows `file` holds and where the last of them ends."""

    @abstractmethod
    def _encode(self, row: Mapping[str, Any]) -> bytes:
        """The bytes of one row."""

    def append(self, row: Mapping[str, Any]) -> None:
        """Writes one row and flushes it; raises InputError if the format cannot hold it."""
        self._put(self._encode(row))
        self.written += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()
        self.offset += len(data)

    def sync(self) -> None:
        """Waits until the rows are on the disk."""
        if not self._file.closed:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Finishes the file; a second call does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class JsonlWriter(RowWriter):
    """One JSON object a line, UTF-8."""

    def _encode(self, row: Mapping[str, Any]) -> bytes:
        return _json(row).encode("utf-8", "replace") + b"\n"

    def _count(self, file: BinaryIO) -> tuple[int, int]:
        return _whole_lines(file)


class CsvWriter(RowWriter):
    """Comma-separated UTF-8 with a BOM, so that Excel shows Chinese; nested values as JSON."""

    def __init__(
        self, path: Path, columns: Sequence[str] | None, mode: Mode, offset: int | None
    ) -> None:
        super().__init__(path, mode, offset)
        self._columns = self._header() or list(columns or ())
        if self._columns and not self.offset:
            self._put(_BOM + _csv_line(self._columns))

    def _header(self) -> list[str]:
        if not self.offset:
            return []
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return [restore_cell(name) for name in next(csv.reader(file), [])]

    def append(self, row: Mapping[str, Any]) -> None:
        if not self._columns:
            self._columns = list(row)
            self._put(_BOM + _csv_line(self._columns))
        super().append(row)

    def _encode(self, row: Mapping[str, Any]) -> bytes:
        unknown = [name for name in row if name not in self._columns]
        if unknown:
            raise InputError(
                f"{self.path.name} has no column {unknown[0]!r}: write to a .jsonl file, "
                "where each row may have its own columns."
            )
        return _csv_line([_cell(row.get(name)) for name in self._columns])

    def _count(self, file: BinaryIO) -> tuple[int, int]:
        records, end = _whole_records(file)
        return max(0, records - 1), end


class XlsxWriter(RowWriter):
    """An Excel workbook. Its rows wait in `NAME.xlsx.partial`, one JSON object a line, and
    become the workbook on `close`; `offset` counts in that journal. After an exception the
    journal stays, for `mode='resume'`. Where a row says that AI made it, so does the custom
    property `AIGC` of the workbook."""

    def __init__(
        self, path: Path, columns: Sequence[str] | None, mode: Mode, offset: int | None
    ) -> None:
        self._target = path
        self._columns = list(columns or ())
        if mode == "new" and path.exists():
            raise FileExistsError(path)
        journal = journal_of(path)
        if mode == "resume" and path.exists() and not journal.exists():
            self._reopen(path, journal)
            offset = None
        super().__init__(journal, mode, offset)

    @staticmethod
    def _reopen(workbook: Path, journal: Path) -> None:
        with journal.open("xb") as file:
            for row in workbook_rows(workbook):
                file.write(_json(row).encode() + b"\n")

    def _encode(self, row: Mapping[str, Any]) -> bytes:
        if self.written + 1 >= _EXCEL_ROWS:
            raise InputError(
                f"{self._target.name} is full (Excel holds {_EXCEL_ROWS} rows): "
                "write to a .csv or .jsonl file."
            )
        for name, value in row.items():
            if len(_cell(value)) > _EXCEL_CELL:
                raise InputError(
                    f"The value of {name!r} is too long for Excel ({_EXCEL_CELL} characters): "
                    "write to a .csv or .jsonl file."
                )
        return _json(row).encode("utf-8", "replace") + b"\n"

    def _count(self, file: BinaryIO) -> tuple[int, int]:
        return _whole_lines(file)

    def close(self) -> None:
        if self._file.closed:
            return
        super().close()
        unfinished = self._target.with_name(self._target.name + ".tmp")
        self._workbook().save(unfinished)
        unfinished.replace(self._target)
        self.path.unlink()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            super().close()

    def _workbook(self) -> Workbook:
        from openpyxl import Workbook
        from openpyxl.packaging.custom import StringProperty

        names = dict.fromkeys(self._columns)
        for row in self._journal():
            names.update(dict.fromkeys(row))
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("rows")
        if names:
            sheet.append([_excel(name) for name in names])
        for row in self._journal():
            sheet.append([_excel(row.get(name)) for name in names])
        workbook.properties.creator = "Zhanggui"
        made = metadata_of_rows(self._journal())
        if made is not None:
            properties = workbook.custom_doc_props  # type: ignore[attr-defined]  # newer than the stubs
            properties.append(StringProperty(name="AIGC", value=made))
        return workbook

    def _journal(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield json.loads(line)


def journal_of(workbook: Path) -> Path:
    """Where the rows of an unfinished workbook wait."""
    return workbook.with_name(f"{workbook.name}.partial")


def workbook_rows(workbook: Path) -> Iterator[dict[str, Any]]:
    """The rows of a workbook that was written here."""
    sheet = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0)
    rows = iter(sheet.to_python(skip_empty_area=False))
    names = [restore_cell(str(name)) for name in next(rows, [])]
    for row in rows:
        values = [restore_cell(v) if isinstance(v, str) else v for v in row]
        yield dict(zip(names, values, strict=False))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written to a file")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return _json(value)


def _excel(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int) and abs(value) < _EXACT_INTEGER:
        return value
    return neutralise(UNWRITABLE.sub("", _cell(value)))


def _csv_line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([neutralise(cell).replace("\0", "") for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def _whole_lines(file: BinaryIO) -> tuple[int, int]:
    """Counts the lines that end with a line feed and finds the end of the last one."""
    lines = end = position = 0
    for chunk in iter(partial(file.read, _CHUNK), b""):
        lines += chunk.count(b"\n")
        last = chunk.rfind(b"\n")
        if last >= 0:
            end = position + last + 1
        position += len(chunk)
    return lines, end


def _whole_records(file: BinaryIO) -> tuple[int, int]:
    """As `_whole_lines` for CSV, where a line feed inside quotes belongs to a cell."""
    records = end = position = 0
    quoted = False
    for line in file:
        position += len(line)
        quoted ^= line.count(b'"') % 2 == 1
        if line.endswith(b"\n") and not quoted:
            records, end = records + 1, position
    return records, end
