"""Single values of JSONL files and workbooks."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from zhanggui.errors import InputError
from zhanggui.export.json_cells import _patched, patched_json
from zhanggui.export.workbook_cells import patched_workbook

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5), st.text(max_size=4), st.text())
@settings(max_examples=200, deadline=None)
def test_one_value_of_an_object_changes(row: dict[str, object], name: str, value: str) -> None:
    line = json.dumps(row, indent=None, separators=(" , ", " : "))
    changed = _patched(line + "\n", {name: value})
    assert json.loads(changed) == row | {name: value}
    if name not in row and row:
        assert changed.startswith(line[:-1])


def test_other_values_keep_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "1",  "price":1.50, "d":"\\u676f"}\r\n\r\n{"id":"2"}\nbad\n')
    out = b"".join(patched_json(path, {1: {"d": "好"}, 3: {"d": "新"}}))
    assert out.decode() == (
        '{"id": "1",  "price":1.50, "d":"好"}\r\n\r\n{"id":"2", "d": "新"}\nbad\n'
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["id", "title", None, "日期", "合计"])
    sheet.append(["1", "杯", "old", datetime(2026, 1, 2), "=1+1"])
    sheet.append(["2", "伞"])
    sheet["B2"].font = Font(bold=True)
    workbook.create_sheet("说明").append(["x"])
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    return path


def test_a_workbook_keeps_all_other_cells_and_files(book: Path, tmp_path: Path) -> None:
    places = {"id": 0, "title": 1, "column 3": 2, "日期": 3, "合计": 4, "卖点": 5}
    edits = {2: {"title": "<b>&壶", "卖点": " 好 "}, 3: {"column 3": "c"}}
    out = tmp_path / "out.xlsx"
    out.write_bytes(patched_workbook(book, edits, places, {"卖点": ("卖点",)}, [1]))
    sheet = load_workbook(out).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["id", "title", None, "日期", "合计", "卖点"],
        ["1", "<b>&壶", "old", datetime(2026, 1, 2), "=1+1", " 好 "],
        ["2", "伞", "c", None, None, None],
    ]
    assert sheet["B2"].font.b
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        same = [name for name in before.namelist() if before.read(name) == after.read(name)]
        assert set(before.namelist()) - set(same) == {"xl/worksheets/sheet1.xml"}


def test_a_formula_is_not_written_over(book: Path) -> None:
    with pytest.raises(InputError, match="save it as XLSX"):
        patched_workbook(book, {2: {"合计": "2"}}, {"合计": 4}, {}, [1])
