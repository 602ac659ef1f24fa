from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from plain_vault import PlainVault

from zhanggui.answers.pipeline import Answerer
from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.index import update
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.llm.engine import Engine
from zhanggui.records import FaqRow, Order, Product
from zhanggui.store import orders, passages, products
from zhanggui.store.database import Store

TODAY = date(2026, 11, 24)

GOODS = [
    Product(
        id="P1",
        title="雾岚保温杯 350ml",
        category="保温杯",
        brand="雾岚",
        price=Decimal("69"),
        stock=0,
        attributes={"内胆材质": "316不锈钢", "杯盖材质": "PP", "净重": "198g", "洗碗机": "不可用"},
    ),
    Product(
        id="P2",
        title="雾岚保温杯 500ml",
        category="保温杯",
        brand="雾岚",
        attributes={"净重": "285g", "电池": "CR2032，续航约60天，屏显温度"},
    ),
]
POLICY = """# 售后
## 退货运费
质量问题退货，运费由本店承担。非质量问题退货，运费由买家承担。
## 不支持退货
以下商品不支持退货：
- 刻字的杯子

## 运费
| 地区 | 运费 |
|---|---|
| 新疆、西藏 | 15元 |
| 其他地区 | 满39元包邮 |
"""
ENDED = """---
valid_to: 2026-11-12
---
# 双十一活动
双十一期间满300元减50元。
"""
FAQ = [
    FaqRow(line=2, question="能开发票吗", answer="可以开电子普通发票，确认收货后3天内发到邮箱。"),
    FaqRow(line=3, question="售后电话是多少", answer="售后电话是〔座机·abcdef〕。"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A small shop with two sibling products, policies, a FAQ and two customers' orders."""
    with Store.open(f"sqlite:///{(tmp_path / 'shop.sqlite').as_posix()}") as opened:
        with opened.begin() as conn:
            products.replace_all(conn, GOODS)
            orders.replace_all(conn, _orders())
            facts = [passage for one in GOODS for passage in passages_of_product(one)]
            passages.replace_source(conn, "products.csv", facts)
            passages.replace_source(conn, "faq.csv", passages_of_faq(FAQ))
            for name, text in (("knowledge/售后.md", POLICY), ("knowledge/活动.md", ENDED)):
                passages.replace_source(conn, name, passages_of_markdown(name, text))
        update(opened, FakeEmbedder())
        yield opened


def _orders() -> list[Order]:
    mine = {"customer_id": "key-lin", "carrier": "圆通速递"}
    return [
        Order(
            order_id="key-20261101000001",
            product_id="P1",
            status="已发货",
            placed_at=datetime(2026, 11, 1, 10, 30),
            shipped_at=datetime(2026, 11, 2),
            tracking_no="〔运单·x〕",
            **mine,  # type: ignore[arg-type]
        ),
        Order(
            order_id="key-20261120000002",
            product_id="P2",
            status="待发货",
            placed_at=datetime(2026, 11, 20, 9, 0),
            customer_id="key-lin",
        ),
        Order(
            order_id="key-20261105000003",
            product_id="P1",
            status="已签收",
            placed_at=datetime(2026, 11, 5, 9, 0),
            customer_id="key-zhou",
        ),
    ]


@pytest.fixture
def vault() -> PlainVault:
    return PlainVault()


@pytest.fixture
def answerer(store: Store, vault: PlainVault) -> Callable[[Engine | None], Answerer]:
    """Makes an answerer of the shop with or without an engine."""
    return lambda engine=None: Answerer(store, vault, FakeEmbedder(), engine, TODAY)
