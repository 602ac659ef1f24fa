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

import rjieba

from zhanggui.records import Quantity
from zhanggui.text.normalise import Normalised, normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.units import Unit, unit_table

Bound = Literal["exact", "about", "over", "min", "under", "max"]
# 三十多, 两斤出头: over 30 and below 40; 三十来: 28 to 36. A quantity tells both as a range.
_Said = Bound | Literal["", "some", "near"]

YEAR = Decimal(31_557_600)
"""In seconds, the unit of `time`; ages are in years."""

_RANGE = re.compile(r"\s*(?:-|–|—|~|～|至|到|\bto\b|\band\b)\s*(?=[\d零一二两三四五六七八九十半-])")
_TIMES = re.compile(r"\s*(?:×|x|\*|乘以?|\bby\b)\s*(?:[长宽高深厚约]\s*)?(?=\d)")
_LIST = re.compile(r"\s*(?:[/、或]|\bor\b)\s*(?=\d)")
_TOLERANCE = re.compile(r"\s*(?:±|\+/-)\s*(?=\d)")
_AXIS = re.compile(r"\s*\(?[lwhd长宽高厚深]\)?(?=\s*[×x*乘])")
_NEGATIVE = re.compile(r"(?:(?<![a-z0-9_)）])[-−](?!\s)|(?:零下|负|minus )\s*)$")
# 三五天, 四五个: a few, no number that could be right or wrong.
_FEW = re.compile(r"[一二两三四五六七八九]{2}[十百千万]?")
_CUT_NUMERAL = "一二三四五六七八九十百千万"
_VERSION = re.compile(r"\.\d")
_HALF_MORE = re.compile(r"半(?![价径身截袖])")
# 一米五, 三公斤六, 1米83, 一成二, 三块五: the digits after the unit are decimals of it.
_TENTH_DIGITS = "零一二三四五六七八九"
_TENTHS = re.compile(rf"\d{{1,2}}(?![\d.,:%a-z°/~-])|零?[{_TENTH_DIGITS[1:]}]{{1,2}}")
_TENTH_UNITS = frozenset(
    (
        "米",
        "斤",
        "公斤",
        "块",
        "元",
        "吨",
        "两",
        "成",
        "厘米",
        "公分",
        "毫米",
        "升",
        "尺",
        "寸",
        "克",
        "度",
        "匹",
        "毛",
    )
)
# 三块七毛, 四块四毛五: the coins after the money.
_COINS = re.compile(
    rf"([\d{_TENTH_DIGITS[1:]}])毛(?:([\d{_TENTH_DIGITS[1:]}])(?:分|(?=[一每]|[^\u4e00-\u9fff\d.]|$)))?钱?"
)
# 八一斤: what the digit stands before is one of something, of which it is the price.
_APIECE = re.compile(r"[一每](?![的高宽长深厚重多乘])[\u4e00-\u9fff]")
_NO_TENTH = re.compile(rf"[{_TENTH_DIGITS}十百千万亿点两分号月年毛折倍]")
# 一斤二三两
_FEW_MORE = re.compile(r"[一二三四五六七八九]{2}(?:两|钱|毛|块|公分|厘米|分|克|个月|寸)")
_SOME_MORE = re.compile(
    r"[多来](?=$|[^\u4e00-\u9fff]|[的重长高宽厚深])|多(?=[一点就都])"
    r"|(?<=[斤两块毛钱成米克升尺寸分])多(?!功|款|层|样|次|色|人|口|用|种|元|维|重|数|年|场|角|档|段|彩|肉|汁|面|巴|士|头|孔|点)"
)
# 三块多, 九十块不到, 69块的: money, where 两块电池 counts pieces.
_MONEY = re.compile(
    r"块(?=$|[^\u4e00-\u9fff\d]|[多来出不左上以钱就拿能的都一二三四五六七八九]|\d{1,2}(?![\d.a-z])|到手|包邮|起|换|买|入手|搞定|解决)"
    r"(?!的?(?:电池|毛巾|布|砖|板|蛋糕|肥皂|香皂|巧克力|肉|地|手表|表|屏|玻璃))"
)
_PIECES = re.compile(
    r"的?(?:电池|毛巾|布|砖|板|蛋糕|肥皂|香皂|巧克力|肉|地|表|屏|玻璃|拼图|积木|瓷|腹肌|糖|饼)"
)
_WORD, _SIDES = 3, "的高宽长深厚重多乘床大"
_MANY = 10
_AROUND = {"some": (Decimal(0), Decimal(1)), "near": (Decimal("0.2"), Decimal("0.6"))}
# 比半斤还轻, 比一米略高
_THAN = re.compile(
    r"(?:还要?|要|都|更|略|稍|稍微)?(?:(?P<less>[轻短小薄少矮窄低细浅])|[重长大厚多高宽粗深])"
)
_HALF = Decimal("0.5")
# Longer ones are codes; decimals of 28 digits cannot hold them.
_LONGEST = 20
_MONTH = re.compile(r"\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?!龄)")
_MONTH_AGE = frozenset(("age", "time"))
# pH 5.5-7 has its unit before the number.
_ACIDITY = re.compile(
    r"(?<![a-z])ph\s?(?:值|values?|levels?)?\s?(?:约|为|在|是|of|is|about|[:：])*\s?$"
)
_AGED = re.compile(r"\bage[sd]?(?: of| from| about)?\s$")
_GAP = re.compile(r"\s*(?:full |whole |solid |entire |more )?-?\s*(?=[a-z])|\s*")
# What joins the parts of one amount: 一年零三个月, two pounds and five ounces.
_PART = re.compile(r"零|又| |,? and ")
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
    more: _Said
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
        between = normal.text[position : match.start()] if found else "-"
        touches = between == ""  # 5V2A
        part = touches or _PART.fullmatch(between) is not None
        if match.start() < position or not (touches or _may_start(normal.text, match)):
            continue
        if _is_code(match):
            continue
        numbers, joiner = _chain(normal.text, text, normal, match)
        spans = list(_quantities_of(numbers, joiner, normal))
        if part and len(spans) == 1 and (whole := _sum(found[-1], spans[0])):
            found[-1] = whole
        else:
            found.extend(spans)
        if spans:
            position = numbers[-1].end
    return tuple(found)


