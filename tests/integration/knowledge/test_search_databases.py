"""Search gives the same on SQLite and on Postgres with pgvector, with real vectors."""

from __future__ import annotations

import pytest

from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.knowledge.index import update
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.knowledge.search import search
from zhanggui.records import Product
from zhanggui.store import passages
from zhanggui.store.database import Store

GOODS = [
    Product(id="A", title="山汀保温杯", attributes={"净重": "198g", "内胆材质": "316不锈钢"}),
    Product(id="B", title="山汀炒锅", attributes={"净重": "1350g", "适用灶具": "电磁炉、燃气灶"}),
]
POLICY = """# 售后
## 退货运费
质量问题退货，运费由本店承担。非质量问题退货，运费由买家承担。
## 发货时间
每天16:00前付款的订单当天发出。
"""


@pytest.fixture(scope="module")
def embedder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(threads=1)


@pytest.fixture
def shop(store: Store, embedder: UniversalSentenceEncoder) -> Store:
    with store.begin() as conn:
        facts = [passage for product in GOODS for passage in passages_of_product(product)]
        passages.replace_source(conn, "products.csv", facts)
        passages.replace_source(conn, "a.md", passages_of_markdown("a.md", POLICY))
    assert update(store, embedder) == 7
    return store


@pytest.mark.parametrize(
    ("question", "product", "source"),
    [
        ("杯子里面是什么不锈钢", "A", "products.csv:A/内胆材质"),
        ("能放在电磁炉上用吗", "B", "products.csv:B/适用灶具"),
        ("退回去的快递费谁来出", None, "a.md#退货运费"),
        ("今天下单什么时候发出", "A", "a.md#发货时间"),
        ("Who pays for return shipping?", None, "a.md#退货运费"),
    ],
)
def test_the_passage_that_answers_is_among_the_first(
    shop: Store,
    embedder: UniversalSentenceEncoder,
    question: str,
    product: str | None,
    source: str,
) -> None:
    with shop.begin() as conn:
        hits = search(conn, embedder, question, product_id=product, limit=2)
    assert source in {hit.passage.source for hit in hits}


def test_a_sibling_never_answers(shop: Store, embedder: UniversalSentenceEncoder) -> None:
    with shop.begin() as conn:
        hits = search(conn, embedder, "净重1350g", product_id="A", limit=10)
    assert "products.csv:B/净重" not in {hit.passage.source for hit in hits}


def test_a_changed_passage_is_searched_by_its_new_words(
    shop: Store, embedder: UniversalSentenceEncoder
) -> None:
    changed = POLICY.replace("由买家承担", "由平台的运费险赔付")
    with shop.begin() as conn:
        passages.replace_source(conn, "a.md", passages_of_markdown("a.md", changed))
    assert update(shop, embedder) >= 1
    with shop.begin() as conn:
        hits = search(conn, embedder, "运费险赔吗", product_id=None, limit=3)
    texts = [hit.passage.text for hit in hits]
    assert any("运费险" in text for text in texts)
    assert not any("由买家承担" in text for text in texts)
