from __future__ import annotations

from datetime import date

import pytest

from zhanggui.knowledge.parts import Document, Part, dated, joined, table, written

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 12))


def days(line: str) -> tuple[date | None, date | None]:
    document = dated([Part("heading", "双十一", 1), Part("text", line), Part("text", "满减。")])
    return document.valid_from, document.valid_to


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("有效期：2026-11-01 至 2026-11-12", NOVEMBER),
        ("有效期: 2026年11月1日—2026年11月12日", NOVEMBER),
        ("有效期限：2026/11/1~2026/11/12。", NOVEMBER),
        ("Valid: 2026-11-01 to 2026-11-12", NOVEMBER),
        ("valid from 2026-11-01 until 2026-11-12", NOVEMBER),
        ("有效期：2026-11-01起", (NOVEMBER[0], None)),
        ("有效期至：2026-11-12", (None, NOVEMBER[1])),
        ("Valid until 2026-11-12", (None, NOVEMBER[1])),
        ("有效期：开封后12个月", (None, None)),
        ("有效期：2026-11-01 至 2026-11-12，以店铺公告为准", (None, None)),
        ("优惠券的有效期：2026-11-01 至 2026-11-12", (None, None)),
    ],
)
def test_a_line_at_the_top_limits_a_document(
    line: str, expected: tuple[date | None, date | None]
) -> None:
    assert days(line) == expected


def test_the_line_itself_is_no_knowledge_and_its_neighbours_are() -> None:
    parts = [Part("text", "双十一规则\n有效期：2026-11-01 至 2026-11-12\n满300减50")]
    assert dated(parts) == Document((Part("text", "双十一规则\n满300减50"),), *NOVEMBER)


def test_a_line_far_down_limits_nothing() -> None:
    parts = [Part("text", f"第{n}行") for n in range(5)]
    parts.append(Part("text", "有效期：2026-11-01 至 2026-11-12"))
    assert dated(parts) == Document(tuple(parts))


def test_a_day_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        days("有效期：2026-02-30 起")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一章 总则", Part("heading", "第一章 总则", 2)),
        ("一、退货条件", Part("heading", "一、退货条件", 3)),
        ("（一）运费", Part("heading", "（一）运费", 4)),
        ("一、签收后7天内可以退货。", Part("text", "一、签收后7天内可以退货。")),
        ("1、满99元包邮", Part("item", "满99元包邮")),
        ("（2）新疆每单20元", Part("item", "新疆每单20元")),
        ("• 刻字的杯子", Part("item", "刻字的杯子")),
        ("3.5L大容量", Part("text", "3.5L大容量")),
        ("2026年起执行", Part("text", "2026年起执行")),
    ],
)
def test_a_paragraph_is_known_by_its_words(text: str, expected: Part) -> None:
    assert written(text) == expected


def test_a_strong_short_line_is_a_heading_but_for_an_introduction() -> None:
    assert written("运费说明", strong=True).kind == "heading"
    assert written("以下商品不支持退货：", strong=True).kind == "text"
    assert written("1. 满99元包邮", strong=True).kind == "item"


def test_tables_of_two_columns_are_pairs_unless_their_values_are_alike() -> None:
    pairs = [("材质", "316不锈钢"), ("容量", "500ml")]
    assert [part.text for part in table(pairs)] == ["材质：316不锈钢", "容量：500ml"]
    fees = [("地区", "运费"), ("新疆", "15元"), ("上海", "0元")]
    assert [part.kind for part in table(fees)] == ["header", "row", "row"]
    assert [part.text for part in table([("一、说明",), ("",), ("可退。",)])] == [
        "一、说明",
        "可退。",
    ]


def test_a_bar_in_a_cell_makes_no_cell() -> None:
    rows = list(table([("a|b", "c"), ("1\n2", "")], header=True))
    assert [part.text for part in rows] == ["a｜b | c", "1 2 | "]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("签收后7天", "内可以退货"), "签收后7天内可以退货"),
        (("within 48", "hours"), "within 48 hours"),
        (("ship-", "ment"), "shipment"),
        (("满300-", "50元"), "满300- 50元"),
        (("", "  a  b "), "a b"),
    ],
)
def test_lines_join_as_they_are_read(lines: tuple[str, ...], text: str) -> None:
    assert joined(lines) == text
