"""The example shop keeps the promises of its README."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SHOP = ROOT / "examples" / "shop"
SECOND = ROOT / "tests" / "data" / "second_shop"
Row = dict[str, str]


def table(path: Path, encoding: str) -> list[Row]:
    text = path.read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def attributes(product: Row) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in product["attributes"].split(";"))


def when(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


@pytest.fixture(scope="module")
def products() -> dict[str, Row]:
    rows = table(SHOP / "products.csv", "utf-8")
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def reviews() -> list[Row]:
    rows = table(SHOP / "reviews.csv", "gb18030")
    return [row for row in rows if when(row["created_at"]) and row["rating"] in "12345"]


@pytest.fixture(scope="module")
def orders() -> list[Row]:
    rows = [
        {name: value.strip("\t") for name, value in row.items()}
        for row in table(SHOP / "orders.csv", "utf-8-sig")
    ]
    return [row for row in rows if when(row["placed_at"])]


def test_products_are_many_and_precise(products: dict[str, Row]) -> None:
    assert len(products) == 28
    assert len({row["category"] for row in products.values()}) >= 8
    assert all(len(attributes(row)) >= 8 for row in products.values())
    assert sum(row["title"].isascii() for row in products.values()) == 3


@pytest.mark.parametrize(
    ("first", "second", "attribute"),
    [("P001", "P002", "容量"), ("P005", "P006", "面料"), ("P012", "P013", "最大功率")],
)
def test_siblings_differ(products: dict[str, Row], first: str, second: str, attribute: str) -> None:
    one, other = attributes(products[first]), attributes(products[second])
    assert one[attribute] != other[attribute]


def test_titles_agree_with_attributes(products: dict[str, Row]) -> None:
    for row in products.values():
        for number in re.findall(r"\d+(?:ml|g|cm|L|W|mm)\b", row["title"]):
            assert number in row["attributes"] or number[:-1] in row["attributes"], row["title"]


def test_every_review_is_dated_and_of_a_product(
    reviews: list[Row], products: dict[str, Row]
) -> None:
    assert len({row["id"] for row in reviews}) == 600
    assert {row["product_id"] for row in reviews} == set(products)
    days = [row["created_at"][:10] for row in reviews]
    assert min(days) >= "2026-05-20"
    assert max(days) <= "2026-11-20"


def test_reviews_are_not_templates(reviews: list[Row]) -> None:
    texts = {row["id"]: row["content"] for row in reviews}
    assert len(set(texts.values())) / len(texts) >= 0.85
    openings = Counter(text[:6] for text in texts.values())
    assert openings.most_common(1)[0][1] <= 12
    assert min(map(len, texts.values())) <= 2
    assert max(map(len, texts.values())) >= 100


def leaks(reviews: list[Row], since: str, until: str) -> tuple[int, int]:
    window = [
        row for row in reviews if row["product_id"] == "P002" and since <= row["created_at"] < until
    ]
    bad = [row for row in window if "漏" in row["content"] and row["rating"] in "12"]
    return len(bad), len(window)


def test_the_leak_comes_and_goes(reviews: list[Row]) -> None:
    before, total_before = leaks(reviews, "2026-05-20", "2026-08-15")
    during, total_during = leaks(reviews, "2026-08-15", "2026-10-01")
    after, total_after = leaks(reviews, "2026-10-01", "2026-11-21")
    assert before / total_before < 0.1
    assert during / total_during > 0.4
    assert after / total_after < 0.1


def test_parcels_are_slow_around_the_sale(reviews: list[Row]) -> None:
    slow = [
        row["product_id"]
        for row in reviews
        if row["rating"] in "123"
        and row["created_at"] >= "2026-11-07"
        and re.search("快递|物流|发货|爆仓|等了|六天|八天|arrive", row["content"])
    ]
    assert len(slow) >= 15
    assert len(set(slow)) >= 10


def test_one_shirt_always_runs_small(reviews: list[Row]) -> None:
    months = {
        row["created_at"][:7]
        for row in reviews
        if row["product_id"] == "P005" and re.search("小|紧|尺码", row["content"])
    }
    assert len(months) >= 6


def test_copied_reviews_stand_within_two_days(reviews: list[Row]) -> None:
    copies: dict[str, list[Row]] = {}
    for row in {row["id"]: row for row in reviews}.values():
        copies.setdefault(row["content"], []).append(row)
    groups = [group for group in copies.values() if len(group) >= 4]
    assert groups
    for group in groups:
        moments = sorted(datetime.fromisoformat(row["created_at"]) for row in group)
        assert (moments[-1] - moments[0]).days < 2
        assert len({row["product_id"] for row in group}) > 1


def test_the_mess_is_there() -> None:
    raw = table(SHOP / "reviews.csv", "gb18030")
    assert len(raw) - len({row["id"] for row in raw}) == 2
    assert [row["id"] for row in raw if not when(row["created_at"])] == ["R0601"]
    with pytest.raises(UnicodeDecodeError):
        (SHOP / "reviews.csv").read_bytes().decode("utf-8")
    assert (SHOP / "orders.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    broken = [r for r in table(SHOP / "orders.csv", "utf-8-sig") if not when(r["placed_at"])]
    assert len(broken) == 1
    assert b"\r\n" in (SHOP / "faq.csv").read_bytes()


def test_orders_add_up(orders: list[Row], products: dict[str, Row]) -> None:
    assert len(orders) == len({row["order_id"] for row in orders}) == 60
    assert len({row["customer_id"] for row in orders}) == 35
    for row in orders:
        full = Decimal(products[row["product_id"]]["price"]) * int(row["quantity"])
        assert 0 <= Decimal(row["paid"]) <= full
        placed, shipped = when(row["placed_at"]), when(row["shipped_at"])
        assert placed is not None
        assert shipped is None or placed < shipped
        if row["status"] in ("待付款", "已付款", "已取消"):
            assert not row["tracking_no"]
        else:
            assert re.fullmatch(r"SF\d{13}|YT\d{13}|7\d{13}", row["tracking_no"])


def test_every_phone_is_made_up() -> None:
    for folder in (SHOP, SECOND):
        for path in folder.rglob("*.*"):
            data = path.read_bytes()
            text = data.decode("gb18030" if path == SHOP / "reviews.csv" else "utf-8")
            for phone in re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text):
                assert phone.startswith("1990000"), f"{path}: {phone}"


def test_faq_and_tickets(products: dict[str, Row]) -> None:
    faq = table(SHOP / "faq.csv", "utf-8")
    tickets = lines(SHOP / "tickets.jsonl")
    assert len(faq) == 40
    assert all(row["product_id"] in ("", *products) for row in faq)
    assert [ticket["id"] for ticket in tickets] == [f"T{n:03d}" for n in range(1, 61)]
    assert all(ticket["product_id"] in (None, *products) for ticket in tickets)
    assert all(len(ticket["messages"]) >= 2 for ticket in tickets)


@pytest.mark.parametrize(("folder", "total", "open_"), [(SHOP, 40, 10), (SECOND, 60, 20)])
def test_questions_say_what_is_expected(folder: Path, total: int, open_: int) -> None:
    questions = lines(folder / "questions.jsonl")
    expected = lines(folder / "questions.expected.jsonl")
    assert [row["id"] for row in questions] == [row["id"] for row in expected]
    assert len(questions) == total
    assert sum(not row["answerable"] for row in expected) == open_
    known = {row["id"] for row in table(folder / "products.csv", "utf-8")}
    assert all(row["product_id"] in (None, *known) for row in questions)


@pytest.mark.parametrize("folder", [SHOP, SECOND])
def test_every_expected_word_stands_in_the_shop(folder: Path) -> None:
    texts = [
        path.read_text(encoding="utf-8-sig")
        for path in [*folder.glob("knowledge/*.md"), *folder.glob("*.csv")]
        if path.name != "reviews.csv"
    ]
    shop = "".join(texts)
    for row in lines(folder / "questions.expected.jsonl"):
        for ways in row["must_contain"]:
            assert any(way in shop for way in ways), (row["id"], ways)
        assert bool(row["answerable"]) == (row["decision"] != ["hand_over"])


def test_the_second_shop_is_whole() -> None:
    products = {row["id"] for row in table(SECOND / "products.csv", "utf-8")}
    assert len(products) == 12
    assert len(table(SECOND / "faq.csv", "utf-8")) == 20
    assert len(table(SECOND / "reviews.csv", "utf-8")) == 120
    assert len(table(SECOND / "orders.csv", "utf-8")) == 15
