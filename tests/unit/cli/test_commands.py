"""The table of commands: each is there, and none is imported before it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhanggui.cli.deferred import DeferredCommand
from zhanggui.cli.main import COMMANDS, app
from zhanggui.errors import InputNotFound

HEAVY = ("openai", "openpyxl", "sqlalchemy", "numpy", "sklearn", "zhanggui.shop", "zhanggui.pii")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_each_command_has_its_help(command: DeferredCommand) -> None:
    name = command.name
    assert name
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0, done.exception
    assert f"{name} [OPTIONS]" in done.stdout


def test_help_names_every_command_and_imports_none() -> None:
    script = (
        "import sys\nfrom zhanggui.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('loaded', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert all(str(command.name) in done.stdout for command in COMMANDS)
    assert done.stdout.rstrip().endswith("loaded []")


def test_redact_needs_neither_shop_nor_model() -> None:
    script = (
        "import sys\nimport zhanggui.cli.texts\n"
        "print([name for name in ('openai', 'openpyxl', 'sqlalchemy', 'zhanggui.shop') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ("describe", "--out", "o.jsonl"),
        ("answer", "--questions", "q.jsonl", "--out", "o.jsonl"),
        ("replay", "--out", "o.jsonl"),
        ("replies", "list"),
        ("replies", "reject", "q1", "--by", "李四"),
        ("drafts", "list"),
        ("drafts", "approve", "P1:taobao", "--by", "李四"),
        ("verify", "--rules-changed"),
        ("export", "--format", "generic", "--out", "o.csv"),
        ("export", "--customer", "c1", "--pii", "--out", "o.json"),
        ("audit", "verify"),
        ("audit", "bias"),
        ("erase", "--customer", "c1", "--yes"),
        ("retention",),
    ],
)
def test_a_mistyped_home_makes_no_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "my-shopp"
    done = CliRunner().invoke(app, ["--home", str(home), *words])
    assert isinstance(done.exception, InputNotFound)
    assert "There is no shop in" in str(done.exception)
    assert "zhanggui import" in str(done.exception)
    assert not home.exists()
    assert not list(tmp_path.glob("o.*"))
