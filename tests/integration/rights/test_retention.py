from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from people_shop import CUSTOMER, files_with, stop_at

from zhanggui.errors import InputError
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop
from zhanggui.store import orders, replies, reviews, runs, tickets, vault

MAY = datetime(2026, 5, 1)


@pytest.fixture
def at(home: Path) -> Callable[..., Shop]:
    """Opens the shop at a moment, with periods of retention."""

    def open_it(now: datetime, **days: int) -> Shop:
        settings = load_settings(home, retention_days=days)
        return Shop.open(settings, now=now, engine=FakeEngine(), embedder=FakeEmbedder())

    return open_it


def test_without_a_period_it_says_where_to_set_one(shop: Shop) -> None:
    with pytest.raises(InputError, match=r"\[retention_days\] into settings.toml"):
        shop.apply_retention()


def test_the_home_folder_says_how_long(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[retention_days]\norders = 30\n", encoding="utf-8")
    assert load_settings(home).retention_days.orders == 30
    assert load_settings(home).retention_days.tickets is None


def test_old_orders_go_with_the_values_that_only_they_told(
    at: Callable[..., Shop], exports: Path
) -> None:
    with at(MAY, orders=30) as shop:
        shop.import_folder(exports)
        person = shop.vault.lookup_key(CUSTOMER)
        report = shop.apply_retention()
        with shop.store.read() as conn:
            (left,) = orders.every(conn)
            mine = {trace.value for trace in shop.vault.traces(conn, person).every}
            assert shop.vault.restore(conn, left.receiver, left.customer_id) == "甄有余"
            told = shop.vault.restore(conn, reviews.every(conn)[0].content, None)
    assert report.deleted == {"orders": 1, "vault_values": 4, "vault_keys": 0}
    # What stood in the order only is gone; the ticket keeps the rest.
    said = {"11010519491231002X", "canary@example.com", "欧阳雀鸣", "试验路7号2幢"}
    assert mine == {CUSTOMER, *said}
    assert told.endswith("canary@example.com")


def test_a_period_that_is_not_over_deletes_nothing(at: Callable[..., Shop], exports: Path) -> None:
    with at(MAY, orders=90, tickets=1, replies=1, runs=1) as shop:
        shop.import_folder(exports)
        assert set(shop.apply_retention().deleted.values()) == {0}


def test_tickets_count_from_their_import_and_take_the_person_along(
    at: Callable[..., Shop], exports: Path, home: Path
) -> None:
    (exports / "orders.csv").unlink()
    with at(MAY) as shop:
        shop.import_folder(exports)
    with at(datetime.now() + timedelta(days=40), tickets=30) as shop:
        report = shop.apply_retention()
        with shop.store.read() as conn:
            assert tickets.every(conn) == []
            assert vault.key_of(conn, shop.vault.lookup_key(CUSTOMER)) is None
    assert report.deleted["tickets"] == report.deleted["vault_keys"] == 2
    assert set(files_with(home)) <= {"shop.sqlite"}


def test_replies_runs_and_their_files_go(
    at: Callable[..., Shop], exports: Path, questions: Path, home: Path, tmp_path: Path
) -> None:
    inside, outside = home / "a.jsonl", tmp_path / "b.jsonl"
    with at(MAY) as shop:
        shop.import_folder(exports)
        shop.answer_to(inside, questions)
        shop.answer_to(outside, questions)
    with at(datetime.now() + timedelta(days=40), replies=30, runs=30) as shop:
        report = shop.apply_retention()
        with shop.store.read() as conn:
            assert replies.every(conn) == []
            assert runs.every(conn) == []
            assert len(orders.every(conn)) == 2
    assert report.deleted["replies"] == 3
    assert report.deleted["runs"] == 2
    assert report.files == [inside]
    assert report.outside == [outside]
    assert not inside.exists()
    assert outside.exists()


def test_the_journal_of_a_stopped_workbook_goes(
    at: Callable[..., Shop],
    exports: Path,
    questions: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = home / "a.xlsx"
    with at(MAY) as shop:
        shop.import_folder(exports)
        stop_at(2, monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            shop.answer_to(out, questions)
    journal = home / "a.xlsx.partial"
    assert "SF9000000000006" in journal.read_text("utf-8")
    with at(datetime.now() + timedelta(days=40), runs=30) as shop:
        assert shop.apply_retention().files == [journal]
    assert not any("SF9000000000006" in found for found in files_with(home).values())


def test_a_period_is_a_positive_number_of_days(home: Path) -> None:
    with pytest.raises(InputError, match=re.escape("retention_days.orders")):
        load_settings(home, retention_days={"orders": 0})
