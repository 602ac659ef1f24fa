from __future__ import annotations

import pytest
from plain_vault import PlainVault

from zhanggui.answers.lexicon import frames
from zhanggui.answers.orders import OrderAnswer, answer_order
from zhanggui.records import Order, Product, Question
from zhanggui.store import orders, products
from zhanggui.store.database import Store
from zhanggui.text.language import Language


def ask(
    store: Store,
    text: str,
    customer: str | None = "lin",
    product: str | None = None,
    language: Language = "zh",
) -> OrderAnswer | None:
    question = Question(id="1", question=text, customer_id=customer, product_id=product)
    with store.begin() as conn:
        named: Product | None = products.get(conn, product) if product else None
        return answer_order(conn, PlainVault(), question, named, frames(language))


def test_the_newest_order_is_meant(store: Store) -> None:
    found = ask(store, "我的快递到哪了")
    assert found is not None
    assert found.text == (
        "您好，帮您查到了，您的订单「雾岚保温杯 500ml」目前是「待发货」。"
        "下单时间：2026-11-20 09:00。"
    )


def test_the_product_in_question_goes_first(store: Store) -> None:
    found = ask(store, "我的快递到哪了", product="P1")
    assert found is not None
    assert "快递单号：YT000。" in found.text
    assert "发货时间：2026-11-02。" in found.text
    assert {citation.quote for citation in found.citations} == {
        "已发货",
        "2026-11-01 10:30",
        "2026-11-02",
        "圆通速递",
        "YT000",
    }


def test_an_order_number_names_its_order(store: Store) -> None:
    found = ask(store, "订单20261101000001到哪了")
    assert found is not None
    assert found.order.order_id == "key-20261101000001"


def test_another_customers_order_is_never_shown(store: Store) -> None:
    assert ask(store, "订单20261105000003到哪了") is None
    assert ask(store, "订单99999999999999到哪了") is None


def test_nobody_is_told_without_being_verified(store: Store) -> None:
    assert ask(store, "我的快递到哪了", customer=None) is None
    assert ask(store, "我的快递到哪了", customer="nobody") is None


def test_every_word_of_the_row_is_cited(store: Store) -> None:
    found = ask(store, "我的快递到哪了", product="P1")
    assert found is not None
    assert {citation.source for citation in found.citations} == {"orders.csv:…0001"}
    assert all(citation.quote in found.text for citation in found.citations)


def test_the_words_name_the_order(store: Store) -> None:
    small = ask(store, "我的350ml保温杯发出了吗")
    assert small is not None
    assert small.order.product_id == "P1"


def test_a_product_that_was_not_bought_has_no_order(store: Store) -> None:
    with store.begin() as conn:
        lamp = Product(id="L1", title="皓月台灯", category="灯具")
        question = Question(id="1", question="我的台灯发出了吗", customer_id="lin")
        assert answer_order(conn, PlainVault(), question, lamp, frames("zh")) is None


def test_a_phone_number_names_no_order(store: Store) -> None:
    for text in ("我的快递到哪了，我电话19900000001", "电话 199-0000-0001，我的快递到哪了"):
        found = ask(store, text)
        assert found is not None, text
        assert found.order.order_id == "key-20261120000002"
    assert ask(store, "电话19900000001，订单99999999999999到哪了") is None


def test_an_order_number_that_looks_like_a_phone_number_is_found(store: Store) -> None:
    with store.begin() as conn:
        like = Order(order_id="key-19900000001", customer_id="key-yu", product_id="P1", status="x")
        orders.replace_all(conn, [like])
    found = ask(store, "19900000001到哪了", customer="yu")
    assert found is not None


def test_an_english_reply_is_english(store: Store) -> None:
    with store.begin() as conn:
        products.replace_all(conn, [Product(id="P1", title="Vacuum Mug 350ml")])
    found = ask(store, "Where is my order?", product="P1", language="en")
    assert found is not None
    assert found.text == (
        'Hello! Your order of "Vacuum Mug 350ml" currently has the status: shipped. '
        "Placed: 2026-11-01 10:30. Shipped: 2026-11-02. Carrier: 圆通速递. Tracking number: YT000."
    )
    assert "已发货" in {citation.quote for citation in found.citations}, "as the row has it"


@pytest.mark.parametrize(
    ("status", "language", "said"),
    [
        ("待发货", "en", "awaiting shipment"),
        ("Fulfilled", "zh", "已发货"),
        ("清关中", "en", "清关中"),
    ],
)
def test_a_status_is_said_in_the_customers_language(
    store: Store, status: str, language: Language, said: str
) -> None:
    with store.begin() as conn:
        one = Order(order_id="key-1", customer_id="key-lin", product_id="P1", status=status)
        orders.replace_all(conn, [one])
    found = ask(store, "我的快递到哪了", language=language)
    assert found is not None
    assert said in found.text


def test_a_citation_tells_the_customers_orders_apart(store: Store) -> None:
    with store.begin() as conn:
        mine = [
            Order(order_id=f"key-{number}", customer_id="key-lin", product_id="P1", status="已发货")
            for number in ("20261101000001", "20261102100001")
        ]
        orders.replace_all(conn, mine)
    sources = []
    for number in ("20261101000001", "20261102100001"):
        found = ask(store, f"订单{number}到哪了")
        assert found is not None
        sources.append(found.citations[0].source)
    assert sources == ["orders.csv:…000001", "orders.csv:…100001"]
