from __future__ import annotations

import pytest

from zhanggui.knowledge import index
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.knowledge.index import embedded_text, update
from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.store.database import Store


def test_only_new_passages_are_encoded(shop: Store) -> None:
    assert update(shop, FakeEmbedder()) == 0
    with shop.begin() as conn:
        passages.replace_source(
            conn, "a.md", [Passage(id="x", source="a.md", text="包邮", kind="policy")]
        )
    assert update(shop, FakeEmbedder()) == 1


def test_batches_cover_everything(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    many = [Passage(id=str(n), source="a.md", text=f"第{n}条", kind="policy") for n in range(5)]
    with store.begin() as conn:
        passages.replace_source(conn, "a.md", many)
    assert update(store, FakeEmbedder()) == 5
    with store.begin() as conn:
        assert passages.without_vector(conn) == []


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        (Passage(id="", source="f:2", text="可以", kind="faq", question="包邮吗"), "包邮吗"),
        (
            Passage(id="", source="p:1/重", text="重：1kg", kind="attribute", heading="杯"),
            "重：1kg",
        ),
        (
            Passage(id="", source="a#乙", text="**满**99元", kind="policy", heading="甲 > 乙 > 丙"),
            "乙 丙 满99元",
        ),
    ],
)
def test_the_text_that_a_question_resembles_is_encoded(passage: Passage, text: str) -> None:
    assert embedded_text(passage) == text
