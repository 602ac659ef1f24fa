from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.errors import InputError
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


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"api_key": "changeme", "endpoint": "https://models.example.com/v1"}, True),
        ({"api_key": "Secret", "endpoint": "https://models.example.com/v1"}, True),
        ({"api_key": "sk-8c1f0a9d", "endpoint": "https://models.example.com/v1"}, False),
        # Servers on the same machine ask for a key and look at none.
        ({"api_key": "none", "endpoint": "http://127.0.0.1:8000/v1"}, False),
        ({"api_key": "test"}, False),
        ({"database_url": "postgresql://postgres:postgres@db.example.com/shop"}, True),
        ({"database_url": "postgresql://shop:change%5Fme@db.example.com/shop"}, True),
        ({"database_url": "postgresql://shop:q7-zt-41@db.example.com/shop"}, False),
        ({"database_url": "postgresql://postgres:postgres@localhost/shop"}, False),
        ({"database_url": "postgresql://shop@db.example.com/shop"}, False),
    ],
)
def test_secrets_that_everybody_knows_are_refused(
    tmp_path: Path, given: dict[str, str], refused: bool
) -> None:
    if refused:
        with pytest.raises(InputError, match="everybody knows"):
            load_settings(tmp_path, **given)
    else:
        load_settings(tmp_path, **given)
    assert load_settings(tmp_path, development=True, **given).development


def test_a_refusal_does_not_say_the_secret(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_settings(tmp_path, api_key="changeme", endpoint="https://models.example.com/v1")
    assert "changeme" not in str(caught.value)
