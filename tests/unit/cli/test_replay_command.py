"""What `zhanggui replay` and `zhanggui replies` print, on the example shop and without a model."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhanggui.answers.gaps import Gap
from zhanggui.cli import replay as replay_command
from zhanggui.cli import replies as replies_command
from zhanggui.cli.main import app
from zhanggui.cli.options import GlobalOptions
from zhanggui.cli.replay_page import _print_gaps
from zhanggui.errors import InputError, OutputExists
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.records import ApprovedAnswer
from zhanggui.review_queue.reply_desk import ReplyDesk
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


def test_what_cannot_be_written_in_the_end_is_refused_before_the_replay(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_tickets(tmp_path)
    (tmp_path / "there.csv").write_text("", encoding="utf-8")

    def replayed(*_: object, **__: object) -> None:
        raise AssertionError("it was replayed")

    monkeypatch.setattr(Shop, "replay", replayed)
    with pytest.raises(OutputExists):
        typed("replay", "--tickets", "past.jsonl", "--faq-out", "there.csv")
    with pytest.raises(InputError, match="end its name"):
        typed("replay", "--tickets", "past.jsonl", "--faq-out", "faq.txt")
    with pytest.raises(InputError, match="same file"):
        typed("replay", "--out", "a.csv", "--faq-out", "./a.csv", "--force")


STALE = ApprovedAnswer(id="a1", question="多重", answer="198g", product_id="[red]P[/nosuch]")


def test_stale_answers_are_shown_as_they_are(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReplyDesk, "stale", lambda _: [STALE])
    assert "[red]P[/nosuch]" in typed("replies", "list", "--stale").output
    (line,) = typed("replies", "list", "--stale", "--json").output.splitlines()
    assert json.loads(line) == {
        "id": "a1",
        "product_id": "[red]P[/nosuch]",
        "question": "多重",
        "text": "198g",
    }
    for others in (["--judged"], ["--limit", "50"], ["--decision", "send"]):
        with pytest.raises(InputError, match="--stale"):
            typed("replies", "list", "--stale", *others)


def test_a_product_id_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    gap = Gap(question="多重", product_id="[red]P[/nosuch]", count=1, answer="", examples=())
    _print_gaps([gap], 5)
    assert "[red]P[/nosuch]" in capsys.readouterr().out


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
