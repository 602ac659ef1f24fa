from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from zhanggui.batch.inputs import record_of
from zhanggui.batch.runner import SerialRunner
from zhanggui.batch.stream import StreamSummary, stream_rows
from zhanggui.errors import EngineTimeout, InputError, OutputExists
from zhanggui.records import RowFault


@dataclass(frozen=True)
class Double:
    """Doubles numbers; may fail at one of them."""

    fails_at: int = -1

    def open(self) -> Callable[[Sequence[int]], list[dict[str, Any]]]:
        def work(rows: Sequence[int]) -> list[dict[str, Any]]:
            if self.fails_at in rows:
                raise EngineTimeout("太慢了")
            return [{"id": f"r{row}", "double": row * 2} for row in rows]

        return work


def stream(out: Path, rows: Sequence[int | RowFault], **given: Any) -> StreamSummary:
    stage = given.pop("stage", Double())
    return stream_rows(rows, stage=stage, runner=SerialRunner(chunk=2), out=out, **given)


def doubles(out: Path) -> list[int]:
    if out.suffix == ".jsonl":
        return [json.loads(line)["double"] for line in out.read_text("utf-8").splitlines()]
    if out.suffix == ".csv":
        lines = out.read_text("utf-8-sig").splitlines()
        return [int(line.split(",")[1]) for line in lines[1:]]
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    return [int(row[1]) for row in sheet[1:]]  # type: ignore[arg-type]


@pytest.fixture(params=["out.jsonl", "out.csv", "out.xlsx"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def test_each_good_row_gives_one_row_in_order(out: Path) -> None:
    fault = RowFault("in.csv", 3, "no text")
    seen: list[int] = []
    summary = stream(out, [1, 2, fault, 3], on_row=seen.append)
    assert summary == StreamSummary(written=3, resumed=0, faults=(fault,))
    assert doubles(out) == [2, 4, 6]
    assert seen == [1, 2, 3]


def test_an_existing_file_is_refused_or_replaced(out: Path) -> None:
    stream(out, [1, 2])
    with pytest.raises(OutputExists):
        stream(out, [3])
    stream(out, [3], mode="force")
    assert doubles(out) == [6]


def test_a_stopped_stream_goes_on_where_it_stopped(out: Path) -> None:
    rows = [1, RowFault("in.csv", 2, "x"), 2, 3, 4, 5, 6]
    with pytest.raises(EngineTimeout):
        stream(out, rows, stage=Double(fails_at=5))
    seen: list[int] = []
    summary = stream(out, rows, mode="resume", on_row=seen.append)
    assert (summary.written, summary.resumed) == (6, 4)
    assert seen == [4, 5, 6]
    assert doubles(out) == [2, 4, 6, 8, 10, 12]


def test_a_resume_of_nothing_starts(out: Path) -> None:
    assert stream(out, [1, 2], mode="resume").written == 2
    assert doubles(out) == [2, 4]


def test_a_resume_of_everything_adds_nothing(out: Path) -> None:
    stream(out, [1, 2, 3])
    assert stream(out, [1, 2, 3], mode="resume").resumed == 3
    assert doubles(out) == [2, 4, 6]


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_a_torn_last_row_is_done_again(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    stream(out, [1, 2, 3])
    out.write_bytes(out.read_bytes()[:-3])
    assert stream(out, [1, 2, 3], mode="resume").resumed == 2
    assert doubles(out) == [2, 4, 6]


def test_another_input_is_noticed_by_its_length(out: Path) -> None:
    stream(out, [1, 2, 3])
    with pytest.raises(InputError, match="holds 3 rows but the input has only 2 good ones"):
        stream(out, [1, 2], mode="resume")


def test_the_input_is_not_read_ahead_of_the_work(tmp_path: Path) -> None:
    taken: list[int] = []
    ahead: list[int] = []

    def rows() -> Any:
        for number in range(100):
            taken.append(number)
            yield number

    stream_rows(
        rows(),
        stage=Double(),
        runner=SerialRunner(chunk=2),
        out=tmp_path / "out.jsonl",
        on_row=lambda written: ahead.append(len(taken) - written),
    )
    assert max(ahead) < 2


def test_another_input_is_noticed_by_what_it_says(out: Path) -> None:
    stream(out, [1, 2, 3])
    before = out.read_bytes()
    for rows in ([1, 7, 3, 4], [0, 1, 2, 3], [2, 1, 3]):
        with pytest.raises(InputError, match=f"{out.name} was made from has changed.*--force"):
            stream(out, rows, mode="resume")
    with pytest.raises(InputError, match="has changed"):
        stream(out, [1, 2, 3, 4], basis="other products", mode="resume")
    assert out.read_bytes() == before
    assert stream(out, [1, 2, 3], mode="resume").resumed == 3


def test_rows_that_came_after_those_done_are_done(out: Path) -> None:
    stream(out, [1, 2])
    summary = stream(out, [1, RowFault("in.csv", 2, "x"), 2, 9, 10], mode="resume")
    assert (summary.written, summary.resumed) == (4, 2)
    assert stream(out, [1, 2, 9, 10], mode="resume").resumed == 4
    assert doubles(out) == [2, 4, 18, 20]


def test_rows_of_unknown_inputs_are_kept(out: Path) -> None:
    stream(out, [1, 2])
    record_of(out).unlink()
    with pytest.raises(InputError, match=r"made from.*--force"):
        stream(out, [1, 2, 3], mode="resume")
    assert doubles(out) == [2, 4]
    stream(out, [5], mode="force")
    assert stream(out, [5, 6], mode="resume").resumed == 1
