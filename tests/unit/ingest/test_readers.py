from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhanggui.errors import InputError, UnknownColumns
from zhanggui.ingest.columns import load_mapping
from zhanggui.ingest.readers import (
    DraftRow,
    FaqRow,
    LabelledOpinion,
    LabelRow,
    TextRow,
    read,
    sourced,
)
from zhanggui.records import Message, Order, Product, Question, Review, RowFault, Ticket


def write(path: Path, content: str | list[dict[str, Any]]) -> Path:
    if not isinstance(content, str):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
    path.write_text(content, encoding="utf-8")
    return path


def test_products_of_the_contract(tmp_path: Path) -> None:
    path = write(
        tmp_path / "products.csv",
        "id,title,category,brand,price,stock,attributes,供应商\n"
        "P1,保温杯,水具,青山,¥129.00,12,材质:316不锈钢；容量：500ml,甲厂\n"
        "P2,雨伞,,,abc,,,\n"
        ",无号,,,,,,\n"
        "P3,毛巾,,,,,,\n",
    )
    assert list(read(Product, path)) == [
        Product(
            id="P1",
            title="保温杯",
            category="水具",
            brand="青山",
            price=Decimal("129.00"),
            stock=12,
            attributes={"材质": "316不锈钢", "容量": "500ml"},
            extra={"供应商": "甲厂"},
        ),
        RowFault("products.csv", 3, "price: 'abc' is no amount of money"),
        RowFault("products.csv", 4, "id is empty"),
        Product(id="P3", title="毛巾", extra={"供应商": ""}),
    ]


def test_products_as_json_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "products.jsonl",
        [
            {
                "id": 7,
                "title": "杯",
                "attributes": {"容量": "1L"},
                "price": 9.9,
                "标签": ["新", "热"],
            },
            {"title": "没有编号"},
        ],
    )
    first, second = read(Product, path)
    assert first == Product(
        id="7",
        title="杯",
        price=Decimal("9.9"),
        attributes={"容量": "1L"},
        extra={"标签": '["新", "热"]'},
    )
    assert second == RowFault("products.jsonl", 2, "id is missing")


def test_chinese_headers(tmp_path: Path) -> None:
    path = write(
        tmp_path / "orders.csv",
        "订单编号,买家会员名,宝贝标题,用户实付金额(元),订单状态,下单时间,"
        "收货人姓名,联系电话,收货地址,快递单号\n"
        "\t240101-123456789012345,小明,保温杯,99.00,已发货,2026/3/1 9:30,"
        "某某,13800000001,某市某路1号,SF1\n",
    )
    assert list(read(Order, path)) == [
        Order(
            order_id="240101-123456789012345",
            customer_id="小明",
            product_id="",
            paid=Decimal("99.00"),
            status="已发货",
            placed_at=datetime(2026, 3, 1, 9, 30),
            receiver="某某",
            phone="13800000001",
            address="某市某路1号",
            tracking_no="SF1",
        )
    ]


def test_review_headers_of_the_platforms(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.csv",
        "评论编号,初评内容,追评,评价星级,评价时间,购买规格\n"
        "R1, 很好用 ,用了一个月,5星,2026-03-01,红色\n",
    )
    source = sourced(Review, path)
    (row,) = source
    assert not isinstance(row, RowFault)
    assert row.record == Review(
        id="R1", content=" 很好用 ", rating=5.0, created_at=datetime(2026, 3, 1)
    )
    assert row.others == {"追评": "用了一个月", "购买规格": "红色"}
    assert (row.line, source.encoding) == (2, "UTF-8")


def test_rows_without_an_id_column_get_their_line(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "content\n好\n\n差\n")
    assert [review.id for review in read(Review, path) if isinstance(review, Review)] == ["2", "4"]


def test_faq_tickets_questions(tmp_path: Path) -> None:
    faq = write(tmp_path / "faq.csv", "问题,答案\n包邮吗,满99包邮\n空的,\n")
    assert list(read(FaqRow, faq)) == [
        FaqRow(line=2, question="包邮吗", answer="满99包邮"),
        RowFault("faq.csv", 3, "answer is empty"),
    ]
    turns = [{"role": "买家", "text": "在吗"}, {"role": "shop", "text": "在的"}]
    messages = (Message("customer", "在吗"), Message("shop", "在的"))
    tickets = write(
        tmp_path / "tickets.jsonl",
        [
            {"id": "T1", "customer_id": "u1", "product_id": None, "messages": turns},
            {"id": "T2", "messages": [{"role": "robot", "text": "?"}]},
            {"id": "T3", "messages": []},
        ],
    )
    found = list(read(Ticket, tickets))
    assert found[0] == Ticket(id="T1", customer_id="u1", messages=messages)
    assert found[1:] == [
        RowFault("tickets.jsonl", 2, "messages: 'robot' is no role: use customer or shop"),
        RowFault("tickets.jsonl", 3, "messages is empty"),
    ]
    questions = write(
        tmp_path / "q.csv",
        'id,question,product_id,customer_id,history\nQ1,能洗吗,P1,,"'
        + json.dumps(turns, ensure_ascii=False).replace('"', '""')
        + '"\nQ2,发货没,,u1,\n',
    )
    assert list(read(Question, questions)) == [
        Question(id="Q1", question="能洗吗", product_id="P1", history=messages),
        Question(id="Q2", question="发货没", customer_id="u1"),
    ]


