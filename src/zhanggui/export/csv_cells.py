"""Single cells of a CSV file replaced; every other byte stays what it was.

Whatever the encoding, delimiter, quoting, BOM and line ends are: a record is cut where the
import cut it, and between the cells that change the bytes of the file are copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from zhanggui.export.edits import Edits, NewColumns
from zhanggui.ingest.csv_records import CsvRecord, CsvRecords
from zhanggui.ingest.encodings import WIDE, Line, TextFile

_ENDS = re.compile(r"(?:\r\n|\r|\n)\Z")
_GBK = ("gb18030",)


def patched_csv(path: Path, edits: Edits, new: NewColumns | None = None) -> Iterator[bytes]:
    """The file's bytes with the cells of `edits` replaced and the columns of `new` at the end.

    A row that the import could not read is copied as it is.
    """
    new = new or {}
    text = TextFile(path)
    width = _width(text) if new else 0
    records = CsvRecords(text.lines())
    places = {name: place for place, name in enumerate(records.columns)}
    places |= {name: width + place for place, name in enumerate(new)}
    end = width + len(new)
    yield text.bom
    yield from (line.raw for line in records.preface)
    for number, header in enumerate(records.headers):
        names = {places[name]: told[min(number, len(told) - 1)] for name, told in new.items()}
        yield _patched(header, names, end, records.delimiter)
    for record in records:
        told = edits.get(record.line, {})
        blank = not any(cell.strip() for cell in record.cells)
        if record.fault or blank or not (told or new):
            yield from (line.raw for line in record.source)
        else:
            cells = {places[name]: value for name, value in told.items()}
            yield _patched(record, cells, end, records.delimiter)


def _width(text: TextFile) -> int:
    """How many cells the longest row has: new columns stand behind all of them."""
    records = CsvRecords(text.lines())
    rows = (record for record in records if not record.fault)
    return max((len(row.cells) for row in (*records.headers, *rows)), default=0)


def _patched(record: CsvRecord, cells: Mapping[int, str], end: int, delimiter: str) -> bytes:
    """The record's bytes with the cells at these places replaced, at least `end` cells wide."""
    text = "".join(_decoded(line) for line in record.source)
    ending = match[0] if (match := _ENDS.search(text)) else ""
    spans = _spans(text[: len(text) - len(ending)], delimiter)
    encoding = record.source[0].encoding
    pieces: list[bytes] = []
    copied = 0
    for place, value in sorted(cells.items()):
        if place >= len(spans):
            break
        start, stop = spans[place]
        pieces.append(_bytes(record.source, copied, start))
        new = _cell(_writable(value, encoding), text[start:stop], delimiter)
        pieces.append(new.encode(encoding, "replace"))
        copied = stop
    last = spans[-1][1]
    pieces.append(_bytes(record.source, copied, last))
    for place in range(len(spans), max(end, *(place + 1 for place in cells), 0)):
        new = delimiter + _cell(_writable(cells.get(place, ""), encoding), "", delimiter)
        pieces.append(new.encode(encoding, "replace"))
    pieces.append(_bytes(record.source, last, len(text)))
    return b"".join(pieces)


def _spans(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a record stands, its quotes included."""
    stop = re.escape(delimiter)
    cell = re.compile(rf'(?:"[^"]*(?:""[^"]*)*")?[^{stop}]*')
    spans: list[tuple[int, int]] = []
    at = 0
    while True:
        match = cell.match(text, at)
        assert match is not None
        spans.append(match.span())
        if match.end() >= len(text):
            return spans
        at = match.end() + 1


def _cell(value: str, before: str, delimiter: str) -> str:
    """`value` as a cell: in quotes where it needs them, or where the old one had them."""
    value = value.replace("\0", "")
    special = any(sign in value for sign in (delimiter, '"', "\r", "\n"))
    if special or value != value.strip() or before.startswith('"'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _writable(value: str, encoding: str) -> str:
    """`value` without characters that the file cannot hold, before it is seen whether it needs
    quotes: a reference (&#134071;) ends in what may be the delimiter."""
    # Programs that call their files GBK do not know GB18030's longer forms; HTML can do without.
    if encoding in _GBK and "<" in value:
        return value.encode("gbk", "xmlcharrefreplace").decode("gbk")
    return value


def _decoded(line: Line) -> str:
    return line.raw.decode(line.encoding, _errors(line))


def _bytes(lines: Sequence[Line], start: int, stop: int) -> bytes:
    """The bytes of the characters from `start` to `stop` of a record."""
    pieces: list[bytes] = []
    for line in lines:
        text = _decoded(line)
        if start < len(text) and stop > 0:
            first = len(text[: max(start, 0)].encode(line.encoding, _errors(line)))
            last = len(text[: max(stop, 0)].encode(line.encoding, _errors(line)))
            pieces.append(line.raw[first:last])
        start, stop = start - len(text), stop - len(text)
    return b"".join(pieces)


def _errors(line: Line) -> str:
    return "surrogatepass" if line.encoding in WIDE else "strict"
