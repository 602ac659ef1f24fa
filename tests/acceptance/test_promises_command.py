"""`zhanggui promises` as a user types it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.cells import cell_len
from typed import Run, rows

from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

LONG = "conversation-" + "x" * 40
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_promises_are_listed_written_and_kept(tmp_path: Path, zhanggui: Run) -> None:
    settings = load_settings(tmp_path / "h")
    with Shop.open(settings, engine=FakeEngine(), embedder=FakeEmbedder()) as shop:
        talks = shop.conversations()
        talks.say("c1", "s1", "小王", "今天给您发出", at=NOON)
        talks.say(LONG, "s1", "小王", "下周一给您补偿20元", at=NOON + timedelta(minutes=1))

    def typed(*words: object) -> str:
        done = zhanggui("--home", "h", "--now", "2026-11-25T12:30", "promises", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = typed()
    assert "2 promises, 2 ⚠" in listed
    assert "2026-11-25 23:59" in listed
    assert max(map(cell_len, listed.splitlines())) <= 80
    assert "…" not in listed
    typed("--out", "all.csv")
    typed("--due", "--out", "due.jsonl")
    (due,) = rows(tmp_path / "due.jsonl")
    assert (due["kind"], due["text"], due["conversation_id"]) == ("dispatch", "今天给您发出", "c1")
    assert "1 kept" in typed("keep", due["id"])
    assert "0 promises" in typed("--due")
    assert "2 promises" in typed("--all")
    again = zhanggui("--home", "h", "promises", "keep", due["id"])
    assert again.returncode == 2
    assert "No open promise" in again.stderr
    assert zhanggui("--home", "h", "promises", "--out", "all.csv").returncode == 2
