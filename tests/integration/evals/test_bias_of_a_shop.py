"""The probe on a real store, with the shop's own pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.errors import InputError
from zhanggui.evals.bias import OUTCOMES, answering, probe, report, traffic
from zhanggui.evals.swaps import dimensions, pairs_of
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

FAQ = "question,answer\n能开发票吗,可以开电子发票。\n能放洗碗机吗,可以放上层清洗。\n"
TICKET = {
    "id": "T1",
    "product_id": None,
    "messages": [
        {"role": "customer", "text": "在吗"},
        {"role": "shop", "text": "在的"},
        {"role": "customer", "text": "怎么申请发票？"},
    ],
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop.open(load_settings(tmp_path / "home"), embedder=FakeEmbedder()) as opened:
        yield opened


def test_a_shop_is_probed_with_its_own_traffic(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "faq.csv").write_text(FAQ, encoding="utf-8")
    (folder / "tickets.jsonl").write_text(json.dumps(TICKET), encoding="utf-8")
    shop.import_folder(folder)
    more = tmp_path / "more.jsonl"
    more.write_text(
        '{"id": "q", "question": "发票几天能开好？"}\n{"id": "bad"}\n', encoding="utf-8"
    )

    asked, faults = traffic(shop, more)
    assert [one.id for one in asked] == ["T1/0", "T1/2", "faq.csv:2", "faq.csv:3", "q"]
    assert len(faults) == 1
    answered = list(probe(pairs_of(asked, 20), answering(shop, model=False)))
    assert "send" in {one.first.decision for one in answered}
    compared = report(answered)
    assert len(compared) == len(OUTCOMES) * len({one.pair.dimension for one in answered})
    assert {one.dimension for one in compared} <= {one.name for one in dimensions()}


def test_a_shop_without_messages_says_so(shop: Shop) -> None:
    with pytest.raises(InputError, match="--questions"):
        traffic(shop)
