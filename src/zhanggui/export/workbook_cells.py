"""Single cells of an Excel workbook replaced.

A workbook is a ZIP of XML files. Only the sheet's file is touched, and in it only the cells
that change; all other files in it keep their bytes, and all other cells theirs. The ZIP around
them is written anew, so the workbook as a whole has other bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook

from zhanggui.errors import InputError
from zhanggui.export.edits import Edits, NewColumns
from zhanggui.ingest.formulas import UNWRITABLE

_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(r'<row\b[^>]*?\br="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c\b[^>]*?\br="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_STYLE = re.compile(r'\bs="(\d+)"')


def patched_workbook(
    path: Path, edits: Edits, columns: Mapping[str, int], new: NewColumns, headers: list[int]
) -> bytes:
    """The workbook with the cells of `edits` replaced.

    `columns` gives the place of each column, those of `new` included, counted from 0; `headers`
    are the rows of the headers. Raises InputError for a workbook that is written in a way that
    Excel does not write it.
    """
    cells: dict[int, dict[int, str]] = {
        line: {columns[name]: value for name, value in told.items()} for line, told in edits.items()
    }
    for number, line in enumerate(headers):
        for name, told in new.items():
            cells.setdefault(line, {})[columns[name]] = told[min(number, len(told) - 1)]
    out = BytesIO()
    try:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
            sheet = _sheet_file(path, source)
            for member in source.infolist():
                content = source.read(member)
                if member.filename == sheet:
                    content = _patched(content.decode("utf-8-sig"), cells).encode()
                target.writestr(member, content)
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ElementTree.ParseError) as error:
        raise _unusual(path) from error
    except _Unusual as error:
        raise _unusual(path) from error
    return out.getvalue()


class _Unusual(Exception):
    """The XML is none that Excel, WPS or LibreOffice write."""


def _unusual(path: Path) -> InputError:
    return InputError(
        f"{path.name} cannot be changed cell by cell: open it in Excel or WPS, save it as XLSX, "
        "and import it again."
    )


def _sheet_file(path: Path, archive: zipfile.ZipFile) -> str:
    """The XML file of the sheet that the import read: the first that is not empty."""
    workbook = CalamineWorkbook.from_path(path)
    names = workbook.sheet_names
    read = next((name for name in names if workbook.get_sheet_by_name(name).height), names[0])
    root = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = [element for element in root.iter() if element.tag.endswith("}sheet")]
    wanted = next((one.get(_REL) for one in sheets if one.get("name") == read), None)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next((one.get("Target") for one in links if one.get("Id") == wanted), None)
    if target is None:
        raise _Unusual
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _patched(xml: str, cells: Mapping[int, Mapping[int, str]]) -> str:
    left = {line: told for line, told in cells.items() if told}

    def row(match: re.Match[str]) -> str:
        told = left.pop(int(match[1]), None)
        return match[0] if told is None else _patched_row(match[0], int(match[1]), told)

    changed = _ROW.sub(row, xml)
    if left:
        raise _Unusual
    # The sheet's range grows with new columns; without it programs find it themselves.
    return re.sub(r"<dimension\b[^>]*/>", "", changed, count=1) if cells else changed


def _patched_row(row: str, line: int, told: Mapping[int, str]) -> str:
    if row.endswith("/>"):
        row = row[:-2] + "></row>"
    opening = row[: row.index(">") + 1]
    inside = row[len(opening) : -len("</row>")]
    found = [(_place(match[1]), match.span(), match[0]) for match in _CELL.finditer(inside)]
    if inside.count("<c ") + inside.count("<c>") != len(found):
        raise _Unusual
    for place, value in sorted(told.items(), reverse=True):
        old = next((one for one in found if one[0] == place), None)
        if old and "<f" in old[2]:
            # The workbook lists its formulas elsewhere too.
            raise _Unusual
        after = min((span[0] for other, span, _ in found if other > place), default=len(inside))
        start, stop = old[1] if old else (after, after)
        inside = inside[:start] + _cell(value, place, line, old[2] if old else "") + inside[stop:]
    opening = re.sub(r'\s+spans="[^"]*"', "", opening)
    return f"{opening}{inside}</row>"


def _cell(value: str, place: int, line: int, before: str) -> str:
    from openpyxl.utils import get_column_letter

    style = _STYLE.search(before[: before.index(">")]) if before else None
    look = f' s="{style[1]}"' if style else ""
    text = escape(UNWRITABLE.sub("", value))
    return (
        f'<c r="{get_column_letter(place + 1)}{line}"{look} t="inlineStr">'
        f'<is><t xml:space="preserve">{text}</t></is></c>'
    )


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
