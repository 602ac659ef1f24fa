"""The rights of persons as a user types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typed import Run, rows

CUSTOMER = "C1001"


@pytest.fixture
def strings(shop: Path) -> set[str]:
    """What the example shop's exports tell of the customer."""
    with (shop / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        mine = [row for row in csv.DictReader(file) if row["customer_id"].strip() == CUSTOMER]
    names = ("order_id", "customer_id", "tracking_no", "receiver", "phone", "address")
    return {row[name].strip() for row in mine for name in names}


def holding(folder: Path, strings: set[str]) -> set[str]:
    return {
        file.name
        for file in folder.rglob("*")
        if file.is_file() and any(text.encode() in file.read_bytes() for text in strings)
    }


@pytest.mark.slow
def test_a_customer_is_told_what_is_stored_and_leaves(
    zhanggui: Run, shop: Path, tmp_path: Path, strings: set[str]
) -> None:
    home = ("--home", "h")
    assert zhanggui(*home, "import", shop).returncode == 1
    asked = {"id": "q1", "question": "我的快递到哪了", "customer_id": CUSTOMER}
    (tmp_path / "q.jsonl").write_text(json.dumps(asked) + "\n", encoding="utf-8")
    done = zhanggui(*home, "answer", "--questions", "q.jsonl", "--out", "h/out/a.jsonl")
    assert done.returncode == 0, done.stderr
    assert holding(tmp_path / "h", strings) == {"a.jsonl"}

    refused = zhanggui(*home, "export", "--customer", CUSTOMER, "--out", "her.json")
    assert refused.returncode == 2
    assert "--pii" in refused.stderr
    assert not (tmp_path / "her.json").exists()
    shown = zhanggui(*home, "export", "--customer", CUSTOMER, "--out", "her.json", "--pii")
    assert shown.returncode == 0, shown.stderr
    told = (tmp_path / "her.json").read_text("utf-8")
    assert [text for text in strings if text not in told] == []

    asked_first = zhanggui(*home, "erase", "--customer", CUSTOMER)
    assert asked_first.returncode == 2
    assert "--yes" in asked_first.stderr
    erased = zhanggui(*home, "erase", "--customer", CUSTOMER, "--yes", "--json")
    assert erased.returncode == 0, erased.stderr
    receipt = json.loads(erased.stdout)
    assert receipt["complete"]
    assert receipt["remains"] == []
    assert receipt["deleted"]["orders"] >= 1
    assert not any(text in erased.stdout + erased.stderr for text in strings)
    assert holding(tmp_path / "h", strings) == set()
    assert rows(tmp_path / "h" / "out" / "a.jsonl") == []

    again = zhanggui(*home, "import", shop)
    assert "rows of erased customers left out" in again.stdout
    assert holding(tmp_path / "h", strings) == set()
    assert zhanggui(*home, "erase", "--customer", "C-none", "--yes").returncode == 2


def test_a_file_in_the_way_is_named(zhanggui: Run, shop: Path, tmp_path: Path) -> None:
    zhanggui("--home", "h", "import", shop)
    (tmp_path / "h" / "note.txt").write_text("联系林知夏", encoding="utf-8")
    stopped = zhanggui("--home", "h", "erase", "--customer", CUSTOMER, "--yes")
    assert stopped.returncode == 1
    assert "note.txt" in stopped.stderr


def test_retention_says_what_it_did(zhanggui: Run, shop: Path, tmp_path: Path) -> None:
    zhanggui("--home", "h", "import", shop)
    assert zhanggui("--home", "h", "retention").returncode == 2
    (tmp_path / "h" / "settings.toml").write_text("[retention_days]\norders = 30\n")
    done = zhanggui("--home", "h", "--now", "2030-01-01", "retention")
    assert done.returncode == 0, done.stderr
    assert "orders: 0 deleted" not in done.stdout
    assert "vault_keys" in done.stdout
