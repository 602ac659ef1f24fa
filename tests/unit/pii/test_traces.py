from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.pii.traces import Trace, Traces

VALUES = [
    Trace("PHONE", "+86 199 0000 0001"),
    Trace("NAME", "甄有余"),
    Trace("ADDRESS", "浙江省杭州市拱墅区示例一路12号3幢502"),
    Trace("WANGWANG", "C1001"),
    Trace("EMAIL", "Zhen@Example.com"),
    Trace("ORDER_NO", "240101-900000000000005"),
]
TRACES = Traces(VALUES)


@pytest.mark.parametrize(
    ("text", "concealed"),
    [
        ("电话19900000001", "电话[手机号]"),
        ("199-0000-0001", "[手机号]"),
        ("8619900000001", "[手机号]"),
        ("１９９" + "０" * 7 + "１", "[手机号]"),
        ("住示例一路12号3幢502", "住[地址]"),
        ("甄有余说ZHEN@example.COM", "[姓名]说[邮箱]"),
        ("C1001的单240101-900000000000005", "[旺旺名]的单[订单号]"),
        ("C10012不是她，119900000001也不是", "C10012不是她，119900000001也不是"),
        ("没有谁", "没有谁"),
        ("单号(240101)900000000000005", "单号([订单号]"),
    ],
)
def test_concealing(text: str, concealed: str) -> None:
    assert TRACES.conceal(text) == concealed
    assert TRACES.holds(text) is (text != concealed)
    assert not TRACES.holds(concealed)


@pytest.mark.parametrize("value", ["", "王", "lin", "12345", "beef12", " a "])
def test_what_is_too_short_is_not_looked_for(value: str) -> None:
    traces = Traces([Trace("WANGWANG", value)])
    assert traces.traces == ()
    assert not traces.holds(f"x {value} y")
    assert traces.needles() == ()
    assert traces.conceal(value) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("trace", VALUES)
def test_every_value_is_found_in_every_encoding(trace: Trace, encoding: str) -> None:
    data = f"前{trace.value}后".encode(encoding)
    assert any(needle in data for needle in TRACES.needles())


def test_json_escapes_are_found() -> None:
    data = json.dumps({"name": "甄有余"}).encode()
    assert any(needle in data for needle in TRACES.needles())
    odd = Traces([Trace("ADDRESS", '示例路"甲"栋\\1')])
    assert odd.holds(json.dumps('住示例路"甲"栋\\1', ensure_ascii=False))


_values = st.text(min_size=2, max_size=20).map(str.strip).filter(lambda text: len(text) > 1)


@given(kind=st.sampled_from(["NAME", "ADDRESS", "PHONE", "EMAIL"]), value=_values, around=st.text())
def test_what_is_telling_is_found_and_gone(kind: Any, value: str, around: str) -> None:
    traces = Traces([Trace(kind, value)])
    text = f"{around} {value} {around}"
    if not traces.traces:
        assert traces.conceal(text) == text
        return
    assert traces.holds(text)
    assert value.encode("utf-8", "replace") in traces.needles()
    assert traces.conceal(text) != text
