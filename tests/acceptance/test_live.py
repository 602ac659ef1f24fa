"""The jobs with the real model, killed in the middle and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from typed import SHOP, Run, command, rows

from zhanggui.records import EXTRA_PARTS

SMALL = "qwen2.5-coder-0.5b"


@pytest.mark.live
@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stopped(
    zhanggui: Run, models_dir: Path, tmp_path: Path
) -> None:
    zhanggui("--home", "h", "import", SHOP)
    out = tmp_path / "drafts.jsonl"
    wanted = ["P001", "P004", "P007", "P009"]
    chosen = [word for name in wanted for word in ("--product", name)]
    words = ("--home", "h", "--model", SMALL, "describe", *chosen, "--out", out)
    process = subprocess.Popen(command(*words), cwd=tmp_path, env=os.environ)
    deadline = time.monotonic() + 240
    while (not out.exists() or out.read_bytes().count(b"\n") < 2) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = rows(out)
    resumed = zhanggui(*words, "--resume", timeout=280)
    assert resumed.returncode == 0, resumed.stderr
    after = rows(out)
    assert after[: len(before)] == before
    assert [row["product_id"] for row in after] == wanted


@pytest.mark.live
@pytest.mark.slow
def test_nothing_unproved_is_publishable(zhanggui: Run, models_dir: Path, tmp_path: Path) -> None:
    zhanggui("--home", "h", "import", SHOP)
    done = zhanggui(
        "--home",
        "h",
        "--model",
        SMALL,
        "describe",
        "--product",
        "P002",
        "--product",
        "P026",
        "--out",
        "drafts.jsonl",
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    for row in rows(tmp_path / "drafts.jsonl"):
        assert any(c["status"] == "supported" and c["evidence"] for c in row["claims"])
        faulty = [c for c in row["claims"] if c["status"] in ("unsupported", "contradicted")]
        if row["publishable"]:
            assert not faulty
            assert not row["violations"]
        texts = {"title": row["title"], "body": row["body"]}
        texts |= {f"bullets.{n}": text for n, text in enumerate(row["bullets"])}
        texts |= {name: row[name] for name in EXTRA_PARTS if name in row}
        for claim in row["claims"]:
            assert texts[claim["part"]][claim["start"] : claim["end"]] == claim["text"]


@pytest.mark.live
@pytest.mark.slow
def test_what_the_shop_cannot_answer_is_handed_over(
    zhanggui: Run, models_dir: Path, tmp_path: Path
) -> None:
    zhanggui("--home", "h", "import", SHOP)
    done = zhanggui(
        "--home",
        "h",
        "--now",
        "2026-11-20",
        "--model",
        SMALL,
        "answer",
        "--questions",
        SHOP / "questions.jsonl",
        "--out",
        "answers.jsonl",
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    expected = {row["id"]: row for row in rows(SHOP / "questions.expected.jsonl")}
    given = rows(tmp_path / "answers.jsonl")
    assert len(given) == len(expected)
    unanswerable = [row for row in given if not expected[row["id"]]["answerable"]]
    handed_over = [row for row in unanswerable if row["decision"] == "hand_over"]
    assert len(handed_over) >= 0.9 * len(unanswerable)
    assert all(row["citations"] or row["decision"] != "send" for row in given if row["text"])
