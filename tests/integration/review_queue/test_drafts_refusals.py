"""What `zhanggui drafts` and `zhanggui verify --rules-changed` refuse, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhanggui.cli.main import app
from zhanggui.errors import InputError
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

ID = "P9:taobao"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one draft."""
    folder = tmp_path_factory.mktemp("exports")
    rows = "id,title,attributes\nP9,铸铁炖锅,材质:铸铁;容量:4.5L;质保:2年\n"
    (folder / "products.csv").write_text(rows, encoding="utf-8")
    settings = load_settings(tmp_path_factory.mktemp("home"))
    with Shop.open(settings, engine=FakeEngine({}), embedder=FakeEmbedder()) as shop:
        shop.import_folder(folder)
        shop.describe_to(folder / "d.jsonl", channel="taobao")
    return settings.home


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "--rules-changed", "--products", "p.csv"), "leave out --products"),
        (("verify", "--rules-changed", "--resume"), "not --resume"),
        (("verify", "--out", "o.jsonl"), "Give --products, --drafts and --out"),
        (("drafts", "list", "--state", "done"), "no state 'done'"),
        (("drafts", "show", "P404"), "no draft 'P404'"),
        (("drafts", "show", ID, "--version", "7"), "versions 1 to 1"),
        (("drafts", "approve", "--by", "李四"), "Name the drafts, or give --all"),
        (("drafts", "approve", ID, "--all", "--by", "李四"), "and not both"),
        (("drafts", "approve", ID, "--channel", "taobao", "--by", "李四"), "narrows --all"),
        (("drafts", "approve", ID, "P8:taobao", "--version", "1", "--by", "李"), "of one draft"),
        (("drafts", "reject", ID, "--by", "李四", "--reason", " "), "Say why"),
        (("drafts", "edit", ID, "--file", "none.json", "--by", "李四"), "cannot be read"),
        (("drafts", "affected", "--product", "P404", "--attribute", "容量"), "no product 'P404'"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["--home", str(home), *words])
    assert isinstance(done.exception, InputError) or done.exit_code == 2
    assert said in f"{done.exception} {done.stderr}"


def test_a_file_that_is_no_json_is_no_edit(home: Path, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text("标题：新", encoding="utf-8")
    words = ["drafts", "edit", ID, "--file", str(tmp_path / "e.json"), "--by", "李四"]
    done = CliRunner().invoke(app, ["--home", str(home), *words])
    assert isinstance(done.exception, InputError)
    assert "is no JSON" in str(done.exception)
