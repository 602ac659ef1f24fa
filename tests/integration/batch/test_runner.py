from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from zhanggui.batch.runner import LocalRunner, Runner, SerialRunner
from zhanggui.errors import InputError, ZhangguiError

# In a file of its own: a process started by `spawn` imports it by name.
STAGES = """
import os
from dataclasses import dataclass
from pathlib import Path

from zhanggui.errors import InputError


@dataclass(frozen=True)
class Stage:
    folder: str
    trouble: str = ""

    def open(self):
        if self.trouble == "open":
            raise InputError("no students there")
        with (Path(self.folder) / str(os.getpid())).open("a") as file:
            file.write("opened ")
        return self.work

    def work(self, rows):
        if self.trouble == "work" and 7 in rows:
            raise InputError("seven")
        if self.trouble == "exit":
            os._exit(9)
        made = [{"id": row, "double": row * 2} for row in rows]
        return made[:-1] if self.trouble == "count" else made
"""


@pytest.fixture
def stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "runner_stages.py").write_text(STAGES)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    module = importlib.import_module("runner_stages")
    return importlib.reload(module)


@pytest.fixture(params=["serial", "local"])
def runner(request: pytest.FixtureRequest) -> Runner:
    return SerialRunner(chunk=3) if request.param == "serial" else LocalRunner(2, chunk=3)


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    folder = tmp_path / "opened"
    folder.mkdir()
    return folder


def stage(stages: ModuleType, opened: Path, trouble: str = "") -> Any:
    return stages.Stage(str(opened), trouble)


def test_rows_keep_their_order(runner: Runner, stages: ModuleType, opened: Path) -> None:
    made = list(runner.run(stage(stages, opened), range(50)))
    assert made == [{"id": number, "double": number * 2} for number in range(50)]


def test_a_stage_is_opened_once_a_process(runner: Runner, stages: ModuleType, opened: Path) -> None:
    list(runner.run(stage(stages, opened), range(50)))
    marks = [mark.read_text() for mark in opened.iterdir()]
    assert 1 <= len(marks) <= 2
    assert set(marks) == {"opened "}


def test_no_rows_give_no_rows(runner: Runner, stages: ModuleType, opened: Path) -> None:
    assert list(runner.run(stage(stages, opened), [])) == []


def test_few_rows_are_taken_ahead(runner: Runner, stages: ModuleType, opened: Path) -> None:
    taken = []

    def rows() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    made = runner.run(stage(stages, opened), rows())
    assert [next(made)["id"] for _ in range(4)] == [0, 1, 2, 3]
    made.close()  # type: ignore[attr-defined]
    assert len(taken) <= 4 + 3 * 6


@pytest.mark.parametrize("trouble", ["work", "open"])
def test_an_error_of_the_stage_arrives(
    runner: Runner, stages: ModuleType, opened: Path, trouble: str
) -> None:
    with pytest.raises(InputError, match=r"seven|no students there"):
        list(runner.run(stage(stages, opened, trouble), range(20)))


def test_a_lost_row_is_an_error(runner: Runner, stages: ModuleType, opened: Path) -> None:
    with pytest.raises(ValueError, match="made 2 rows of 3"):
        list(runner.run(stage(stages, opened, "count"), range(20)))


def test_a_process_that_dies_is_said_to_have(stages: ModuleType, opened: Path) -> None:
    with pytest.raises(ZhangguiError, match=r"ended early.*--resume"):
        list(LocalRunner(2, chunk=3).run(stage(stages, opened, "exit"), range(20)))
