from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHOP = Path(__file__).parents[2] / "examples" / "shop"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shop() -> Path:
    """The example shop's folder."""
    return SHOP


@pytest.fixture
def zhanggui(tmp_path: Path) -> Run:
    """Types a `zhanggui` command in an empty folder."""

    def run(*words: object, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )

    return run


def command(*words: object) -> list[str]:
    """The command line of `zhanggui` with these words."""
    entry = "from zhanggui.cli.main import run; run()"
    return [sys.executable, "-c", entry, *map(str, words)]


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
