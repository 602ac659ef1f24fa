"""`zhanggui export` as a user types it; what docs/export.md tells is typed here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typed import Run

from platform_files import SHOPIFY

GUIDE = Path(__file__).parents[2] / "docs" / "export.md"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "products.csv").write_text(SHOPIFY, encoding="utf-8", newline="")
    return folder


@pytest.mark.slow
def test_the_commands_of_the_guide(zhanggui: Run, exports: Path, tmp_path: Path) -> None:
    assert zhanggui("--home", "my-shop", "import", exports).returncode == 0
    text = GUIDE.read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith("zhanggui --home my-shop")]
    assert len(commands) >= 3
    for line in commands:
        done = zhanggui(*line.split("#")[0].split()[1:])
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "shopify.csv").read_bytes() == SHOPIFY.encode()
    # Every option that the guide names is one.
    shown = re.sub(r"\s+", " ", zhanggui("export", "--help").stdout)
    for option in set(re.findall(r"`(--[a-z-]+)`", text)):
        assert option in shown


@pytest.mark.slow
def test_it_is_said_what_to_export_and_nothing_is_written_over(
    zhanggui: Run, exports: Path, tmp_path: Path
) -> None:
    for words in (("--format", "generic", "--customer", "C1"), ()):
        done = zhanggui("--home", "h", "export", *words, "--out", "x.csv")
        assert done.returncode == 2
        assert "either --format or --customer" in done.stderr
    done = zhanggui("--home", "h", "export", "--format", "generic", "--out", "x.csv")
    assert done.returncode == 2
    assert "zhanggui import" in done.stderr
    zhanggui("--home", "h", "import", exports)
    (tmp_path / "x.csv").write_text("mine", encoding="utf-8")
    done = zhanggui("--home", "h", "export", "--format", "shopify", "--out", "x.csv")
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == "mine"
    done = zhanggui("--home", "h", "export", "--format", "shopify", "--out", "x.csv", "--force")
    assert done.returncode == 0
    assert "2 products, 0 with our copy" in done.stdout
