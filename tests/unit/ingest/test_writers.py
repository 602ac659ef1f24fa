from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from zhanggui.errors import InputError, OutputExists
from zhanggui.ingest.formulas import neutralise, restore_cell
from zhanggui.ingest.writers import open_rows

ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "第一行\n第二行", "claims": [{"part": "title"}]},
    {"id": "2", "text": '他说"好"', "claims": []},
    {"id": "3", "text": "=cmd|' /C calc'!A0", "claims": None},
]


def write(path: Path, rows: list[dict[str, Any]], **options: Any) -> int:
    with open_rows(path, **options) as writer:
        for row in rows:
            writer.append(row)
        return writer.offset


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def json_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sheet(path: Path) -> list[tuple[Any, ...]]:
    return list(load_workbook(path).active.iter_rows(values_only=True))


def test_jsonl_rows_are_in_the_file_before_close(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.jsonl"
    writer = open_rows(path)
    for row in ROWS:
        writer.append(row)
    assert json_rows(path) == ROWS
    assert writer.offset == path.stat().st_size
    assert writer.written == 3
    writer.sync()
    writer.close()
    writer.close()


def test_csv_has_a_bom_and_nested_values_as_json(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write(path, ROWS) == path.stat().st_size
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,text,claims\r\n")
    rows = csv_rows(path)
    assert rows[0] == {"id": "1", "text": "第一行\n第二行", "claims": '[{"part": "title"}]'}
    assert rows[2]["text"] == "'=cmd|' /C calc'!A0"
    assert rows[2]["claims"] == ""


def test_csv_header_is_there_without_rows_when_columns_are_given(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path, [], columns=["id", "polarity"])
    assert path.read_text(encoding="utf-8-sig").strip() == "id,polarity"


def test_csv_refuses_a_column_it_has_not(tmp_path: Path) -> None:
    with open_rows(tmp_path / "out.csv", columns=["id"]) as writer:
        with pytest.raises(InputError, match=r"'extra'.*jsonl"):
            writer.append({"id": 1, "extra": 2})
        writer.append({"id": 1})
    assert csv_rows(tmp_path / "out.csv") == [{"id": "1"}]


def test_xlsx_appears_on_close_and_the_journal_goes(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    writer = open_rows(path, columns=["id"])
    writer.append({"id": "a", "score": -0.5, "big": 3512345678901234567, "n": -5})
    assert not path.exists()
    writer.append({"id": "=1+1", "later": "控制\x01符"})
    writer.close()
    assert [file.name for file in tmp_path.glob("out*")] == ["out.xlsx"]
    assert sheet(path) == [
        ("id", "score", "big", "n", "later"),
        ("a", -0.5, "3512345678901234567", -5, None),
        ("'=1+1", None, None, None, "控制符"),
    ]


def test_xlsx_says_when_a_value_is_too_long(tmp_path: Path) -> None:
    with (
        open_rows(tmp_path / "out.xlsx") as writer,
        pytest.raises(InputError, match="too long for Excel"),
    ):
        writer.append({"text": "长" * 40_000})


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_an_existing_file_is_refused_and_untouched(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    write(path, ROWS)
    before = path.read_bytes()
    with pytest.raises(OutputExists, match=r"--resume.*--force"):
        open_rows(path)
    assert path.read_bytes() == before
    write(path, ROWS[:1], mode="force")
    assert path.read_bytes() != before


def test_an_unfinished_workbook_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    def interrupted() -> None:
        with open_rows(path) as writer:
            writer.append({"id": 1})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(OutputExists, match="partial"):
        open_rows(path)
    write(path, [{"id": 2}], mode="resume")
    assert sheet(path) == [("id",), (1,), (2,)]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.jsonl, \.csv or \.xlsx"):
        open_rows(tmp_path / "out.parquet")


def test_a_folder_in_the_place_of_the_file_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(InputError):
        open_rows(tmp_path / "out.jsonl", mode="force")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@given(st.data())
def test_resume_after_any_cut_equals_an_unbroken_run(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole, cut = folder / f"whole{suffix}", folder / f"cut{suffix}"
    size = write(whole, ROWS)
    cut.write_bytes(whole.read_bytes()[: data.draw(st.integers(0, size))])
    with open_rows(cut, mode="resume", columns=list(ROWS[0])) as writer:
        assert writer.offset <= size
        for row in ROWS[writer.written :]:
            writer.append(row)
    assert cut.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_resume_at_an_offset_forgets_later_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    writer = open_rows(path)
    writer.append(ROWS[0])
    offset = writer.offset
    writer.append(ROWS[1])
    writer.sync()
    # What a kill leaves: rows after the last committed offset, and nothing finished.
    writer._file.close()
    with open_rows(path, mode="resume", offset=offset) as again:
        assert again.written == 1
        again.append(ROWS[2])
    unbroken = tmp_path / f"unbroken{suffix}"
    write(unbroken, [ROWS[0], ROWS[2]])
    if suffix == ".xlsx":
        assert sheet(path) == sheet(unbroken)
    else:
        assert path.read_bytes() == unbroken.read_bytes()


def test_a_workbook_says_whether_ai_made_rows_of_it(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [{"id": "x", "ai": {"generated": False, "content_id": "a"}}])
    assert load_workbook(path).custom_doc_props.names == []
    with open_rows(path, mode="resume") as writer:
        made = {"generated": True, "content_id": "b", "service_provider": "青禾"}
        writer.append({"id": "y", "ai": made})
    told = json.loads(load_workbook(path).custom_doc_props["AIGC"].value)
    assert (told["Label"], told["ContentProducer"]) == ("1", "青禾")
    open_rows(path, mode="resume").close()
    assert json.loads(load_workbook(path).custom_doc_props["AIGC"].value) == told


def test_a_finished_workbook_can_be_continued(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [{"id": "=x", "n": 1}])
    with open_rows(path, mode="resume", offset=999) as writer:
        assert writer.written == 1
        writer.append({"id": "y", "n": 2})
    assert sheet(path) == [("id", "n"), ("'=x", 1), ("y", 2)]


def test_decimals_dates_and_lone_surrogates_are_written(tmp_path: Path) -> None:
    row = {"p": Decimal("12.50"), "q": Decimal(3), "t": datetime(2026, 3, 1, tzinfo=UTC)}
    write(tmp_path / "a.jsonl", [{**row, "s": "a\ud800b"}])
    assert json_rows(tmp_path / "a.jsonl") == [
        {"p": 12.5, "q": 3, "t": "2026-03-01T00:00:00+00:00", "s": "a?b"}
    ]
    write(tmp_path / "a.csv", [row])
    assert csv_rows(tmp_path / "a.csv") == [
        {"p": "12.5", "q": "3", "t": "2026-03-01T00:00:00+00:00"}
    ]


@pytest.mark.parametrize("text", ["-5", "+3.2", "-1e5", "-12%", "好评", "", "1-2"])
def test_plain_values_are_left_alone(text: str) -> None:
    assert neutralise(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+86 (x)", "-a", "@SUM(A1)", "\t=1", "＝1", "--5"])
def test_formulas_are_neutralised(text: str) -> None:
    assert neutralise(text) == "'" + text


@given(st.text(alphabet="'=+-@\t\r＝a1.%", max_size=8))
def test_neutralising_can_be_undone(text: str) -> None:
    assert restore_cell(neutralise(text)) == text