def _is_code(match: re.Match[str]) -> bool:
    """Whether a number is too long for an amount."""
    return len(match[0]) > _LONGEST and not match["word"]


def _sum(left: QuantitySpan, right: QuantitySpan) -> QuantitySpan | None:
    """Both as one amount where the second is a part of the first: 约两斤三两, 1小时零5分钟,
    a foot and three inches."""
    big, small = left.quantity, right.quantity
    units = unit_table().units
    same = big.dimension == small.dimension and big.unit in units and small.unit in units
    if not same or big.low != big.high or small.low >= units[big.unit].factor:
        return None
    bound = big.bound if small.bound == "exact" else small.bound
    low, high = big.low + small.low, big.low + small.high
    whole = replace(small, low=low, high=high, bound=bound, approximate=bound != "exact")
    return QuantitySpan(whole, left.start, right.end, left.spoken)


def _may_start(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1] if match.start() else ""
    if match["chinese"] and before.isascii() and before.isalpha():
        # XL两块三一片
        return not _FEW.fullmatch(match[0])
    if before and before.isascii() and (before.isalpha() or before in "._#"):
        return before == "h" and _ACIDITY.search(text[: match.start()]) is not None
    if before == "-" and re.search(r"[a-z0-9]-$", text[: match.start()]):
        return False
    if _FEW.fullmatch(match[0]) or (match["chinese"] and before and before in _CUT_NUMERAL):
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
        if following is None or following["chinese"] == "双" or _is_code(following):
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
    if not match["word"] and (several := _several(text, original, normal, match, value)):
        return several
    more: _Said = "exact"
    if text.startswith("个半", end):
        value, end = value + Decimal("0.5"), end + 2
    name, unit_end = _unit(text, original, normal, end, value)
    # drop one in, the two in stereo: no inches.
    lone = match["chinese"] == "双" and name not in unit_table().pair_units
    name = "" if lone or (match["word"] and name == "in") else name
    if name and not name.isascii():
        rest, unit_end = _rest(text, unit_end, name, arabic=bool(match["arabic"]))
        value += rest
        if _SOME_MORE.match(text, unit_end):
            unit_end, more = unit_end + 1, "some" if text[unit_end] == "多" else "near"
        elif _FEW_MORE.match(text, unit_end):
            more = "some"
    if match["chinese"] and match["chinese"].startswith("半个") and not name:
        return _Number(value, match.start(), end, "", more, True)
    spoken = (not match["arabic"] and len(match[0]) == 1) or bool(match["word"])
    if not name and (axis := _AXIS.match(text, end)):
        return _Number(value, match.start(), axis.end(), "", more, spoken)
    return _Number(value, match.start(), unit_end if name else end, name, more, spoken)


