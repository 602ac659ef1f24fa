from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.engine import Engine
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

PRODUCTS = (
    "id,title,category,brand,price,stock,attributes\n"
    "P1,雾岚保温杯 350ml,保温杯,雾岚,69,0,内胆材质:316不锈钢;净重:198g;颜色:黑色、雾白\n"
    "P2,雾岚保温杯 500ml,保温杯,雾岚,89,5,净重:285g;电池:CR2032，续航约60天，屏显温度\n"
)
ORDERS = (
    "order_id,customer_id,product_id,quantity,paid,status,placed_at,tracking_no,phone\n"
    "20261101000001,lin,P1,1,69,已发货,2026-11-01 10:00:00,SF1990000000001,19900000001\n"
    "20261105000003,zhou,P1,1,69,退款中,2026-11-05 10:00:00,SF1990000000003,19900000003\n"
)
POLICY = """# 售后与发货
## 发货
付款后48小时内发货。
## 退款
仓库收到退货并验收后24小时内退款。
## 破损
收到破损，免费补发或退款。
## 运费
满59元包邮。
"""
FAQ = "question,answer\n可以开发票吗,可以开电子普通发票。\n"
OpenShop = Callable[..., Shop]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "exports"
    (place / "knowledge").mkdir(parents=True)
    (place / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (place / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (place / "faq.csv").write_text(FAQ, encoding="utf-8")
    (place / "knowledge" / "售后.md").write_text(POLICY, encoding="utf-8")
    return place


@pytest.fixture
def open_shop(tmp_path: Path, store_url: str) -> Iterator[OpenShop]:
    """Opens the shop in one home, as often as wanted: each time is another process's view."""
    with ExitStack() as opened:

        def opening(engine: Engine | None = None) -> Shop:
            settings = load_settings(tmp_path / "home", database_url=store_url)
            given = engine or FakeEngine({"answer.pick": "0"})
            return opened.enter_context(Shop.open(settings, engine=given, embedder=FakeEmbedder()))

        yield opening


@pytest.fixture
def shop(open_shop: OpenShop, folder: Path) -> Shop:
    """A small shop with two sibling products and two customers, once on each database."""
    opened = open_shop()
    opened.import_folder(folder)
    return opened
