"""What the acceptance tests type and read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHOP = Path(__file__).parents[2] / "examples" / "shop"

Run = Callable[..., subprocess.CompletedProcess[str]]


def command(*words: object) -> list[str]:
    """The command line of `zhanggui` with these words."""
    entry = "from zhanggui.cli.main import run; run()"
    return [sys.executable, "-c", entry, *map(str, words)]


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
