from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import records
from zhanggui.store.codec import decode, encode

RECORDS = [
    records.Product,
    records.Order,
    records.Ticket,
    records.Review,
    records.Passage,
    records.Draft,
    records.Reply,
    records.Finding,
    records.Fact,
    records.Reading,
]

# Broken exports do hold halves of character pairs, and cells do hold NUL.
texts = st.text(st.characters(), max_size=20)
decimals = st.decimals(allow_nan=False, allow_infinity=False)
zones = st.sampled_from([None, UTC, timezone(timedelta(hours=8))])
st.register_type_strategy(str, texts)
st.register_type_strategy(Decimal, decimals)
st.register_type_strategy(float, st.floats(allow_nan=False))
st.register_type_strategy(datetime, st.datetimes(timezones=zones))


@pytest.mark.parametrize("kind", RECORDS)
@given(data=st.data())
def test_every_record_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    record = data.draw(st.from_type(kind))
    text = encode(record)
    assert decode(kind, text) == record
    text.encode("utf-8")
    assert "\0" not in text
    assert "\n" not in text


def test_the_order_of_attributes_is_kept() -> None:
    product = records.Product(
        id="1", title="杯", attributes={"颜色": "红", "材质": "钢", "产地": "浙江"}
    )
    assert list(decode(records.Product, encode(product)).attributes) == ["颜色", "材质", "产地"]


def test_a_decimal_keeps_its_places() -> None:
    product = records.Product(id="1", title="杯", price=Decimal("59.90"))
    assert str(decode(records.Product, encode(product)).price) == "59.90"


def test_the_text_is_plain_and_readable() -> None:
    order = records.Order(
        order_id="D1", customer_id="c", product_id="P1", placed_at=datetime(2026, 3, 1, 9, 30)
    )
    assert json.loads(encode(order))["placed_at"] == "2026-03-01T09:30:00"
    assert "保温杯" in encode(records.Product(id="1", title="保温杯"))


def test_a_field_that_is_newer_than_the_row_takes_its_default() -> None:
    assert decode(records.Review, '{"id":"1","content":"好"}') == records.Review(
        id="1", content="好"
    )


def test_a_date_stays_a_date() -> None:
    passage = records.Passage(
        id="1", source="a:1", text="x", kind="policy", valid_from=date(2026, 1, 2)
    )
    assert decode(records.Passage, encode(passage)).valid_from == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (records.Review, "[]", "not a Review"),
        (records.Review, "{", "Expecting property name"),
        (records.Review, '{"id":"1"}', "not a Review"),
        (records.Review, '{"id":1,"content":"好"}', "1 is not a str"),
        (records.Review, '{"id":"1","content":"好","created_at":"gestern"}', "isoformat"),
        (records.Product, '{"id":"1","title":"杯","price":"dear"}', "'dear' is not a number"),
        (records.Product, '{"id":"1","title":"杯","stock":true}', "True is not a int"),
    ],
)
def test_what_is_no_such_record_is_refused(kind: type, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decode(kind, text)


def test_a_value_outside_its_choices_is_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        decode(records.Message, '{"role":"robot","text":"x"}')


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        encode(records.Message("customer", value))


@pytest.mark.parametrize("kind", [set[int], str | int])
def test_types_without_one_reading_are_refused(kind: Any) -> None:
    with pytest.raises(TypeError, match="no way"):
        decode(kind, "[]")
