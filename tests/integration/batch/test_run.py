from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from zhanggui.batch.pace import Progress
from zhanggui.batch.run import ItemFailure, Outcome, RunSummary, run_items
from zhanggui.errors import (
    EngineTimeout,
    EngineUnreachable,
    InputError,
    OutputExists,
    StoreError,
)
from zhanggui.ingest.writers import RowWriter
from zhanggui.records import Receipt
from zhanggui.store import model_cache, receipts, runs
from zhanggui.store.column_types import utc_now
from zhanggui.store.database import Store
from zhanggui.store.schema import run_items as items_table
from zhanggui.store.schema import runs as runs_table

KEYS = ["一", "二", "三", "四", "五"]


class Work:
    """Writes one row for each item, and fails where it is told to."""

    def __init__(self, troubles: dict[str, BaseException] | None = None) -> None:
        self.troubles = troubles or {}
        self.worked: list[str] = []

    def __call__(self, key: str) -> Outcome:
        self.worked.append(key)
        if key in self.troubles:
            raise self.troubles[key]
        return Outcome(
            rows=[{"id": key, "text": f"{key}：\n“好”, 真好"}],
            commit=lambda conn: model_cache.put(conn, key, "stored"),
            receipts=[Receipt(purpose="describe.write", tier="model", ms=10.0)],
        )


def run(
    store: Store,
    out: Path,
    work: Callable[[str], Outcome],
    keys: list[str] | None = None,
    **given: Any,
) -> RunSummary:
    items = [(key, key) for key in keys or KEYS]
    return run_items(
        store, **{"kind": "describe", "out": out, "items": items, "work": work} | given
    )


def ids(out: Path) -> list[str]:
    if out.suffix == ".jsonl":
        return [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]
    if out.suffix == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            return [row["id"] for row in csv.DictReader(file)]
    sheet = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    return [str(row[0]) for row in sheet[1:]]


def latest(store: Store, out: Path) -> runs.Run:
    with store.read() as conn:
        found = runs.latest(conn, os.path.normcase(out.resolve()))
    assert found is not None
    return found


def change_run(store: Store, **values: Any) -> None:
    with store.begin() as conn:
        conn.execute(update(runs_table).values(**values))


