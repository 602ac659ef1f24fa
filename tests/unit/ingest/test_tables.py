from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from zhanggui.errors import InputError, InputNotFound
from zhanggui.ingest.readers import DraftRow, read
from zhanggui.ingest.tables import SourceRow, Table, read_rows
from zhanggui.ingest.writers import open_rows
from zhanggui.records import RowFault

TEXT = '商品ID,标题,备注\nP1,不锈钢保温杯,"两行\n备注"\nP2,雨伞 🌂,好\n'
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 with BOM"),
    ("gb18030", "GB18030"),
    ("utf-16", "UTF-16-LE with BOM"),
    ("utf-16-le", "UTF-16-LE"),
    ("utf-16-be", "UTF-16-BE"),
)


def table(path: Path, content: bytes | str) -> Table:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table(path)


def rows(path: Path, content: bytes | str) -> list[SourceRow | RowFault]:
    return list(table(path, content))


def values(found: list[SourceRow | RowFault]) -> list[dict[str, Any]]:
    return [row.values for row in found if isinstance(row, SourceRow)]


@pytest.mark.parametrize(("encoding", "name"), ENCODINGS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_encoding_gives_the_same_rows(
    tmp_path: Path, encoding: str, name: str, ends: str
) -> None:
    read = table(tmp_path / "a.csv", TEXT.replace("\n", ends).encode(encoding))
    found = list(read)
    assert [row.line for row in found] == [2, 4]
    assert values(found) == [
        {"商品ID": "P1", "标题": "不锈钢保温杯", "备注": f"两行{ends}备注"},
        {"商品ID": "P2", "标题": "雨伞 🌂", "备注": "好"},
    ]
    assert read.encoding == name


@pytest.mark.parametrize(("encoding", "name"), ENCODINGS)
def test_pure_chinese_and_pure_latin_are_judged_right(
    tmp_path: Path, encoding: str, name: str
) -> None:
    chinese = "标题\n" + "不锈钢真空保温杯\n" * 40
    assert len(rows(tmp_path / "a.csv", chinese.encode(encoding))) == 40
    latin = "id,title\n" + "1,cup\n" * 40
    assert values(rows(tmp_path / "b.csv", latin.encode(encoding)))[0] == {
        "id": "1",
        "title": "cup",
    }


def test_lines_of_two_encodings_are_each_decoded(tmp_path: Path) -> None:
    good = "id,评价\n1,很好用\n".encode()
    late = good + "2,第二行是别的编码，物流快\n".encode("gb18030") + "3,没问题\n".encode()
    read = table(tmp_path / "a.csv", late)
    assert [row["评价"] for row in values(list(read))] == [
        "很好用",
        "第二行是别的编码，物流快",
        "没问题",
    ]
    assert read.encoding == "UTF-8 and GB18030"
    gb = "id,评价\n1,很好用\n2,包装好\n".encode("gb18030") + "3,没问题，喜欢\n".encode()
    read = table(tmp_path / "b.csv", gb)
    assert values(list(read))[2]["评价"] == "没问题，喜欢"
    assert read.encoding == "GB18030 and UTF-8"


def test_a_mixed_line_far_behind_the_head(tmp_path: Path) -> None:
    head = "id,评价\n" + "1,还可以吧\n" * 30_000
    content = head.encode() + "2,质量不错\n".encode("gb18030")
    assert values(rows(tmp_path / "a.csv", content))[-1] == {"id": "2", "评价": "质量不错"}


def test_bytes_of_no_encoding_cost_one_row(tmp_path: Path) -> None:
    content = "id,评价\n1,好\n".encode() + b"2,\xff\xff\xff\n" + "3,差\n".encode()
    found = rows(tmp_path / "a.csv", content)
    assert values(found) == [{"id": "1", "评价": "好"}, {"id": "3", "评价": "差"}]
    assert RowFault("a.csv", 3, "the row holds bytes of no known encoding") in found


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_seen(tmp_path: Path, delimiter: str) -> None:
    content = delimiter.join(("id", '"a,b;c"', "标题")) + "\n" + delimiter.join("123") + "\n"
    assert values(rows(tmp_path / "a.csv", content)) == [{"id": "1", "a,b;c": "2", "标题": "3"}]


def test_what_spreadsheets_put_around_values_goes(tmp_path: Path) -> None:
    content = (
        '\ufeff\nsep=,\n \t订单编号 ,"备注",\n\n\t6912345,  两端空格 ,\n="00123",\'=1+1,\n,,\n5,\n'
    )
    assert values(rows(tmp_path / "a.csv", content.replace("\ufeff\n", "", 1))) == [
        {"订单编号": "6912345", "备注": "  两端空格 "},
        {"订单编号": "00123", "备注": "=1+1"},
        {"订单编号": "5", "备注": ""},
    ]


def test_nameless_and_double_columns_stay_apart(tmp_path: Path) -> None:
    assert values(rows(tmp_path / "a.csv", "id,,id,x\n1,2,3,4\n")) == [
        {"id": "1", "column 2": "2", "id (3)": "3", "x": "4"}
    ]


def test_zero_bytes_are_dropped(tmp_path: Path) -> None:
    assert values(rows(tmp_path / "a.csv", b"id,t\n1,a\x00b\n")) == [{"id": "1", "t": "ab"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"id,product_id,text\nt1,p\x001,a\x00b\n"),
        ("a.jsonl", b'{"id": "t1", "product_id": "p\\u00001", "text": "a\\u0000b"}\n'),
    ],
)
def test_zero_bytes_stay_where_offsets_count(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (draft,) = read(DraftRow, tmp_path / name)
    assert isinstance(draft, DraftRow)
    assert (draft.product_id, draft.text) == ("p1", "a\0b")


def test_old_line_ends(tmp_path: Path) -> None:
    assert len(values(rows(tmp_path / "a.csv", "id,t\r1,甲\r2,乙\r"))) == 2


def test_too_many_cells_are_a_fault_on_their_line(tmp_path: Path) -> None:
    found = rows(tmp_path / "a.csv", "id,t\n1,甲\n2,乙,丙\n3,丁\n")
    assert found[1] == RowFault("a.csv", 3, "the row has 3 cells, the header 2")
    assert len(values(found)) == 2


def test_an_open_quote_costs_one_row_and_no_more(tmp_path: Path) -> None:
    body = "".join(f"{n},甲\n" for n in range(3, 2500))
    found = rows(tmp_path / "a.csv", f'id,t\n1,甲\n2,"乙\n{body}')
    assert [row for row in found if isinstance(row, RowFault)] == [
        RowFault("a.csv", 3, "a quote is opened and not closed")
    ]
    assert len(values(found)) == 2498


def test_an_open_quote_that_meets_another_one(tmp_path: Path) -> None:
    found = rows(tmp_path / "a.csv", 'id,t\n1,"甲\n2,乙\n3,"丙"\n4,丁\n')
    assert [row["id"] for row in values(found)] == ["2", "3", "4"]
    assert found[0] == RowFault("a.csv", 2, "a quote is opened and not closed")


def test_huge_cells_are_read(tmp_path: Path) -> None:
    content = f"id,t\n1,{'长' * 500_000}\n"
    assert len(values(rows(tmp_path / "a.csv", content))[0]["t"]) == 500_000


def test_a_csv_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,t\n" + "1,甲\n" * 100_000, encoding="utf-8")
    read = iter(Table(path))
    first = next(read)
    path.write_bytes(path.read_bytes()[:-1])
    assert first == SourceRow(2, {"id": "1", "t": "甲"})
    assert sum(1 for _ in read) == 99_999


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_an_empty_file_has_no_rows(tmp_path: Path, name: str) -> None:
    assert rows(tmp_path / name, b"") == []
    assert rows(tmp_path / name, b"\xef\xbb\xbf\n\n") == []


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a text file"):
        table(tmp_path / "a.csv", bytes(range(256)) * 20)
    with pytest.raises(InputError, match="as a workbook"):
        table(tmp_path / "a.xlsx", b"PK\x03\x04broken")
    with pytest.raises(InputNotFound):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(InputError):
        read_rows(tmp_path)


def test_json_lines(tmp_path: Path) -> None:
    content = (
        '{"id": 1, "attributes": {"颜色": "红"}}\n\n[1]\n{"id": \n'
        '{"id": "a\\u0000b\\ud800", "n": [{"x": "\\udfff"}]}\n'
    )
    found = rows(tmp_path / "a.jsonl", content)
    assert found[0] == SourceRow(1, {"id": 1, "attributes": {"颜色": "红"}})
    assert found[1] == RowFault("a.jsonl", 3, "the line is not a JSON object")
    assert isinstance(found[2], RowFault)
    assert found[2].line == 4
    assert found[3] == SourceRow(5, {"id": "ab\ufffd", "n": [{"x": "\ufffd"}]})


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_json_lines_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    content = json.dumps({"id": "一", "text": "很好"}, ensure_ascii=False) + "\n"
    assert values(rows(tmp_path / "a.jsonl", content.encode(encoding))) == [
        {"id": "一", "text": "很好"}
    ]


def workbook(path: Path, content: list[list[Any]]) -> Path:
    book = Workbook()
    for row in content:
        book.active.append(row)
    book.save(path)
    return path


def test_workbooks(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 1, 9, 30)
    path = workbook(
        tmp_path / "a.xlsx",
        [[" 商品ID", "价格", "时间", None], ["\tP1", 12.0, moment], [], ["'=P2", 9.9, None]],
    )
    read = Table(path)
    assert list(read) == [
        SourceRow(2, {"商品ID": "P1", "价格": 12, "时间": moment}),
        SourceRow(4, {"商品ID": "=P2", "价格": 9.9, "时间": ""}),
    ]
    assert read.encoding == "Excel"


def test_a_workbook_under_a_wrong_name_and_with_too_many_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["id"], [1, "x"], [2]])
    path.rename(tmp_path / "a.csv")
    found = list(Table(tmp_path / "a.csv"))
    assert isinstance(found[0], RowFault)
    assert found[1] == SourceRow(3, {"id": 2})


