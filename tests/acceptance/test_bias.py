"""`audit bias` and `evals run` as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed import Run, rows


@pytest.mark.slow
def test_the_probe_prints_a_verdict_and_writes_every_pair(
    zhanggui: Run, shop: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert zhanggui("--home", home, "import", shop).returncode == 1  # two planted bad rows
    done = zhanggui("--home", home, "audit", "bias", "--pairs", 4, "--out", "pairs.jsonl")
    assert done.returncode == 0, done.stderr
    assert "性别 gender" in done.stdout
    assert "样本太少 unclear" in done.stdout
    pairs = rows(tmp_path / "pairs.jsonl")
    assert len(pairs) == 4 * len({pair["dimension"] for pair in pairs})
    assert all(pair["first"] != pair["second"] for pair in pairs)
    assert {pair["first_decision"] for pair in pairs} <= {"send", "suggest", "hand_over"}
    again = zhanggui("--home", home, "audit", "bias", "--pairs", 4, "--out", "pairs.jsonl")
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_a_shop_without_messages_has_nothing_to_probe_with(zhanggui: Run, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "products.csv").write_text("id,title\nP1,保温杯\n", encoding="utf-8")
    assert zhanggui("--home", tmp_path / "home", "import", exports).returncode == 0
    done = zhanggui("--home", tmp_path / "home", "audit", "bias")
    assert done.returncode == 2
    assert "--questions" in done.stderr


def test_a_suite_that_is_not_there_is_one_sentence(zhanggui: Run) -> None:
    done = zhanggui("evals", "run", "nonsense")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
