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


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ('forbidden = "最好"', "wording.forbidden"),
        ("forbiden = []", "wording.forbiden"),
        ('mandatory = [" "]', "empty"),
        ('glossary = {"杯子" = ""}', "empty"),
        ('mandatory = ["只选好料"]\nforbidden = ["好料"]', "好料"),
        ('glossary = {"杯子" = "神杯"}\nforbidden = ["神杯"]', "神杯"),
    ],
)
def test_a_wording_that_cannot_be_is_one_sentence(tmp_path: Path, wording: str, told: str) -> None:
    (tmp_path / "settings.toml").write_text(f"[wording]\n{wording}\n", encoding="utf-8")
    with pytest.raises(InputError, match=told) as error:
        load_settings(tmp_path)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_a_file_that_is_no_toml_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[wording\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"settings\.toml"):
        load_settings(tmp_path)


def test_a_bad_setting_does_not_show_its_value(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('timeout_seconds = "sk-12345"\n', encoding="utf-8")
    with pytest.raises(InputError, match="timeout_seconds") as error:
        load_settings(tmp_path)
    assert "sk-12345" not in str(error.value)
