"""Numbers as digits, as Chinese numerals and as English words."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_WORDS = {
    "half a dozen": Decimal(6),
    "half": Decimal("0.5"),
    "one": Decimal(1),
    "two": Decimal(2),
    "three": Decimal(3),
    "four": Decimal(4),
    "five": Decimal(5),
    "six": Decimal(6),
    "seven": Decimal(7),
    "eight": Decimal(8),
    "nine": Decimal(9),
    "ten": Decimal(10),
    "twelve": Decimal(12),
    "dozen": Decimal(12),
    "fifteen": Decimal(15),
    "twenty": Decimal(20),
    "thirty": Decimal(30),
    "fifty": Decimal(50),
}
NUMBER = re.compile(
    r"(?P<arabic>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[/⁄](?:2|3|4|5|8|10|16|32|64)(?![\d.]|\s?/))?)(?P<scale>\s?[百千万亿])?"
    r"|(?P<chinese>[零〇一二两三四五六七八九十](?:[零〇一二三四五六七八九十百千万亿]|两(?=[百千万亿]))*"
    r"(?:点[零〇一二三四五六七八九]+)?|半(?:个)?|双)"
    rf"|(?P<word>\b(?:{'|'.join(_WORDS)})\b(?:\s(?:and a half|a|an)\b)?)"
)
"""A number in lower-case NFKC text; groups `arabic` (with `scale`), `chinese`, `word`."""


def value_of(match: re.Match[str]) -> Decimal:
    """The value of a match of `NUMBER`."""
    if match["arabic"]:
        return _arabic(match["arabic"]) * _scale(match["scale"])
    if match["chinese"]:
        return _chinese(match["chinese"])
    if match["word"] in _WORDS:
        return _WORDS[match["word"]]
    words = match["word"].split()
    return _WORDS[words[0]] + (Decimal("0.5") if words[-1] == "half" and len(words) > 1 else 0)


def _arabic(digits: str) -> Decimal:
    numerator, _, denominator = digits.replace(",", "").replace("⁄", "/").partition("/")
    return Decimal(numerator) / Decimal(denominator) if denominator else Decimal(numerator)


def _scale(mark: str | None) -> Decimal:
    sign = (mark or "").strip()
    return Decimal({**_SMALL, **_LARGE}.get(sign, 1))


def _chinese(numeral: str) -> Decimal:
    if numeral.startswith("半"):
        return Decimal("0.5")
    if numeral == "双":
        return Decimal(2)
    whole, _, fraction = numeral.partition("点")
    if len(whole) > 1 and all(char in _DIGITS for char in whole):
        value = Decimal("".join(str(_DIGITS[char]) for char in whole))
    else:
        value = Decimal(_whole(whole))
    if fraction:
        value += Decimal("0." + "".join(str(_DIGITS[char]) for char in fraction))
    return value


def _whole(numeral: str) -> int:
    """Sums the sections of 万 and 亿; a last digit after 百/千/万 counts tenths (一千五 = 1500)."""
    total = section = digit = 0
    unit = 1
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
            unit = 1 if char in "零〇" else unit
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit, unit = 0, _SMALL[char]
        else:
            total = (total + section + digit) * _LARGE[char] if total + section + digit else 0
            section, digit, unit = 0, 0, _LARGE[char]
    tenths = unit // 10 if unit > 10 else 1
    return total + section + digit * tenths
