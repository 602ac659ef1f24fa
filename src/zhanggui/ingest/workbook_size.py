"""How large the sheets of a workbook are, from its packed XML and before anything unfolds them.

A reader of workbooks keeps a sheet as a full rectangle from A1 to its last cell. Two cells far
apart, in a file of 2 KB, ask for more memory than any machine has.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from zhanggui.knowledge.packed import unpacked

LARGEST = 20_000_000
"""Cells of one sheet, empty ones counted: a million rows of twenty columns."""

_PIECE = 1 << 20
_OVERLAP = 64
_COLUMN = re.compile(rb'r="([A-Za-z]{1,4})[0-9]')
_ROW = re.compile(rb'r="[A-Za-z]{0,4}([0-9]{1,10})"')
_PREFIX = re.compile(rb"<(/?)\w+:")
_BLANK = b" \t\r\n"


def largest_sheet(path: Path) -> int:
    """The cells of the largest rectangle from A1 that a part of the workbook `path` spans.

    Raises one of `packed.TORN` for a file that is no whole ZIP archive.
    """
    with zipfile.ZipFile(path) as archive:
        return max((_span(archive, part) for part in archive.infolist()), default=0)


def _span(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    rows = columns = 0
    counted = cells = 0
    """Rows and cells of the last row, which need not say where they stand."""
    with unpacked(archive, part) as file:
        for piece in _pieces(file):
            rows = max(rows, *map(int, set(_ROW.findall(piece))), 0)
            columns = max(columns, *map(_column, set(_COLUMN.findall(piece))), 0)
            for place, row in enumerate(piece.split(b"<row")):
                inside = row.partition(b"</row")[0].count(b"<c")
                cells = inside if place else cells + inside
                counted += place > 0
                columns = max(columns, cells if counted else 0)
    return max(rows, counted) * columns


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes as XML is mostly written (`<row>`, `r="B7"`), each piece after the end of the last
    one."""
    before = b""
    while piece := file.read(_PIECE):
        alike = before + piece.replace(b"'", b'"').translate(None, _BLANK)
        if b":row" in alike:
            alike = _PREFIX.sub(rb"<\1", alike)
        yield alike
        before = alike[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
