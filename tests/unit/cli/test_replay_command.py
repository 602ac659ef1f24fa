"""What `zhanggui replay` and `zhanggui replies` print, on the example shop and without a model."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhanggui.cli import replay as replay_command
from zhanggui.cli import replies as replies_command
from zhanggui.cli.main import app
from zhanggui.cli.options import GlobalOptions
from zhanggui.errors import OutputExists
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.settings import Settings
from zhanggui.shop import Shop

EXAMPLE = Path(__file__).parents[3] / "examples" / "shop"
NOW = datetime(2026, 11, 20)
SILENT = {"answer.pick": Canned("0"), "answer.check": Canned("0"), "answer.agree": Canned("0")}


Typed = Callable[..., Result]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replayed")


@pytest.fixture(scope="module")
def _imported(home: Path) -> None:
    with Shop.open(Settings(home=home), now=NOW, engine=FakeEngine(SILENT)) as shop:
        shop.import_folder(EXAMPLE)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path, _imported: None) -> Typed:
    embedder = UniversalSentenceEncoder(threads=1)

    def opened(options: GlobalOptions) -> Shop:
        return Shop.open(Settings(home=home), now=NOW, engine=FakeEngine(SILENT), embedder=embedder)

    for module in (replay_command, replies_command):
        monkeypatch.setattr(module, "existing_shop", opened)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words), catch_exceptions=False)


def few_tickets(folder: Path) -> None:
    lines = (EXAMPLE / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["id"] in ("T010", "T030", "T032", "T039")]
    (folder / "past.jsonl").write_text("\n".join(chosen), encoding="utf-8")


def test_a_replay_prints_what_a_lead_decides_by(typed: Typed, tmp_path: Path) -> None:
    few_tickets(tmp_path)
    done = typed("replay", "--tickets", "past.jsonl", "--out", "rows.csv", "--faq-out", "faq.csv")
    assert done.exit_code == 0, done.output
    for heading in (
        "工单 tickets 4",
        "轮次 turns 5",
        "覆盖与出错 coverage against error",
        "出错上限",
        "wrong at most",
        "what the judged replies prove, 95% sure",
    ):
        assert heading in done.output
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["T030/1"]["agreement"] == "agree"
    assert rows["T010/1"]["staff"].startswith("这个我需要跟厂家确认")
    with (tmp_path / "faq.csv").open(encoding="utf-8-sig") as file:
        drafted = list(csv.DictReader(file))
    assert list(drafted[0]) == ["question", "answer", "count", "product_id", "examples"]

    with pytest.raises(OutputExists):
        typed("replay", "--tickets", "past.jsonl", "--out", "rows.csv")


def test_replies_are_judged_by_their_ids(typed: Typed, tmp_path: Path) -> None:
    few_tickets(tmp_path)
    typed("replay", "--tickets", "past.jsonl")
    done = typed("replies", "accept", "T030/1", "T999/1", "--by", "李主管")
    assert done.exit_code == 1
    assert "T030/1: right" in done.stdout
    assert "no reply 'T999/1'" in done.stderr
    assert "0 accepted answers" in typed("replies", "list", "--stale").output
    assert typed("replies", "list", "--json").exit_code == 0


def test_a_regression_ends_with_a_status_of_its_own(
    typed: Typed, home: Path, tmp_path: Path
) -> None:
    few_tickets(tmp_path)
    assert typed("replay", "--tickets", "past.jsonl").exit_code == 0
    done = typed("replay", "--regression")
    assert done.exit_code == 0
    assert "由对变错 right before, wrong now: 0" in done.output
    table = (EXAMPLE / "products.csv").read_text(encoding="utf-8")
    (tmp_path / "changed").mkdir()
    louder = table.replace("28dB", "58dB")
    assert louder != table
    (tmp_path / "changed" / "products.csv").write_text(louder, encoding="utf-8")
    with Shop.open(Settings(home=home), now=NOW, engine=FakeEngine(SILENT)) as shop:
        shop.import_folder(tmp_path / "changed")
    broken = typed("replay", "--regression")
    assert broken.exit_code == 1
    assert "T030/1" in broken.output
    assert "由对变错 right before, wrong now: 1" in broken.output