def test_drafts_and_texts(tmp_path: Path) -> None:
    drafts = write(
        tmp_path / "d.jsonl",
        [{"id": "D1", "product_id": None, "text": "好杯子", "category": "水具"}, {"id": "D2"}],
    )
    assert list(read(DraftRow, drafts)) == [
        DraftRow(id="D1", text="好杯子", category="水具"),
        RowFault("d.jsonl", 2, "text is missing"),
    ]
    texts = write(tmp_path / "t.jsonl", [{"id": 1, "text": ""}, {"id": 2, "text": " 甲 "}])
    assert list(read(TextRow, texts)) == [TextRow("1", ""), TextRow("2", " 甲 ")]


def test_labels(tmp_path: Path) -> None:
    opinion = {"aspect": "物流", "opinion": "快", "category": "物流", "polarity": "正面"}
    path = write(
        tmp_path / "l.jsonl",
        [
            {"content": "物流快", "opinions": [opinion | {"aspect_start": 0, "opinion_start": 2}]},
            {"content": "不错", "opinions": []},
            {"content": "不错", "opinions": [opinion]},
            {"content": "物流快", "opinions": [opinion | {"opinion_start": 1}]},
            {"content": "物流快", "opinions": [opinion | {"aspect": None, "opinion": None}]},
            {"content": "物流快"},
        ],
    )
    found = list(read(LabelRow, path))
    marked = LabelledOpinion(
        aspect="物流",
        opinion="快",
        category="物流",
        polarity="positive",
        aspect_start=0,
        opinion_start=2,
    )
    assert found[:2] == [
        LabelRow(content="物流快", opinions=(marked,)),
        LabelRow(content="不错", opinions=()),
    ]
    assert [fault.line for fault in found[2:] if isinstance(fault, RowFault)] == [3, 4, 5, 6]
    csv = write(tmp_path / "l.csv", "content,polarity\n好,positive\n差,0\n")
    good, bad = read(LabelRow, csv)
    assert good == LabelRow(content="好", polarity="positive")
    assert isinstance(bad, RowFault)


@pytest.mark.parametrize("content", ["", "货品,全称\n1,杯\n", "id,备注\n1,x\n"])
def test_missing_columns_are_named_at_once(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "products.csv", content)
    with pytest.raises(UnknownColumns, match=r"products need id, title.*mapping\.toml") as error:
        read(Product, path)
    assert all(name in str(error.value) for name in content.split("\n")[0].split(","))


def test_a_mapping_names_the_rest(tmp_path: Path) -> None:
    mapping = write(tmp_path / "mapping.toml", '[products]\n"货品" = "id"\n"全 称" = "title"\n')
    path = write(tmp_path / "products.csv", "货品,全称,标题\n1,保温杯,旧标题\n")
    assert list(read(Product, path, load_mapping(mapping))) == [
        Product(id="1", title="保温杯", extra={"标题": "旧标题"})
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('[goods]\n"a" = "id"\n', "goods"),
        ('[products]\n"a" = "ident"\n', "ident"),
        ("[products\n", "TOML"),
        ('products = "id"\n', "products"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        load_mapping(write(tmp_path / "mapping.toml", content))


def test_our_own_column_names_win_over_aliases(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", "货号,商品ID,Title ,title\n9,P1,甲,乙\n")
    (product,) = read(Product, path)
    assert isinstance(product, Product)
    assert (product.id, product.title, product.extra["货号"]) == ("P1", "甲", "9")


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (TextRow, {"text": ["a"]}),
        (DraftRow, {"text": ["a"]}),
        (DraftRow, {"text": {"zh": "a"}}),
        (DraftRow, {"body": "a", "title": "b", "bullets": [["a"]]}),
        (Question, {"question": ["a"]}),
        (Question, {"question": "a", "product_id": ["P1"]}),
        (Question, {"question": "a", "history": [{"role": "customer", "text": ["a"]}]}),
        (Review, {"content": ["a"]}),
        (LabelRow, {"content": ["a"], "polarity": "positive"}),
        (FaqRow, {"question": "a", "answer": ["a"]}),
    ],
)
def test_a_list_is_no_text(tmp_path: Path, kind: type[Any], row: dict[str, Any]) -> None:
    path = write(tmp_path / "rows.jsonl", [{"id": "1", **row}])
    (fault,) = read(kind, path)
    assert isinstance(fault, RowFault)
    assert (fault.file, fault.line) == ("rows.jsonl", 1)
    assert "not a text" in fault.reason
