from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.claims.agreement import agrees
from zhanggui.text.quantities import quantities


def holds(claim: str, fact: str) -> bool:
    (left,), (right,) = quantities(claim), quantities(fact)
    return agrees(left.quantity, right.quantity)


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("500ml", "0.5L"),
        ("约500ml", "480ml"),
        ("超过6小时", "12小时"),
        ("12小时以上", "12小时以上"),
        ("不超过30dB", "28dB"),
        ("60℃", "-20~60℃"),
        ("40℃", "-20~60℃"),
        ("3-6岁", "3~6岁"),
        ("7.9 inches", "20cm"),
        ("500g", "500±5g"),
        ("60天", "两个月"),
        ("3岁", "3岁以上"),
        ("两百多克", "210克"),
        ("八成", "82%"),
        ("两尺", "60cm"),
    ],
)
def test_true(claim: str, fact: str) -> None:
    assert holds(claim, fact)


@pytest.mark.parametrize(
    ("claim", "fact"),
    [
        ("500ml", "480ml"),
        ("约500ml", "400ml"),
        ("超过12小时", "12小时"),
        ("不到28dB", "28dB"),
        ("4-6岁", "3-6岁"),
        ("3岁以上", "6岁以上"),
        ("80℃", "-20~60℃"),
        ("501ml", "0.5L"),
        ("两百多克", "310克"),
        ("九成", "82%"),
    ],
)
def test_false(claim: str, fact: str) -> None:
    assert not holds(claim, fact)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_exact_numbers_agree_only_with_themselves(claim: int, fact: int) -> None:
    assert holds(f"{claim}克", f"{Decimal(fact) / 1000:f}kg") == (claim == fact)
