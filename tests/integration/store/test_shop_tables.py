from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from zhanggui.records import Message, Order, Product, Review, Ticket
from zhanggui.store import imports, orders, products, reviews, tickets
from zhanggui.store.changes import Changes
from zhanggui.store.database import Store


def cup(number: int, title: str = "保温杯") -> Product:
    return Product(
        id=f"P{number}",
        title=title,
        price=Decimal("59.90"),
        attributes={"容量": "500ml", "材质": "316不锈钢", "产地": "浙江永康"},
    )


def order(number: str, **given: object) -> Order:
    values: dict[str, object] = {"customer_id": "c1", "product_id": "P1"}
    return Order(order_id=number, **(values | given))  # type: ignore[arg-type]


def test_products_come_back_as_they_were_in_their_order(store: Store) -> None:
    given = [cup(2), cup(10), cup(1)]
    with store.begin() as conn:
        assert products.replace_all(conn, given) == Changes(added=3)
    with store.read() as conn:
        assert products.every(conn) == given
        assert products.get(conn, "P10") == cup(10)
        assert products.get(conn, "P404") is None


def test_the_same_products_change_nothing(store: Store) -> None:
    with store.begin() as conn:
        products.replace_all(conn, [cup(1), cup(2)])
        assert products.replace_all(conn, [cup(1), cup(2)]) == Changes(same=2)


def test_an_import_adds_changes_and_removes(store: Store) -> None:
    with store.begin() as conn:
        products.replace_all(conn, [cup(1), cup(2), cup(3)])
        given = [cup(4), cup(3), cup(1, "焖烧杯")]
        assert products.replace_all(conn, given) == Changes(added=1, changed=1, same=1, removed=1)
        assert products.every(conn) == given


def test_of_two_products_with_one_id_the_later_counts(store: Store) -> None:
    with store.begin() as conn:
        products.replace_all(conn, [cup(1), cup(1, "焖烧杯")])
        assert [product.title for product in products.every(conn)] == ["焖烧杯"]


def test_an_empty_import_empties(store: Store) -> None:
    with store.begin() as conn:
        products.replace_all(conn, [cup(number) for number in range(1200)])
        assert products.replace_all(conn, []) == Changes(removed=1200)
        assert products.every(conn) == []


def test_text_that_databases_dislike_is_kept(store: Store) -> None:
    odd = cup(1, "零\0宽\ud83d 表情🥤 'quote\" \\ \n")
    with store.begin() as conn:
        products.replace_all(conn, [odd])
    with store.read() as conn:
        assert products.every(conn) == [odd]


def test_all_lines_of_an_order_are_kept(store: Store) -> None:
    lines = [order("D1"), order("D1", product_id="P2"), order("D1", quantity=3)]
    with store.begin() as conn:
        assert orders.replace_all(conn, lines) == Changes(added=3)
        assert orders.every(conn) == lines
        assert orders.replace_all(conn, lines) == Changes(same=3)


def test_a_customer_sees_own_orders_newest_first(store: Store) -> None:
    day = datetime(2026, 3, 1, 10)
    given = [
        order("undated"),
        order("old", placed_at=day),
        order("new", placed_at=day + timedelta(days=9)),
        order("zoned", placed_at=(day + timedelta(days=3)).replace(tzinfo=UTC)),
        order("other", customer_id="c2", placed_at=day),
    ]
    with store.begin() as conn:
        orders.replace_all(conn, given)
        mine = [each.order_id for each in orders.of_customer(conn, "c1")]
        assert mine == ["new", "zoned", "old", "undated"]
        assert orders.of_customer(conn, "nobody") == []


def test_a_changed_customer_is_found_under_the_new_id(store: Store) -> None:
    with store.begin() as conn:
        orders.replace_all(conn, [order("D1")])
        orders.replace_all(conn, [order("D1", customer_id="c9")])
        assert orders.of_customer(conn, "c1") == []
        assert len(orders.of_customer(conn, "c9")) == 1


def test_tickets_and_reviews_come_back(store: Store) -> None:
    ticket = Ticket(id="T1", messages=(Message("customer", "在吗"), Message("shop", "在的")))
    review = Review(id="R1", content="很好", rating=4.5, created_at=datetime(2026, 5, 1))
    with store.begin() as conn:
        tickets.replace_all(conn, [ticket])
        reviews.replace_all(conn, [review])
        assert tickets.every(conn) == [ticket]
        assert reviews.every(conn) == [review]


def test_imported_files_are_remembered_until_removed(store: Store) -> None:
    with store.begin() as conn:
        imports.put(conn, "products.csv", "aa", 20)
        imports.put(conn, "products.csv", "bb", 21)
        imports.put(conn, "faq.csv", "cc", 3)
        found = imports.every(conn)
        assert (found["products.csv"].digest, found["products.csv"].rows) == ("bb", 21)
        assert abs(found["faq.csv"].imported_at - datetime.now(UTC)) < timedelta(minutes=5)
        imports.remove(conn, "products.csv")
        assert list(imports.every(conn)) == ["faq.csv"]


def test_times_are_utc_on_each_database(store: Store) -> None:
    with store.begin() as conn:
        imports.put(conn, "faq.csv", "cc", 3)
        conn.execute(text("UPDATE imports SET imported_at = '2026-03-01 10:00:00.000000+00:00'"))
    with store.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL TIME ZONE 'Asia/Shanghai'"))
            at = imports.every(conn)["faq.csv"].imported_at
            assert at == datetime(2026, 3, 1, 10, tzinfo=UTC)
            assert at.tzinfo is UTC
