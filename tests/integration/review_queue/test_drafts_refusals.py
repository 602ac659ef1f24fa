"""What `zhanggui drafts` and `zhanggui verify --rules-changed` refuse, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhanggui.cli.main import app
from zhanggui.errors import InputError, OutputExists
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
        (("drafts", "list", "--channel", "taobo"), "no channel 'taobo'; choose one of generic,"),
        (("drafts", "approve", "--all", "--channel", "tb", "--by", "李四"), "no channel 'tb'"),
        (
            ("export", "--format", "generic", "--channel", "tb", "--out", "o.csv"),
            "no channel 'tb'; choose one of generic,",
        ),
        (("export", "--format", "generic", "--out", "x.pdf"), "x.pdf cannot be written: end its"),
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


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "--rules-changed"),
        ("audit", "bias", "--pairs", "1", "--questions", "q.jsonl"),
    ],
)
def test_who_cannot_resume_is_not_told_to(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.jsonl").write_text('{"id": "1", "question": "炖锅容量多大？"}\n', encoding="utf-8")
    out = tmp_path / "o.jsonl"
    out.write_text("mine\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["--home", str(home), *words, "--out", str(out)])
    assert isinstance(done.exception, OutputExists)
    assert "--force" in str(done.exception)
    assert "--resume" not in str(done.exception)
    assert out.read_text(encoding="utf-8") == "mine\n"
