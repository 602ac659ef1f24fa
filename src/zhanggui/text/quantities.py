"""Numbers with units in Chinese and English text.

`500ml`, `0.5 L` and `半升` give the same quantity. Units are the data of `units.yaml`;
arithmetic is decimal. Model numbers (`X200`, `iPhone 15`, `5G`, `A4`) give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from zhanggui.records import Quantity
from zhanggui.text.normalise import Normalised, normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.units import Unit, unit_table

Bound = Literal["exact", "about", "over", "min", "under", "max"]

YEAR = Decimal(31_557_600)
"""In seconds, the unit of `time`; ages are in years."""

_RANGE = re.compile(r"\s*(?:-|–|—|~|～|至|到|\bto\b|\band\b)\s*(?=[\d零一二两三四五六七八九十半-])")
_TIMES = re.compile(r"\s*(?:×|x|\*|乘以?|\bby\b)\s*(?:[长宽高深厚约]\s*)?(?=\d)")
_LIST = re.compile(r"\s*(?:[/、或]|\bor\b)\s*(?=\d)")
_TOLERANCE = re.compile(r"\s*(?:±|\+/-)\s*(?=\d)")
_AXIS = re.compile(r"\s*\(?[lwhd长宽高厚深]\)?(?=\s*[×x*乘])")
_NEGATIVE = re.compile(r"(?:(?<![a-z0-9_)）])[-−](?!\s)|(?:零下|负|minus )\s*)$")
# 三五天, 四五个: a few, no number that could be right or wrong.
_FEW = re.compile(r"[一二两三四五六七八九]{2}")
_VERSION = re.compile(r"\.\d")
_HALF_MORE = re.compile(r"半(?![价径身截袖])")
# 一米五, 三公斤六, 2米4, 1米83, 三块五: the digits after the unit are decimals of it.
_TENTH_DIGITS = "一二三四五六七八九"
_TENTHS = re.compile(
    rf"(\d{{1,2}}(?![\d.,:%a-z°/~-])|[{_TENTH_DIGITS}]{{1,2}})"
    r"(?=$|[^\u4e00-\u9fff]|[的高宽长深多乘床]|左右|上下|以[上下内]|不到|出头|就|都|才)"
)
_TENTH_UNITS = frozenset(("米", "斤", "公斤", "块", "吨"))
_SOME_MORE = re.compile(r"[多来](?=$|[^\u4e00-\u9fff]|[的重长高宽厚深一点，就都])")
# 三块多, 九十块不到, 69块的: money, where 两块电池 counts pieces.
_MONEY = re.compile(
    r"块(?=$|[^\u4e00-\u9fff\d]|[多来出不左上以钱就拿能的都一二三四五六七八九]|\d{1,2}(?![\d.a-z])|到手|包邮|起|换|买|入手|搞定|解决)"
    r"(?!的?(?:电池|毛巾|布|砖|板|蛋糕|肥皂|香皂|巧克力|肉|地|手表|表|屏|玻璃))"
)
_PIECES = re.compile(
    r"的?(?:电池|毛巾|布|砖|板|蛋糕|肥皂|香皂|巧克力|肉|地|表|屏|玻璃|拼图|积木|瓷|腹肌|糖|饼)"
)
_MANY = 10
_MONTH_AGE = frozenset(("age", "time"))
# pH 5.5-7 has its unit before the number.
_ACIDITY = re.compile(
    r"(?<![a-z])ph\s?(?:值|values?|levels?)?\s?(?:约|为|在|是|of|is|about|[:：])*\s?$"
)
_AGED = re.compile(r"\bage[sd]?(?: of| from| about)?\s$")
_GAP = re.compile(r"\s*(?:full |whole |solid |entire |more )?-?\s*(?=[a-z])|\s*")
_STORAGE = frozenset({8, 16, 32, 64, 128, 256, 512, 1024, 2048})


@dataclass(frozen=True, slots=True)
class QuantitySpan:
    """A quantity and where it stands: bounds (约, 以上) are inside the span."""

    quantity: Quantity
    start: int
    end: int
    spoken: bool
    """True where the number is a single Chinese numeral or word (一天, half a day)."""


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    start: int
    end: int
    unit: str
    more: Bound
    spoken: bool


def quantities(text: str) -> list[QuantitySpan]:
    """The quantities of `text`, in order, with offsets into `text`."""
    return list(_quantities(text))


# The rules ask for the same clause and sentence several times.
@lru_cache(maxsize=512)
def _quantities(text: str) -> tuple[QuantitySpan, ...]:
    normal = normalise(text)
    found: list[QuantitySpan] = []
    position = 0
    for match in NUMBER.finditer(normal.text):
        touches = bool(found) and match.start() == position  # 5V2A
        if match.start() < position or not (touches or _may_start(normal.text, match)):
            continue
        numbers, joiner = _chain(normal.text, text, normal, match)
        spans = list(_quantities_of(numbers, joiner, normal))
        if touches and len(spans) == 1 and (whole := _sum(found[-1], spans[0])):
            found[-1] = whole
        else:
            found.extend(spans)
        if spans:
            position = numbers[-1].end
    return tuple(found)


def _sum(left: QuantitySpan, right: QuantitySpan) -> QuantitySpan | None:
    """Both as one amount where the second is a part of the first: 两斤三两, 1小时40分钟."""
    big, small = left.quantity, right.quantity
    units = unit_table().units
    same = big.dimension == small.dimension and big.unit in units and small.unit in units
    if not same or big.low != big.high or small.low != small.high:
        return None
    if small.low >= units[big.unit].factor or big.bound != "exact":
        return None
    value = big.low + small.low
    whole = replace(small, low=value, high=value)
    return QuantitySpan(whole, left.start, right.end, left.spoken)


def _may_start(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1] if match.start() else ""
    if before and before.isascii() and (before.isalpha() or before in "._#"):
        return before == "h" and _ACIDITY.search(text[: match.start()]) is not None
    if before == "-" and re.search(r"[a-z0-9]-$", text[: match.start()]):
        return False
    if _FEW.fullmatch(match[0]):
        return False
    if match["chinese"] and before and before in unit_table().not_after:
        return text[: match.start()].endswith("百分之")
    return not (match["arabic"] and _VERSION.match(text, match.end())) and before != "第"


def _chain(
    text: str, original: str, normal: Normalised, match: re.Match[str]
) -> tuple[list[_Number], str]:
    """The numbers that belong together and what joins them: `range`, `times`, `tolerance`, ``."""
    numbers = [_number(text, original, normal, match)]
    joiner = ""
    while True:
        step = _join(text, numbers[-1].end, joiner)
        if step is None:
            return numbers, joiner
        following = NUMBER.match(text, step[1].end())
        negative = text[step[1].end() :].startswith("-")
        if negative:
            following = NUMBER.match(text, step[1].end() + 1)
        if following is None or (following["chinese"] == "双"):
            return numbers, joiner
        number = _number(text, original, normal, following)
        # The dash of a range is no minus: 85%-90%.
        number = replace(number, value=abs(number.value) * (-1 if negative else 1))
        if step[0] == "times" and not _one_length(numbers[-1], number):
            return numbers, joiner
        if step[0] == "list" and (numbers[-1].unit or following["word"]):
            return numbers, joiner
        joiner = step[0]
        numbers.append(number)
        if joiner not in ("times", "list"):
            return numbers, joiner


def _join(text: str, position: int, joiner: str) -> tuple[str, re.Match[str]] | None:
    for name, pattern in _JOINERS:
        if joiner in ("", name) and (match := pattern.match(text, position)):
            return name, match
    return None


_JOINERS = (("times", _TIMES), ("tolerance", _TOLERANCE), ("range", _RANGE), ("list", _LIST))


def _one_length(left: _Number, right: _Number) -> bool:
    """Dimensions share their unit; 500ml×2瓶 does not."""
    units = unit_table().units
    kinds = {units[number.unit].dimension for number in (left, right) if number.unit}
    return kinds <= {"length"} or kinds == {"resolution"}


def _number(text: str, original: str, normal: Normalised, match: re.Match[str]) -> _Number:
    value, end = value_of(match), match.end()
    if _NEGATIVE.search(text[max(0, match.start() - 6) : match.start()]):
        value = -value
    more: Bound = "exact"
    for word, bound in unit_table().between:
        if text.startswith((word, f"个{word}"), end) and not match["word"]:
            begin = text.index(word, end) + len(word)
            name, unit_end = _unit(text, original, normal, begin, value)
            if not name and text.startswith("月", begin):
                name, unit_end = "个月", begin + 1
            if name:
                spoken = not match["arabic"] and len(match[0]) == 1
                return _Number(value, match.start(), unit_end, name, cast(Bound, bound), spoken)
    if text.startswith("个半", end):
        value, end = value + Decimal("0.5"), end + 2
    name, unit_end = _unit(text, original, normal, end, value)
    if match["chinese"] == "双" and name not in unit_table().pair_units:
        name = ""
    if name and not name.isascii():
        rest, unit_end = _rest(text, unit_end, name, arabic=bool(match["arabic"]))
        value += rest
        if _SOME_MORE.match(text, unit_end):
            unit_end, more = unit_end + 1, "over"
    if match["chinese"] and match["chinese"].startswith("半个") and not name:
        return _Number(value, match.start(), end, "", more, True)
    spoken = (not match["arabic"] and len(match[0]) == 1) or bool(match["word"])
    if not name and (axis := _AXIS.match(text, end)):
        return _Number(value, match.start(), axis.end(), "", more, spoken)
    return _Number(value, match.start(), unit_end if name else end, name, more, spoken)


def _rest(text: str, position: int, unit: str, *, arabic: bool) -> tuple[Decimal, int]:
    """What a number has behind its unit and where that ends: 两斤半, 一米五, 1米83."""
    if not arabic and _HALF_MORE.match(text, position):
        return Decimal("0.5"), position + 1
    name = unit.removesuffix("钱")
    tenth = _TENTHS.match(text, position) if name in _TENTH_UNITS else None
    if tenth is None:
        return Decimal(0), position
    digits = "".join(
        str(_TENTH_DIGITS.index(char) + 1) if char in _TENTH_DIGITS else char for char in tenth[1]
    )
    return Decimal(f"0.{digits}"), tenth.end()


def _unit(
    text: str, original: str, normal: Normalised, position: int, value: Decimal
) -> tuple[str, int]:
    table = unit_table()
    gap = _GAP.match(text, position)
    begin = gap.end() if gap else position
    match = table.pattern.match(text, begin) or table.pattern.match(text, position)
    if match is None:
        return "", position
    name, unit = match[0], table.units[match[0]]
    written = original[normal.offsets[match.start()] : normal.offsets[match.end()]]
    if unit.cased and written not in unit.cased:
        return "", position
    if abs(value) < unit.least or (
        unit.followed_by and not unit.followed_by.match(text, match.end())
    ):
        return "", position
    if name == "g" and written == "G":
        if value in _STORAGE:
            return "gb", match.end()
        if value <= 6:
            return "", position
    if name == "块" and _is_money(text, match, value):
        return "块钱", match.end()
    return name, match.end()


def _is_money(text: str, match: re.Match[str], value: Decimal) -> bool:
    if value >= _MANY:
        return not _PIECES.match(text, match.end())
    return bool(_MONEY.match(text, match.start()))


def _quantities_of(
    numbers: list[_Number], joiner: str, normal: Normalised
) -> Iterator[QuantitySpan]:
    text = normal.text
    first, last = numbers[0], numbers[-1]
    begin, bound, sign = _before(text, first)
    unit_name = last.unit or first.unit
    dimension = unit_table().currency_signs.get(sign, "")
    if text[:begin].endswith("百分之"):
        begin, unit_name = begin - 3, "%"
    aged = None if unit_name or dimension else _AGED.search(text[:begin])
    if aged:
        unit_name, begin = "岁", aged.start()
    if not unit_name and not dimension and _ACIDITY.search(text[:begin]):
        dimension = "ph"
    if not unit_name and not dimension:
        return
    end, bound_after = _after(text, last.end)
    bound = bound_after or bound or first.more
    if joiner in ("times", "list"):
        for index, number in enumerate(numbers):
            stop = end if index == len(numbers) - 1 else number.end
            start = begin if index == 0 else number.start
            yield _span(normal, (number,), unit_name, dimension, bound, start, stop)
    elif joiner == "tolerance":
        low = replace(first, value=first.value - last.value)
        high = replace(first, value=first.value + last.value)
        yield _span(normal, (low, high), unit_name, dimension, bound, begin, end)
    else:
        yield _span(normal, tuple(numbers), unit_name, dimension, bound, begin, end)


def _span(
    normal: Normalised,
    numbers: tuple[_Number, ...],
    unit_name: str,
    dimension: str,
    bound: Bound,
    begin: int,
    end: int,
) -> QuantitySpan:
    unit = unit_table().units[unit_name] if unit_name else None
    values = sorted(_base(number, unit) for number in numbers)
    if unit is not None and not dimension:
        dimension = unit.dimension
    written = unit_name or dimension
    if unit_name == "年" and 1900 <= numbers[0].value <= 2100:
        dimension, values = "year", sorted(number.value for number in numbers)
    quantity = Quantity(values[0], values[-1], dimension, written, bound != "exact", bound)
    start, stop = normal.span(begin, end)
    return QuantitySpan(quantity, start, stop, numbers[0].spoken)


def _base(number: _Number, unit: Unit | None) -> Decimal:
    own = unit_table().units.get(number.unit, unit)
    if own is None:
        return number.value
    if unit is not None and own.dimension != unit.dimension:
        if {own.dimension, unit.dimension} == _MONTH_AGE:
            # 6个月到三岁
            return number.value * own.factor / (YEAR if own.dimension == "time" else 1)
        own = unit
    value = (number.value + own.offset) * own.factor
    # Removes trailing zeros so that equal values also print equally.
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _before(text: str, first: _Number) -> tuple[int, Bound, str]:
    """Where the quantity begins, its bound and its currency sign, from what stands before."""
    begin, bound, sign = first.start, cast(Bound, ""), ""
    head = text[:begin]
    if negative := _NEGATIVE.search(head[-6:]):
        begin -= len(head[-6:]) - negative.start()
    stripped = text[:begin].rstrip()
    if stripped and stripped[-1] in unit_table().currency_signs:
        sign, begin = stripped[-1], len(stripped) - 1
    stripped = text[:begin].rstrip()
    for word, name in unit_table().before:
        if not stripped.endswith(word):
            continue
        start = len(stripped) - len(word)
        if word[0].isalpha() and word.isascii() and start and stripped[start - 1].isalpha():
            continue
        return start, cast(Bound, name), sign
    return begin, bound, sign


def _after(text: str, end: int) -> tuple[int, Bound]:
    gap = len(text) - len(text[end:].lstrip()) if end < len(text) else end
    for word, name in unit_table().after:
        if text.startswith(word, gap):
            return gap + len(word), cast(Bound, name)
    return end, cast(Bound, "")


def inexact(unit: str) -> bool:
    """Whether people round when they convert `unit` (inches, ounces)."""
    known = unit_table().units.get(unit)
    return known is not None and known.inexact


def significant_digits(amount: Quantity) -> int:
    """How many digits of the number as it was written carry meaning: 2 for 150, 3 for 205."""
    unit = unit_table().units.get(amount.unit)
    value = amount.low / unit.factor if unit is not None else amount.low
    return len(f"{value.normalize():f}".replace(".", "").strip("-0")) or 1
