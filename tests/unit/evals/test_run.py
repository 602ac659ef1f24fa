from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.errors import InputError, InputNotFound
from zhanggui.evals import run as suites
from zhanggui.evals.figures import Figure


def test_a_suite_is_all_of_its_measures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Path] = []

    def measure(data: Path) -> list[Figure]:
        seen.append(data)
        return [Figure("a", 0.5, "≥ 40 %", True, "")]

    monkeypatch.setattr(suites, "SUITES", {"trust": (measure, measure)})
    assert [figure.name for figure in suites.run("trust", tmp_path)] == ["a", "a"]
    assert seen == [tmp_path, tmp_path]


def test_the_environment_names_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(suites.DATA, str(tmp_path))
    assert suites.public_data() == tmp_path
    monkeypatch.delenv(suites.DATA)
    with pytest.raises(InputNotFound, match="ZHANGGUI_DATA"):
        suites.public_data()
    with pytest.raises(InputNotFound):
        suites.public_data(tmp_path / "nowhere")


def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nonsense"):
        suites.run("nonsense", tmp_path)
