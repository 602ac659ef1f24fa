"""Every test runs away from the user's home, the network and the real clock's shops."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from zhanggui.settings import DEFAULT_MODEL, default_models

# Read before the environment is cleaned: the live tests need the weights that are already here.
_MODELS = Path(os.environ.get("ZHANGGUI_MODELS") or default_models())
_DATA = os.environ.get("ZHANGGUI_DATA")
_REQUIRE_LIVE = os.environ.get("ZHANGGUI_REQUIRE_LIVE") == "1"


@pytest.fixture(scope="session")
def _runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One local model's process for the whole run; it ends with the run."""
    folder = tmp_path_factory.mktemp("run")
    yield folder
    for state in folder.glob("*.json"):
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(json.loads(state.read_text(encoding="utf-8"))["pid"]).kill()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _runtime: Path) -> None:
    for name in list(os.environ):
        if name.startswith("ZHANGGUI_"):
            monkeypatch.delenv(name)
    user = tmp_path / "user-home"
    user.mkdir()
    for name in (
        "HOME",
        "USERPROFILE",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "LOCALAPPDATA",
        "APPDATA",
    ):
        monkeypatch.setenv(name, str(user))
    monkeypatch.setenv("ZHANGGUI_HOME", str(tmp_path / "shop-home"))
    monkeypatch.setenv("ZHANGGUI_MODELS", str(_MODELS))
    monkeypatch.setenv("ZHANGGUI_RUNTIME", str(_runtime))


@pytest.fixture
def models_dir() -> Path:
    """The folder of the real weights; skips, or fails where they are required, if absent."""
    if not any(_MODELS.glob("qwen2.5-coder-*.gguf")):
        if _REQUIRE_LIVE:
            pytest.fail(f"no weights in {_MODELS}: run `zhanggui models pull`")
        pytest.skip(f"no weights in {_MODELS}: run `zhanggui models pull {DEFAULT_MODEL}`")
    return _MODELS


@pytest.fixture
def data_dir() -> Path:
    """The folder of the public data sets, for tests marked `data`."""
    if not _DATA or not Path(_DATA).is_dir():
        pytest.skip("ZHANGGUI_DATA does not name the folder of the public data sets")
    return Path(_DATA)
