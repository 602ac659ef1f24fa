"""The screening of stereotypes on public text: false alarms on copy, and what it finds."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhanggui.evals.figures import Figure
from zhanggui.law.check import check
from zhanggui.reviews.statistics import wilson

_MOST_ALARMS = 0.01
# An annotator's remark behind the rewritten sentence.
_REMARK = re.compile(r"\t|[（(]?(?:评|注|点评|批注|评论)\s*[:：]")


def figures(data: Path) -> list[Figure]:
    """Shares of texts that the rules `stereotype.*` name."""
    copy = [row["summary"] for row in _rows(data / "advertisegen" / "train5000.jsonl.gz")]
    flagged = sum(map(_named, copy))
    biased = list(_rows(data / "corgi_pm" / "biased_valid.jsonl.gz"))
    found = sum(_named(row["ori_sentence"]) for row in biased)
    wrongly = sum(_named(_REMARK.split(row["edit_sentence"])[0]) for row in biased)
    return [
        Figure(
            "stereotypes: advertising copy flagged",
            flagged / len(copy),
            "≤ 1 %",
            flagged / len(copy) <= _MOST_ALARMS,
            f"{flagged} of {len(copy)} texts of advertisegen, right or wrong",
        ),
        _share("stereotypes: recall on literature", found, len(biased), "biased sentences"),
        _share("stereotypes: precision on literature", found, found + wrongly, "flagged sentences"),
    ]


def _named(text: str) -> bool:
    return any(one.rule.startswith("stereotype.") for one in check({"text": text}, ""))


def _share(name: str, n: int, total: int, what: str) -> Figure:
    low, high = wilson(n, total)
    note = f"{n} of {total} {what} of corgi_pm, 95 % {low:.1%}–{high:.1%}; the rules are for copy"
    return Figure(name, n / total if total else 0.0, "", None, note)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