@pytest.fixture(params=["out.jsonl", "out.csv", "out.xlsx"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def stop_at(store: Store, out: Path, key: str, **given: Any) -> None:
    """A run that stops at `key` as one that loses its model does."""
    with pytest.raises(EngineUnreachable):
        run(store, out, Work({key: EngineUnreachable("Nobody listens.")}), **given)


def test_a_run_writes_all_rows_and_notes_all_items(store: Store, out: Path) -> None:
    summary = run(store, out, Work())
    assert ids(out) == KEYS
    ledger = latest(store, out)
    assert summary == RunSummary(run_id=ledger.id, total=5, done=5, resumed=0, failures=())
    assert (ledger.state, ledger.done, ledger.failed, ledger.total) == ("done", 5, 0, 5)
    assert ledger.rows_written == 5
    assert ledger.finished is not None
    with store.read() as conn:
        noted = runs.items(conn, ledger.id)
        assert [(item.key, item.position, item.state) for item in noted] == [
            (key, position, "done") for position, key in enumerate(KEYS)
        ]
        assert [total.calls for total in receipts.totals(conn, ledger.id)] == [5]
        assert model_cache.get(conn, "五") == "stored"


def test_an_existing_file_is_refused_and_keeps_its_run(store: Store, out: Path) -> None:
    stop_at(store, out, "三")
    with pytest.raises(OutputExists):
        run(store, out, Work())
    assert run(store, out, Work(), mode="resume").resumed == 2


def test_a_stopped_run_says_how_to_go_on_and_does(store: Store, out: Path) -> None:
    with pytest.raises(EngineUnreachable, match=r"^Nobody listens\. 2 of 5 are done.*--resume\.$"):
        run(store, out, Work({"三": EngineUnreachable("Nobody listens.")}))
    assert latest(store, out).state == "failed"
    work = Work()
    summary = run(store, out, work, mode="resume")
    assert work.worked == ["三", "四", "五"]
    assert (summary.done, summary.resumed) == (5, 2)
    assert ids(out) == KEYS


def test_a_failing_item_does_not_stop_the_run(store: Store, out: Path) -> None:
    summary = run(store, out, Work({"二": EngineTimeout("Too slow.")}))
    assert summary.failures == (ItemFailure("二", "Too slow."),)
    assert ids(out) == ["一", "三", "四", "五"]
    ledger = latest(store, out)
    assert (ledger.state, ledger.done, ledger.failed) == ("done", 4, 1)


def test_a_resume_tries_only_failed_items_again(store: Store, out: Path) -> None:
    run(store, out, Work({"二": EngineTimeout("x"), "四": EngineTimeout("y")}))
    work = Work({"四": EngineTimeout("still")})
    summary = run(store, out, work, mode="resume")
    assert work.worked == ["二", "四"]
    assert summary.failures == (ItemFailure("四", "still"),)
    assert ids(out) == ["一", "三", "五", "二"]
    assert latest(store, out).failed == 1


def test_a_finished_file_is_not_touched_by_a_resume(store: Store, out: Path) -> None:
    run(store, out, Work())
    before = out.read_bytes(), out.stat().st_mtime_ns
    work = Work()
    summary = run(store, out, work, mode="resume")
    assert (summary.done, summary.resumed, work.worked) == (5, 5, [])
    assert (out.read_bytes(), out.stat().st_mtime_ns) == before


def test_items_that_came_later_are_added(store: Store, out: Path) -> None:
    run(store, out, Work())
    work = Work()
    run(store, out, work, [*KEYS, "六"], mode="resume")
    assert work.worked == ["六"]
    assert ids(out) == [*KEYS, "六"]
    assert latest(store, out).total == 6


def test_force_starts_anew(store: Store, out: Path) -> None:
    stop_at(store, out, "三")
    work = Work()
    run(store, out, work, ["七"], mode="force")
    assert ids(out) == ["七"]
    with store.read() as conn:
        states = list(conn.scalars(select(runs_table.c.state).order_by(runs_table.c.started)))
    assert states == ["abandoned", "done"]


def test_the_same_key_twice_is_two_items(store: Store, out: Path) -> None:
    keys = ["甲", "乙", "甲"]
    stop_at(store, out, "乙", keys=keys)
    work = Work()
    run(store, out, work, keys, mode="resume")
    assert work.worked == ["乙", "甲"]
    assert ids(out) == keys


def test_an_interrupted_run_can_go_on(store: Store, out: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(store, out, Work({"四": KeyboardInterrupt()}))
    assert (latest(store, out).state, latest(store, out).reason) == ("failed", "KeyboardInterrupt")
    run(store, out, Work(), mode="resume")
    assert ids(out) == KEYS


def test_a_death_between_file_and_ledger_repeats_one_item(store: Store, out: Path) -> None:
    def work(key: str) -> Outcome:
        def die(conn: object) -> None:
            if key == "三":
                raise SystemError

        rows = [{"id": key, "text": ""}, {"id": key + "b", "text": ""}]
        return Outcome(rows=rows, commit=die)

    with pytest.raises(SystemError):
        run(store, out, work)
    again = Work()
    run(store, out, again, mode="resume")
    assert again.worked == ["三", "四", "五"]
    assert ids(out) == ["一", "一b", "二", "二b", "三", "四", "五"]


def test_what_an_item_stores_is_dropped_with_it(store: Store, lines: Path) -> None:
    def work(key: str) -> Outcome:
        def store_and_die(conn: Any) -> None:
            model_cache.put(conn, key, "stored")
            raise SystemError

        return Outcome(rows=[{"id": key}], commit=store_and_die)

    with pytest.raises(SystemError):
        run(store, lines, work)
    with store.read() as conn:
        assert model_cache.get(conn, "一") is None
        assert conn.scalar(select(func.count()).select_from(items_table)) == 0


def test_a_run_in_progress_is_left_alone(store: Store, out: Path) -> None:
    refused: list[str] = []

    def work(key: str) -> Outcome:
        for mode in ("new", "resume", "force"):
            with pytest.raises((InputError, OutputExists)) as caught:
                run(store, out, Work(), mode=mode)
            refused.append(str(caught.value))
        return Outcome(rows=[{"id": key}])

    run(store, out, work, ["一"])
    assert ids(out) == ["一"]
    assert len(refused) == 3
    assert all(f"is being written by process {os.getpid()}" in why for why in refused)


def abandon_to(store: Store, lines: Path, **owner: Any) -> None:
    """Leaves a run that looks as if the process in `owner` were at it."""
    stop_at(store, lines, "三")
    change_run(store, state="running", finished=None, **({"heartbeat": utc_now()} | owner))


def test_the_run_of_a_dead_process_is_taken_over(store: Store, lines: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    abandon_to(store, lines, pid=dead.pid)
    assert run(store, lines, Work(), mode="resume").resumed == 2


def test_the_run_of_a_process_whose_pid_was_given_away_is_taken_over(
    store: Store, lines: Path
) -> None:
    abandon_to(store, lines, process_started=1000.0)
    assert run(store, lines, Work(), mode="resume").resumed == 2


def test_the_run_of_a_silent_process_is_taken_over(store: Store, lines: Path) -> None:
    abandon_to(store, lines, heartbeat=utc_now() - timedelta(minutes=10))
    assert run(store, lines, Work(), mode="resume").resumed == 2


def test_a_run_on_another_machine_counts_as_alive_while_it_beats(store: Store, lines: Path) -> None:
    abandon_to(store, lines, host="another-machine")
    with pytest.raises(InputError, match="on another-machine"):
        run(store, lines, Work(), mode="resume")
    change_run(store, heartbeat=utc_now() - timedelta(minutes=10))
    assert run(store, lines, Work(), mode="resume").resumed == 2


def test_a_process_that_lost_its_run_writes_nothing_more(store: Store, lines: Path) -> None:
    def work(key: str) -> Outcome:
        if key == "三":
            change_run(store, owner="another")
        return Outcome(rows=[{"id": key}])

    with pytest.raises(StoreError, match="Another process has taken over"):
        run(store, lines, work)
    assert ids(lines) == ["一", "二"]
    assert latest(store, lines).state == "running"


def test_without_a_ledger_the_file_tells_what_is_done(
    store: Store, out: Path, tmp_path: Path
) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'another-home.sqlite'}") as other:
        stop_at(other, out, "四")
    work = Work()
    summary = run(store, out, work, mode="resume")
    assert work.worked == ["四", "五"]
    assert summary.resumed == 3
    assert ids(out) == KEYS
    assert run(store, out, work, mode="resume").resumed == 5


def test_without_a_ledger_a_torn_row_is_done_again(store: Store, lines: Path) -> None:
    lines.write_text('{"id":"一"}\n{"id":"二"}\n{"id":"三", "te', encoding="utf-8")
    work = Work()
    run(store, lines, work, mode="resume")
    assert work.worked == ["三", "四", "五"]
    assert ids(lines) == KEYS


@pytest.mark.parametrize("content", ['{"name":"一"}\n', "hello\n", "[1]\n"])
def test_a_file_that_is_no_output_is_not_resumed(store: Store, lines: Path, content: str) -> None:
    lines.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="is not an output of this command"):
        run(store, lines, Work(), mode="resume")
    assert lines.read_text("utf-8") == content


def test_a_resume_of_nothing_starts(store: Store, out: Path) -> None:
    run(store, out, Work(), mode="resume")
    assert ids(out) == KEYS


def test_another_command_cannot_resume_the_file(store: Store, lines: Path) -> None:
    stop_at(store, lines, "三")
    with pytest.raises(InputError, match="was written by `describe`"):
        run(store, lines, Work(), mode="resume", kind="answer")


def test_changed_inputs_cannot_resume_the_file(store: Store, lines: Path) -> None:
    stop_at(store, lines, "三", inputs="digest-a")
    with pytest.raises(InputError, match="was made from has changed"):
        run(store, lines, Work(), mode="resume", inputs="digest-b")
    assert run(store, lines, Work(), mode="resume", inputs="digest-a").done == 5


@pytest.mark.parametrize("change", ["removed", "shorter", "rewritten"])
def test_a_file_changed_by_others_is_not_resumed(store: Store, tmp_path: Path, change: str) -> None:
    out = tmp_path / "out.csv"
    stop_at(store, out, "四")
    if change == "removed":
        out.unlink()
    elif change == "shorter":
        out.write_bytes(out.read_bytes()[:-20])
    else:
        out.write_bytes(b"id,text\n" + b"\xd2\xbb,x\n" * 3)
    with pytest.raises(InputError, match="was changed or removed"):
        run(store, out, Work(), mode="resume")
    assert out.exists() == (change != "removed")


def test_progress_counts_and_estimates(store: Store, lines: Path) -> None:
    stop_at(store, lines, "二")
    seen: list[Progress] = []
    work = Work({"三": EngineTimeout("x")})
    run(store, lines, work, mode="resume", on_progress=seen.append)
    assert [(each.done, each.failed, each.total, each.resumed) for each in seen] == [
        (1, 0, 5, 1),
        (2, 0, 5, 1),
        (2, 1, 5, 1),
        (3, 1, 5, 1),
        (4, 1, 5, 1),
    ]
    assert [each.seconds_left is None for each in seen] == [True, True, True, False, False]
    assert seen[-1].seconds_left == 0


def test_rows_are_on_the_disk_before_the_ledger_says_done(
    store: Store, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync = RowWriter.sync

    def noted_sync(writer: RowWriter) -> None:
        sync(writer)
        events.append("synced")

    monkeypatch.setattr(RowWriter, "sync", noted_sync)
    run(
        store,
        lines,
        lambda key: Outcome(rows=[{"id": key}], commit=lambda conn: events.append("committed")),
        ["一", "二"],
    )
    assert events == ["synced", "committed"] * 2
