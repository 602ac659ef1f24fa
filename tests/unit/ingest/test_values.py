from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.ingest import values


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("¥1,299.00", "1299.00"),
        ("￥99", "99"),
        ("１２９．５元", "129.5"),
        (" 88 块", "88"),
        ("RMB 12", "12"),
        (12.5, "12.5"),
        (0, "0"),
        ("12,345,678", "12345678"),
    ],
)
def test_prices(text: Any, price: str) -> None:
    assert values.decimal_of(text) == Decimal(price)


@pytest.mark.parametrize("text", ["abc", "-1", "12-15", "1,2", "NaN", "Infinity", "1e99", "面议"])
def test_no_prices(text: str) -> None:
    with pytest.raises(ValueError, match="no amount of money"):
        values.decimal_of(text)


@pytest.mark.parametrize(("text", "count"), [("12件", 12), ("1,200", 1200), (3.0, 3), ("-2", -2)])
def test_counts(text: Any, count: int) -> None:
    assert values.integer_of(text) == count


@pytest.mark.parametrize("text", ["有货", "1.5", "inf", ""])
def test_no_counts(text: str) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        values.integer_of(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1)),
        ("2026/3/1 9:05", datetime(2026, 3, 1, 9, 5)),
        ("2026.03.01 09:05:07", datetime(2026, 3, 1, 9, 5, 7)),
        ("2026年3月1日", datetime(2026, 3, 1)),
        ("2026年3月1日 9时5分7秒", datetime(2026, 3, 1, 9, 5, 7)),
        ("2026年3月1日 下午3点05分", datetime(2026, 3, 1, 15, 5)),
        ("20260301", datetime(2026, 3, 1)),
        ("20260301 090507", datetime(2026, 3, 1, 9, 5, 7)),
        ("2026-03-01T09:05:07.123Z", datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC)),
        (
            "2026-03-01 09:05:07 +0800",
            datetime(2026, 3, 1, 9, 5, 7, tzinfo=timezone(timedelta(hours=8))),
        ),
        ("1772326800", datetime(2026, 3, 1, 1, tzinfo=UTC)),
        (1772326800000, datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("2026-03-01 24:00", datetime(2026, 3, 2)),
        (date(2026, 3, 1), datetime(2026, 3, 1)),
        (datetime(2026, 3, 1, 1), datetime(2026, 3, 1, 1)),
    ],
)
def test_moments(text: Any, moment: datetime) -> None:
    assert values.moment_of(text) == moment


@pytest.mark.parametrize("text", ["昨天", "2026-13-01", "2026-02-30", "12:30", "99999999", "1"])
def test_no_moments(text: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        values.moment_of(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1)))
def test_iso_moments_come_back(moment: datetime) -> None:
    assert values.moment_of(moment.isoformat()) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("5", 5),
        ("4.5分", 4.5),
        ("5星", 5),
        ("五星", 5),
        ("★★★☆☆", 3),
        ("差评", 1),
        (4, 4),
        ("good", 5),
        ("⭐⭐", 2),
    ],
)
def test_ratings(text: Any, stars: float) -> None:
    assert values.rating_of(text) == stars


@pytest.mark.parametrize("text", ["很好", "-1", "nan", "101"])
def test_no_ratings(text: str) -> None:
    with pytest.raises(ValueError, match="no rating"):
        values.rating_of(text)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("材质:316不锈钢;容量:500ml", {"材质": "316不锈钢", "容量": "500ml"}),
        ("材质：棉；颜色：红", {"材质": "棉", "颜色": "红"}),
        ("比例:16:9;网址:https://a.cn/x", {"比例": "16:9", "网址": "https://a.cn/x"}),
        ("颜色:红;颜色:蓝;颜色:红", {"颜色": "红、蓝"}),
        ("颜色:红;蓝;尺码:M", {"颜色": "红；蓝", "尺码": "M"}),
        (" 材质 : 棉 ;; 空: ;", {"材质": "棉"}),
        ('{"容量": "1L"}', {"容量": "1L"}),
        (
            {"容量": ["1L", "2L"], "防水": True, "层数": 3, "空": None},
            {"容量": "1L、2L", "防水": "是", "层数": "3"},
        ),
    ],
)
def test_attributes(text: Any, attributes: dict[str, str]) -> None:
    assert values.attributes_of(text) == attributes


def test_no_attributes() -> None:
    with pytest.raises(ValueError, match="键:值"):
        values.attributes_of("纯棉")


NAME = st.text("材质颜色容量abc 123", min_size=1).filter(str.strip)


@given(st.dictionaries(NAME.map(str.strip), st.text("红:：a1.", min_size=1), max_size=5))
def test_attributes_come_back(attributes: dict[str, str]) -> None:
    text = ";".join(f"{name}:{value}" for name, value in attributes.items())
    assert values.attributes_of(text) == attributes


def test_polarities_and_roles() -> None:
    assert values.polarity_of("好评") == "positive"
    assert values.polarity_of("Negative") == "negative"
    assert values.role_of("买家") == "customer"
    assert values.role_of("客服") == "shop"
    with pytest.raises(ValueError, match="positive, neutral or negative"):
        values.polarity_of("0")
    with pytest.raises(ValueError, match="customer or shop"):
        values.role_of("robot")


def test_json_cells() -> None:
    assert values.list_of('[{"a": 1}]') == [{"a": 1}]
    assert values.list_of("") == []
    for bad in ("{}", "[", 3):
        with pytest.raises(ValueError, match="JSON"):
            values.list_of(bad)
    with pytest.raises(ValueError, match="JSON object"):
        values.object_of([])


def test_messages_hold_no_personal_data() -> None:
    assert values.shown("13800138000") == "'[手机号]'"
    assert len(values.shown("长" * 99)) == 32


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "是"), (1.5, "1.5"), (date(2026, 3, 1), "2026-03-01"), (["a"], '["a"]')],
)
def test_any_value_as_text(value: Any, text: str) -> None:
    assert values.text_of(value) == text
