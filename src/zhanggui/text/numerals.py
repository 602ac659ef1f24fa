"""Numbers as digits, as Chinese numerals and as English words."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_POWERS = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_PART = re.compile(
    r"(?: and )?(?:an? |one |(?P<three>three)[ -])?(?:(?P<half>half)|quarters?)\b.*$"
)
_ONES = "|".join(sorted(_UNITS, key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_UNITS)[:9])}))?|{_ONES})\b"
_BELOW_THOUSAND = (
    rf"(?:(?:{_BELOW_HUNDRED}|an?) hundred\b(?: (?:and )?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
)
_ENGLISH = (
    r"half a dozen|(?:a )?dozen\b|half\b(?: an?\b)?"
    r"|(?:an? |one |three[ -])quarters?\b(?: of)?(?: an?\b)?"
    rf"|(?:(?:{_BELOW_THOUSAND}|an?) (?:thousand|million)\b(?:,? (?:and )?{_BELOW_THOUSAND})?"
    rf"|{_BELOW_THOUSAND})(?: and a half\b| and a quarter\b| and three quarters\b| an?\b)?"
)
# 一千五百, 四十八 (the 一 of 四十八一斤 is another number), 二〇二四, 两.
_CHINESE = (
    r"(?:(?:[一二两三四五六七八九]?[十百千万亿][零〇]?)+[一二三四五六七八九]?"
    r"|[零〇一二三四五六七八九]{2,}(?![十百千万亿])|[零〇一二两三四五六七八九])"
)
NUMBER = re.compile(
    r"(?P<arabic>(?<![\d./])\d+[/⁄](?:2|3|4|5|8|10|16|32|64)(?![\d.]|\s?/)|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<scale>\s?(?:[百千万亿]|(?:hundred|thousand|million)\b))?"
    rf"|(?P<chinese>{_CHINESE}(?:点[零〇一二三四五六七八九]+)?|半(?:个)?|双)"
    rf"|(?P<word>\b(?:{_ENGLISH}))"
)
"""A number in lower-case NFKC text; groups `arabic` (with `scale`), `chinese`, `word`."""


def value_of(match: re.Match[str]) -> Decimal:
    """The value of a match of `NUMBER`."""
    if match["arabic"]:
        return _arabic(match["arabic"]) * _scale(match["scale"])
    if match["chinese"]:
        return _chinese(match["chinese"])
    return _english(match["word"])


def _english(words: str) -> Decimal:
    """The value of twenty-five, a hundred and ten, four and a half, three quarters of an."""
    if "dozen" in words:
        return Decimal(6 if words.startswith("half") else 12)
    if part := _PART.search(words):
        whole = words[: part.start()]
        value = (Decimal("0.5") if part["half"] else Decimal("0.25")) * (3 if part["three"] else 1)
        return value + (_english(whole) if whole else 0)
    total = section = 0
    for word in re.split(r"[- ,]+", words):
        if word == "hundred":
            section = (section or 1) * 100
        elif word in _POWERS:
            total, section = total + (section or 1) * _POWERS[word], 0
        else:
            section += _UNITS.get(word, _TENS.get(word, 0))
    return Decimal(total + section)


def _arabic(digits: str) -> Decimal:
    numerator, _, denominator = digits.replace(",", "").replace("⁄", "/").partition("/")
    return Decimal(numerator) / Decimal(denominator) if denominator else Decimal(numerator)


def _scale(mark: str | None) -> Decimal:
    sign = (mark or "").strip()
    return Decimal({**_SMALL, **_LARGE, **_POWERS}.get(sign, 1))


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
