"""Every test runs away from the user's home, the network and the real clock's shops."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.settings import DEFAULT_MODEL, default_models

# Read before the environment is cleaned: the live tests need the weights that are already here.
_MODELS = Path(os.environ.get("ZHANGGUI_MODELS") or default_models())
_DATA = os.environ.get("ZHANGGUI_DATA")
_REQUIRE_LIVE = os.environ.get("ZHANGGUI_REQUIRE_LIVE") == "1"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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


@pytest.fixture
def models_dir() -> Path:
    """The folder of the real weights; skips, or fails where they are required, if absent."""
    if not any(_MODELS.glob("qwen2.5-coder-*.gguf")):
        if _REQUIRE_LIVE:
            pytest.fail(f"no weights in {_MODELS}: run `zhanggui models pull`")
        pytest.skip(f"no weights in {_MODELS}: run `zhanggui models pull {DEFAULT_MODEL}`")
    return _MODELS


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """The folder of the public data sets, for tests marked `data`."""
    if not _DATA or not Path(_DATA).is_dir():
        pytest.skip("ZHANGGUI_DATA does not name the folder of the public data sets")
    yield Path(_DATA)
