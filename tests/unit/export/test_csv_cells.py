"""Whatever a CSV file looks like, only the cells that were asked for change."""

from __future__ import annotations

import codecs
import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhanggui.export.csv_cells import patched_csv
from zhanggui.ingest.tables import SourceRow, Table

ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": codecs.BOM_UTF8,
    "gb18030": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
TEXT = st.text(st.sampled_from("ab1 ,;\t\"'\n\r杯，𠮷é|=<&"), max_size=8)


@dataclass(frozen=True)
class File:
    """A CSV file as the bytes of its cells and of what stands between them."""

    encoding: str
    delimiter: str
    end: str
    rows: list[list[str]]
    """Each cell as it stands in the file, quotes included."""
    last_end: bool

    def encode(self, text: str) -> bytes:
        return text.encode(self.encoding.removesuffix("-sig"))

    def text(self) -> str:
        lines = self.end.join(self.delimiter.join(row) for row in self.rows)
        return lines + self.end * self.last_end

    def bytes(self) -> bytes:
        return ENCODINGS[self.encoding] + self.encode(self.text())

    def before(self, row: int, place: int) -> bytes:
        """All bytes in front of one cell."""
        lines = [self.delimiter.join(cells) for cells in self.rows[:row]]
        own = [cell + self.delimiter for cell in self.rows[row][:place]]
        text = "".join(line + self.end for line in lines) + "".join(own)
        return ENCODINGS[self.encoding] + self.encode(text)


@st.composite
def files(draw: st.DrawFn) -> File:
    delimiter = draw(st.sampled_from(",\t;"))
    width = draw(st.integers(2, 4))

    def cell() -> str:
        value = draw(TEXT)
        plain = not any(sign in value for sign in (delimiter, '"', "\r", "\n"))
        if plain and draw(st.booleans()):
            return value
        return '"' + value.replace('"', '""') + '"'

    header = [f"列{place}" for place in range(width)]
    body = [[cell() for _ in range(width)] for _ in range(draw(st.integers(1, 4)))]
    return File(
        draw(st.sampled_from(sorted(ENCODINGS))),
        delimiter,
        draw(st.sampled_from(["\n", "\r\n", "\r"])),
        [header, *body],
        draw(st.booleans()),
    )


def patched(content: bytes, edits: dict[int, dict[str, str]]) -> tuple[bytes, list[SourceRow]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        out = b"".join(patched_csv(path, edits))
        path.write_bytes(out)
        return out, [row for row in Table(path) if isinstance(row, SourceRow)]


@given(files())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_without_edits_every_byte_comes_back(file: File) -> None:
    assert patched(file.bytes(), {})[0] == file.bytes()


@given(files(), TEXT.map(lambda text: f"<{text}>"), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_cell_changes_and_nothing_else(file: File, value: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(file.bytes())
        table = Table(path)
        read = [row for row in table if isinstance(row, SourceRow)]
    if not read or len(table.columns) != len(file.rows[0]):
        return
    row = data.draw(st.integers(1, len(file.rows) - 1))
    place = data.draw(st.integers(0, len(table.columns) - 1))
    line = 1 + sum(len(_lines(file, number)) for number in range(row))
    if line not in {one.line for one in read}:
        return
    name = table.columns[place]
    out, again = patched(file.bytes(), {line: {name: value}})
    before = file.before(row, place)
    after = file.bytes()[len(before) + len(file.encode(file.rows[row][place])) :]
    assert out.startswith(before)
    assert out.endswith(after)
    changed = next(one for one in again if one.line == line)
    cell = changed.values[name]
    if file.encoding != "gb18030":
        assert cell == value
    others = [one.values for one in again if one.line != line]
    assert len(others) == len(read) - 1


def _lines(file: File, number: int) -> list[str]:
    text = file.delimiter.join(file.rows[number]) + file.end
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]


def write(path: Path, content: bytes, edits: dict[int, dict[str, str]], **new: str) -> bytes:
    path.write_bytes(content)
    return b"".join(patched_csv(path, edits, {name: (name,) for name in new}))


def test_a_new_column_stands_behind_all_cells(tmp_path: Path) -> None:
    content = b"id,title,,\r\n1,a\r\n2,b,x,,y\r\n\r\n3,c,,\r\n"
    out = write(tmp_path / "a.csv", content, {2: {"SEO": "s,t"}}, SEO="")
    # The row of line 3 has more cells than the header and was not read: it stays as it is.
    assert out.split(b"\r\n") == [
        b"id,title,,,SEO",
        b'1,a,,,"s,t"',
        b"2,b,x,,y",
        b"",
        b"3,c,,,",
        b"",
    ]


def test_the_style_of_the_old_cell_is_kept(tmp_path: Path) -> None:
    out = write(tmp_path / "a.csv", b'id,a,b\n1,"x",y\n', {2: {"a": "new", "b": "new"}})
    assert out == b'id,a,b\n1,"new",new\n'


def test_lines_at_fault_and_what_stands_before_the_header_stay(tmp_path: Path) -> None:
    content = 'sep=;\r\nid;题\r\n1;"开\r\n2;乙\r\n'.encode("gb18030")
    out = write(tmp_path / "a.csv", content, {4: {"题": "丙"}})
    assert out == content.replace("乙".encode("gb18030"), "丙".encode("gb18030"))


def test_a_file_of_two_encodings_keeps_both(tmp_path: Path) -> None:
    lines = ["id,题,描述\n".encode(), "1,保温杯,好\n".encode("gb18030"), "2,雨伞,好\n".encode()]
    out = write(tmp_path / "a.csv", b"".join(lines), {2: {"描述": "新"}, 3: {"描述": "新"}})
    assert out == b"".join(
        ["id,题,描述\n".encode(), "1,保温杯,新\n".encode("gb18030"), "2,雨伞,新\n".encode()]
    )


def test_html_in_gbk_holds_only_what_gbk_knows(tmp_path: Path) -> None:
    content = "id,题,描述\n1,保温杯,好\n".encode("gbk")
    out = write(tmp_path / "a.csv", content, {2: {"描述": "<p>𠮷</p>"}})
    assert out.decode("gbk") == "id,题,描述\n1,保温杯,<p>&#134071;</p>\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_taobao_keeps_its_three_lines(tmp_path: Path, end: str) -> None:
    lines = ["version 1.00", "title\tcid\tprice", "宝贝名称\t宝贝类目\t宝贝价格", '"杯"\t1\t9']
    content = codecs.BOM_UTF16_LE + "".join(line + end for line in lines).encode("utf-16-le")
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    new = {"subtitle": ("subtitle", "宝贝卖点")}
    out = b"".join(patched_csv(path, {4: {"title": "壶", "subtitle": "好"}}, new))
    text = out[2:].decode("utf-16-le").split(end)
    assert out.startswith(codecs.BOM_UTF16_LE)
    assert text == [
        "version 1.00",
        "title\tcid\tprice\tsubtitle",
        "宝贝名称\t宝贝类目\t宝贝价格\t宝贝卖点",
        '"壶"\t1\t9\t好',
        "",
    ]


def test_python_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    value = 'a "quoted", two\nlines'
    out = write(path, b"id,a,b\n1,x,y\n", {2: {"a": value}})
    assert list(csv.reader(out.decode().splitlines(keepends=True)))[1] == ["1", value, "y"]
