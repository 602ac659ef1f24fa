"""`zhanggui audit` as a user types it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typed import Run


def a_shop(folder: Path) -> Path:
    folder.mkdir()
    (folder / "products.csv").write_text(
        "id,title,category,attributes\nP1,保温杯,厨具,容量:500ml;材质:316不锈钢\n", encoding="utf-8"
    )
    return folder


@pytest.mark.slow
def test_the_audit_is_verified_shown_and_seen_to_be_broken(zhanggui: Run, tmp_path: Path) -> None:
    zhanggui("--home", "h", "import", a_shop(tmp_path / "exports"))
    good = zhanggui("--home", "h", "audit", "verify", "--json")
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["rows"] == 1
    shown = zhanggui("--home", "h", "audit", "show", "import", "--json")
    (row,) = json.loads(shown.stdout)["rows"]
    assert [(one["id"], one["now"]) for one in row["inputs"]] == [("products.csv", "same")]
    assert "products.csv" in zhanggui("--home", "h", "audit", "show", "import").stdout
    unknown = zhanggui("--home", "h", "audit", "show", "P404")
    assert unknown.returncode == 2
    assert "knows nothing of 'P404'" in unknown.stderr
    with sqlite3.connect(tmp_path / "h" / "shop.sqlite") as raw:
        raw.execute("DROP TRIGGER audit_no_update")
        raw.execute("UPDATE audit SET record = replace(record, 'system', 'nobody')")
    raw.close()
    bad = zhanggui("--home", "h", "audit", "verify")
    assert bad.returncode == 2
    assert "row 1" in bad.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify"),
        ("audit", "show", "P1"),
        ("audit", "approve", "P1:generic", "--by", "somebody"),
        ("audit", "bias"),
        ("erase", "--customer", "C1", "--yes"),
        ("export", "--customer", "C1", "--pii", "--out", "her.json"),
        ("retention",),
    ],
)
def test_a_typo_in_home_is_said_and_makes_no_shop(
    zhanggui: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    refused = zhanggui("--home", "tpyo", *words)
    assert refused.returncode == 2
    assert "There is no shop in tpyo: check --home" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "tpyo").exists()
