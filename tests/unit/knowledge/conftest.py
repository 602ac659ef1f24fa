from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.index import update
from zhanggui.records import FaqRow, Product
from zhanggui.store import passages
from zhanggui.store.database import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{(tmp_path / 'shop.sqlite').as_posix()}") as opened:
        yield opened


@pytest.fixture
def shop(store: Store) -> Store:
    """Two cups that differ in weight, and one answer for all."""
    goods = [
        Product(id="A", title="小杯", attributes={"净重": "198g", "材质": "陶瓷"}),
        Product(id="B", title="大杯", attributes={"净重": "390g"}),
    ]
    with store.begin() as conn:
        found = [passage for product in goods for passage in passages_of_product(product)]
        passages.replace_source(conn, "products.csv", found)
        row = FaqRow(line=2, question="净重是什么意思", answer="不含包装的重量。")
        passages.replace_source(conn, "faq.csv", passages_of_faq([row]))
    update(store, FakeEmbedder())
    return store
