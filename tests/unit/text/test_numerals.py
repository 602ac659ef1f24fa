from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.text.numerals import NUMBER, value_of

_DIGITS = "零一二三四五六七八九"


def value(text: str) -> Decimal:
    match = NUMBER.fullmatch(text)
    assert match is not None, text
    return value_of(match)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十四", "24"),
        ("一千五百", "1500"),
        ("一千五", "1500"),
        ("一千零五", "1005"),
        ("三万二千", "32000"),
        ("十二点五", "12.5"),
        ("二〇二四", "2024"),
        ("半", "0.5"),
        ("两百", "200"),
        ("1,500", "1500"),
        ("3.5万", "35000"),
        ("1/2", "0.5"),
        ("half a", "0.5"),
        ("dozen", "12"),
    ],
)
def test_numerals(text: str, number: str) -> None:
    assert value(text) == Decimal(number)


def _numeral(number: int) -> str:
    """The full numeral with every unit, such as 一千零二十五."""
    pieces, zero = [], False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            pieces.append(("零" if zero and pieces else "") + _DIGITS[digit] + unit)
            zero = False
        else:
            zero = True
    return "".join(pieces)


@given(st.integers(1, 9999))
def test_every_full_numeral_is_read_back(number: int) -> None:
    assert value(_numeral(number)) == number
