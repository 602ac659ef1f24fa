from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from typed import SHOP, Run, command


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