def _several(
    text: str, original: str, normal: Normalised, match: re.Match[str], value: Decimal
) -> _Number | None:
    """A number with a word between it and its unit: 三十多个, 十来分钟, 12+小时."""
    end = match.end()
    for word, bound in unit_table().between:
        if not text.startswith((word, f"个{word}"), end):
            continue
        begin = text.index(word, end) + len(word)
        name, unit_end = _unit(text, original, normal, begin, value)
        if not name and text.startswith("月", begin):
            name, unit_end = "个月", begin + 1
        if name:
            spoken = not match["arabic"] and len(match[0]) == 1
            return _Number(value, match.start(), unit_end, name, cast(_Said, bound), spoken)
    return None


def _rest(text: str, position: int, unit: str, *, arabic: bool) -> tuple[Decimal, int]:
    """What a number has behind its unit and where that ends: 两斤半, 一米五, 1米83, 四块四毛五."""
    if not arabic and _HALF_MORE.match(text, position):
        return Decimal("0.5"), position + 1
    name = unit.removesuffix("钱")
    if name in ("块", "元") and (coins := _COINS.match(text, position)):
        return Decimal(f"0.{_ascii(coins[1] + (coins[2] or ''))}"), coins.end()
    tenth = _TENTHS.match(text, position) if name in _TENTH_UNITS else None
    for end in range(tenth.end() if tenth else position, position, -1):
        if _is_tenth(text, position, end):
            return Decimal(f"0.{_ascii(text[position:end])}"), end
    return Decimal(0), position


def _ascii(digits: str) -> str:
    return "".join(
        str(_TENTH_DIGITS.find(char)) if char in _TENTH_DIGITS else char for char in digits
    )


def _is_tenth(text: str, start: int, end: int) -> bool:
    """Whether the digits at `[start, end)` count nothing and begin no word: not 三升|四口之家, not
    一斤|五香牛肉."""
    if text[end - 1] == "零" or text[end : end + 1].isdecimal():
        return False
    if end - start > 1 and _APIECE.match(text, end - 1):
        return False
    if _APIECE.match(text, end):
        return True
    if _NO_TENTH.match(text, end) or unit_table().pattern.match(text, end):
        return False
    word = rjieba.cut(text[start : end + _WORD], False)[0]
    return len(word) <= end - start or text[end] in _SIDES


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
    if text[:begin].endswith("比") and (than := _THAN.match(text, end)):
        bound = "under" if than["less"] else "over"
    if joiner in ("times", "list"):
        for index, number in enumerate(numbers):
            stop = end if index == len(numbers) - 1 else number.end
            start = begin if index == 0 else number.start
            yield _span(normal, (number,), unit_name, dimension, bound, start, stop)
    elif joiner == "tolerance":
        part = last.value
        if last.unit == "%" != first.unit:
            # 1500g±3%
            part, unit_name = first.value * part / 100, first.unit or unit_name
        low = replace(first, value=first.value - part)
        high = replace(first, value=first.value + part)
        yield _span(normal, (low, high), unit_name, dimension, bound, begin, end)
    else:
        yield _span(normal, tuple(numbers), unit_name, dimension, bound, begin, end)


