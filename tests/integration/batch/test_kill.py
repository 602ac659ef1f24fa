"""A run in a process of its own is killed again and again and loses nothing."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from zhanggui.store import model_cache, receipts, runs
from zhanggui.store.database import Store

ITEMS = 40
KILLS = 4

RUN = """
import sys, time
from pathlib import Path
from zhanggui.batch.run import Outcome, run_items
from zhanggui.records import Receipt
from zhanggui.store import model_cache
from zhanggui.store.database import Store

url, out, diary, items, mode = sys.argv[1:]

def work(number):
    with open(diary, "a") as file:
        file.write(f"{number}\\n")
    time.sleep(0.004 * (number % 4))
    def commit(conn):
        assert model_cache.get(conn, f"item{number}") is None
        model_cache.put(conn, f"item{number}", "stored")
    receipt = Receipt(purpose="describe.write", tier="model", ms=1.0)
    rows = [{"id": f"item{number}", "text": "多行\\n文字" * (number % 7)}]
    return Outcome(rows=rows, commit=commit, receipts=[receipt])

with Store.open(url) as store:
    run_items(store, kind="describe", out=Path(out), mode=mode, work=work,
              items=[(f"item{number}", number) for number in range(int(items))])
"""


def ids(out: Path) -> list[str]:
    if out.suffix == ".jsonl":
        return [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]
    if out.suffix == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            return [row["id"] for row in csv.DictReader(file)]
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    return [str(row[0]) for row in sheet[1:]]


def worked(diary: Path) -> list[int]:
    return [int(line) for line in diary.read_text().splitlines()] if diary.exists() else []


def done_items(store: Store, out: Path) -> set[int]:
    with store.read() as conn:
        run = runs.latest(conn, os.path.normcase(out.resolve()))
        if run is None:
            return set()
        return {item.position for item in runs.items(conn, run.id) if item.state == "done"}


@pytest.mark.parametrize(
    ("store_url", "name"),
    [("sqlite", "out.jsonl"), ("sqlite", "out.xlsx"), ("postgres", "out.csv")],
    indirect=["store_url"],
)
def test_a_killed_run_loses_nothing_and_repeats_nothing(
    store: Store, store_url: str, tmp_path: Path, name: str
) -> None:
    out, diary = tmp_path / name, tmp_path / "diary"
    chance = random.Random(f"{name} {store_url.partition(':')[0]}")
    stops = sorted(chance.sample(range(ITEMS), KILLS))
    arguments = [sys.executable, "-c", RUN, store_url, str(out), str(diary), str(ITEMS)]
    for number, stop in enumerate(stops):
        before = done_items(store, out)
        start = len(worked(diary))
        process = subprocess.Popen([*arguments, "resume" if number else "new"])
        while process.poll() is None and stop not in worked(diary):
            time.sleep(0.001)
        # Anywhere in the work, the writing, the flushing or the commit.
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.wait()
        assert before.isdisjoint(worked(diary)[start:]), "an item that was done was worked again"
    before = done_items(store, out)
    start = len(worked(diary))
    subprocess.run([*arguments, "resume"], check=True)
    assert worked(diary)[start:] == sorted(set(range(ITEMS)) - before)
    assert len(worked(diary)) <= ITEMS + KILLS
    assert ids(out) == [f"item{number}" for number in range(ITEMS)]
    with store.read() as conn:
        run = runs.latest(conn, os.path.normcase(out.resolve()))
        assert run is not None
        assert (run.state, run.done, run.rows_written) == ("done", ITEMS, ITEMS)
        assert [item.key for item in runs.items(conn, run.id)] == ids(out)
        assert [total.calls for total in receipts.totals(conn, run.id)] == [ITEMS]
        assert model_cache.get(conn, f"item{ITEMS - 1}") == "stored"
