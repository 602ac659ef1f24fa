from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.settings import DEFAULT_MODEL, load_settings


def test_the_database_lives_in_the_home(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.database == f"sqlite:///{tmp_path.as_posix()}/shop.sqlite"
    assert settings.model == DEFAULT_MODEL


def test_command_line_beats_environment_beats_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('model = "from-file"\nthreads = 7\n')
    assert load_settings(tmp_path).model == "from-file"
    monkeypatch.setenv("ZHANGGUI_MODEL", "from-environment")
    assert load_settings(tmp_path).model == "from-environment"
    assert load_settings(tmp_path, model="given", endpoint=None).model == "given"
    assert load_settings(tmp_path).threads == 7


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    assert "sk-very-secret" not in repr(load_settings(tmp_path, api_key="sk-very-secret"))
