from __future__ import annotations

import zipfile
from pathlib import Path

from zhanggui.rights import byte_search
from zhanggui.rights.byte_search import search


def test_files_folders_and_workbooks_are_searched(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.bin").write_bytes(b"\0" * 10 + b"canary")
    (tmp_path / "b.txt").write_bytes(b"nothing")
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", "canary " * 100)
    result = search([tmp_path, tmp_path / "b.txt", tmp_path / "absent"], [b"canary"])
    assert [path.name for path in result.found] == ["c.xlsx", "a.bin"]
    assert result.files == 3
    assert result.bytes >= 16 + 7 + 700


def test_a_needle_across_two_pieces_is_found(tmp_path: Path) -> None:
    size = byte_search._CHUNK
    file = tmp_path / "long.bin"
    for shift in (1, 3, 6):
        file.write_bytes(b"x" * (size - shift) + b"canary" + b"x" * size)
        assert search([file], [b"absent", b"canary"]).found == (file.resolve(),)


def test_short_needles_of_other_encodings_are_left_out_in_databases(tmp_path: Path) -> None:
    file = tmp_path / "shop.sqlite"
    file.write_bytes("李娜".encode("gb18030") + b"C1001")
    assert search([file], ["李娜".encode("gb18030")], [file]).found == ()
    assert search([file], ["李娜".encode("gb18030")]).found == (file.resolve(),)
    assert search([file], [b"C1001"], [file]).found == (file.resolve(),)