def _span(
    normal: Normalised,
    numbers: tuple[_Number, ...],
    unit_name: str,
    dimension: str,
    said: _Said,
    begin: int,
    end: int,
) -> QuantitySpan:
    unit = unit_table().units[unit_name] if unit_name else None
    values = sorted(_base(number, unit) for number in numbers)
    if unit is not None and not dimension:
        dimension = unit.dimension
    written = unit_name or dimension
    if unit_name == "年" and (century := _century(normal.text, numbers[0], end)) is not None:
        dimension, values = "year", sorted(number.value + century for number in numbers)
    bound: Bound
    if said in ("some", "near"):
        least, most = _AROUND[said]
        step, value = _step(numbers[-1].value), numbers[-1].value
        ends = (value - step * least, value + step * most)
        values = [_base(replace(numbers[-1], value=end), unit) for end in ends]
        bound = "over"
    else:
        bound = cast(Bound, said or "exact")
    quantity = Quantity(values[0], values[-1], dimension, written, bound != "exact", bound)
    start, stop = normal.span(begin, end)
    return QuantitySpan(quantity, start, stop, numbers[0].spoken)


def _century(text: str, number: _Number, end: int) -> int | None:
    """What makes a year of the calendar of the number: 2024年, 24年3月; None for 3年."""
    if 1900 <= number.value <= 2100:
        return 0
    return 2000 if number.value < 100 and _MONTH.match(text, end) else None


def _step(value: Decimal) -> Decimal:
    """What the last digit of the number as it was written counts: 10 of 150, 0.1 of 2.3."""
    if value == _HALF:
        return _HALF
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


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
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _before(text: str, first: _Number) -> tuple[int, _Said, str]:
    """Where the quantity begins, its bound and its currency sign, from what stands before."""
    begin, sign = first.start, ""
    head = text[:begin]
    if negative := _NEGATIVE.search(head[-6:]):
        begin -= len(head[-6:]) - negative.start()
    stripped = text[:begin].rstrip()
    if stripped and stripped[-1] in unit_table().currency_signs:
        sign, begin = stripped[-1], len(stripped) - 1
    stripped = text[:begin].rstrip()
    table = unit_table()
    if not stripped.endswith(table.words_before) or stripped.endswith(table.part_of):
        return begin, "", sign
    for word, name in table.before:
        if not stripped.endswith(word):
            continue
        start = len(stripped) - len(word)
        if word[0].isalpha() and word.isascii() and start and stripped[start - 1].isalpha():
            continue
        return start, cast(_Said, name), sign
    return begin, "", sign


def _after(text: str, end: int) -> tuple[int, _Said]:
    gap = len(text) - len(text[end:].lstrip()) if end < len(text) else end
    table = unit_table()
    for word, name in table.after if text.startswith(table.words_after, gap) else ():
        if text.startswith(word, gap):
            return gap + len(word), cast(_Said, name)
    return end, ""


def inexact(unit: str) -> bool:
    """Whether people round when they convert `unit` (inches, ounces)."""
    known = unit_table().units.get(unit)
    return known is not None and known.inexact


def significant_digits(amount: Quantity) -> int:
    """How many digits of the number as it was written carry meaning: 2 for 150, 3 for 205."""
    unit = unit_table().units.get(amount.unit)
    value = amount.low / unit.factor if unit is not None else amount.low
    return len(f"{value.normalize():f}".replace(".", "").strip("-0")) or 1