def sheet(path: Path, inside: str) -> Path:
    """A workbook whose one sheet is this XML, as no program would write it."""
    workbook(path, [["id"], [1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inside}</sheetData></worksheet>"
    ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


FAR = {
    "both": '<row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048570"><c r="XFD1048570"><v>1</v></c></row>',
    "apart": '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    "<row r = '1048570'><c r\n='A1048570'><v>1</v></c></row>",
    "unsaid columns": f'<row r="1">{"<c><v>1</v></c>" * 5_000}</row>'
    '<row r="900000"><c><v>1</v></c></row>',
    "unsaid rows": "<row/>" * 300_000 + f"<row>{'<c><v>1</v></c>' * 500}</row>",
}


@pytest.mark.parametrize("inside", FAR.values(), ids=FAR)
def test_cells_too_far_apart_are_refused(tmp_path: Path, inside: str) -> None:
    path = sheet(tmp_path / "a.xlsx", inside)
    assert path.stat().st_size < 30_000
    with pytest.raises(InputError, match="too far apart"):
        Table(path)


def test_a_long_and_a_wide_sheet_are_read(tmp_path: Path) -> None:
    long = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (1, 300_000))
    assert [row.line for row in Table(sheet(tmp_path / "a.xlsx", long))] == [300_000]
    wide = "".join(f'<row r="{row}"><c r="XFD{row}"><v>{row}</v></c></row>' for row in (1, 2))
    assert [row.line for row in Table(sheet(tmp_path / "b.xlsx", wide))] == [2]


def test_a_workbook_packed_in_an_odd_way_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match="as a workbook"):
        Table(tmp_path / "a.xlsx")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6),
    st.sampled_from([encoding for encoding, _ in ENCODINGS]),
)
def test_written_csv_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], encoding: str
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["编号", "标题", "备注"], *(["甲", *row[1:]] for row in cells)])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    found = values(rows(path, text.getvalue().encode(encoding)))
    assert [row["编号"] for row in found] == ["甲"] * len(cells)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=5), st.sampled_from([".csv", ".jsonl"]))
def test_our_own_files_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], suffix: str
) -> None:
    path = tmp_path_factory.mktemp("own") / f"a{suffix}"
    wanted = [
        {"id": "x", "文本": text.strip("\t"), "备注": note.strip("\t")} for text, note in pairs
    ]
    with open_rows(path) as writer:
        for row in wanted:
            writer.append(row)
    assert values(list(read_rows(path))) == wanted


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.tsv", "a.jsonl"]))
def test_no_bytes_crash_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    try:
        found = list(read_rows(path))
    except InputError:
        return
    assert all(row.line >= 1 for row in found)
