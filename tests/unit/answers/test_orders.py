from __future__ import annotations

from plain_vault import PlainVault

from zhanggui.answers.lexicon import frames
from zhanggui.answers.orders import OrderAnswer, answer_order
from zhanggui.records import Product, Question
from zhanggui.store import products
from zhanggui.store.database import Store


def ask(
    store: Store, text: str, customer: str | None = "lin", product: str | None = None
) -> OrderAnswer | None:
    question = Question(id="1", question=text, customer_id=customer, product_id=product)
    with store.begin() as conn:
        named: Product | None = products.get(conn, product) if product else None
        return answer_order(conn, PlainVault(), question, named, frames("zh"))


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
    assert {citation.source for citation in found.citations} == {"orders.csv:key-20261101000001"}
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
