"""Numbers that claim nothing of the goods: idioms, hours of the clock, what other things take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import rjieba

from zhanggui.claims.known import Known, KnownQuantity
from zhanggui.claims.lexicon import PACKAGE
from zhanggui.claims.marks import Clause
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.quantities import QuantitySpan, quantities

_SMALL, _BESIDE = 4, 10
_FAR = Decimal("1.5")
_HUNDRED = 100
_NEAR = 4
# The 不到 of 一毫升不到两块钱 is of both.
_SHARED = 2
_IDIOM = 3
_DIGITS = "一二三四五六七八九"
_IDLE_PAIRS = frozenset(("count:次", "count:人", "count:款", "count:套"))
_USED = re.compile(r"[吃喝用取加放倒来冲切拿嚼抹涂]$")
# 一天一次, 一周洗两三次: how often somebody does something.
_OFTEN = re.compile(r"[洗用喝吃练跑]?[一二两三四五六七八九\d]+[次回遍顿杯粒片袋包]")
_NUMERALS = re.compile(r"[零一二两三四五六七八九十百千万半几\d.]*")
_NUMERAL = re.compile(r"[一二两三四五六七八九十百千万半]")
# 一平米, 一百克, 100ml
_ONE = re.compile(r"^(?:一|1|一百|100)\s?[^\d一二三四五六七八九十百千半]*$")
# 只有一层: of the goods; 一层能放四十斤: each of them.
_GRADES = frozenset(("age", "count:档", "temperature", "degree"))
_ONLY = re.compile(r"(?:[只仅共]有?|[配送附带有含])$")
# A charging time or a warranty says nothing where the text does not speak of it.
BOUND = frozenset(("充电", "质保", "保质", "发货", "退换", "定时", "年龄"))


class _FiguresFile(DataModel):
    names: list[str]
    clock: list[str]
    before: list[str]
    after: list[str]
    scenes: list[str]
    outing: str
    idioms: list[str]
    among: str
    priced: str


@dataclass(frozen=True, slots=True)
class _Figures:
    names: frozenset[str]
    clock: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    scenes: re.Pattern[str]
    doing: re.Pattern[str]
    """A scene right before a number: 火车开了."""
    outing: re.Pattern[str]
    idioms: re.Pattern[str]
    among: re.Pattern[str]
    priced: re.Pattern[str]


@cache
def _figures() -> _Figures:
    data = load(_FiguresFile, PACKAGE, "lexicons/figures.yaml")
    scenes = "|".join(rf"\b{word}\b" if word.isascii() else word for word in data.scenes)
    return _Figures(
        frozenset(data.names),
        re.compile("|".join(data.clock)),
        re.compile("|".join(data.before)),
        re.compile("|".join(data.after)),
        re.compile(scenes),
        re.compile(rf"(?:{scenes})[坐开等排站跑飞熬加值打聊逛爬赶走]?了?\s?$"),
        re.compile(data.outing),
        re.compile("|".join(data.idioms)),
        re.compile(data.among),
        re.compile(data.priced),
    )


def is_idle(text: str, span: QuantitySpan, aspect: str, known: Known) -> bool:
    """一天, 一杯, 半日, 两人: figures of speech unless they are bound to something measured."""
    amount, after = span.quantity, text[span.end :]
    counts = attribute_words().counts
    if amount.dimension == "length" and after.lstrip(_DIGITS).startswith(counts.bodies):
        return True
    before = text[: span.start]
    if amount.unit in counts.distances and before.endswith(counts.journeys):
        return True
    if not span.spoken or (amount.low != amount.high and amount.bound != "over"):
        return False
    if amount.dimension.startswith("count:") and amount.low <= _SMALL:
        if after.lstrip("的").startswith(counts.beings):
            return True
        if amount.unit in counts.actions and before and not before.endswith(counts.owned):
            return True
    kind = amount.dimension.partition(":")[0]
    if kind == "count":
        used = amount.low <= 2 and _USED.search(text[: span.start])
        layered = amount.dimension == "count:层" and "count:层" in known.quantities
        ones = used or (amount.low <= 1 and not layered)
        return bool(ones) or (amount.low <= 2 and amount.dimension in _IDLE_PAIRS)
    if kind == "time" and _OFTEN.match(after):
        return True
    return kind == "times" or (kind == "time" and not aspect)


def is_figure(clause: Clause, span: QuantitySpan, aspect: str, known: Known) -> bool:
    """Whether a number that no fact proves is a figure of speech or another thing's."""
    text, figures = clause.norm, _figures()
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    if figures.before.search(text[:start]) or figures.after.match(text, _unit_at(text, start)):
        return True
    if figures.outing.search(text[:start]) and span.quantity.dimension.startswith("currency:"):
        return True
    counts = attribute_words().counts
    if span.quantity.dimension.startswith("count:"):
        if figures.among.match(text, _unit_at(text, start)):
            return True
        if text[end:].lstrip("的 ").startswith(counts.beings):
            return True
        if span.spoken and span.quantity.low == 1 and not _ONLY.search(text[:start]):
            return True
    if not aspect and (scene := _scene(clause, span, known)):
        return scene not in known.all_text
    return (not aspect and _is_denominator(clause, span)) or _in_idiom(clause, span)


def _scene(clause: Clause, span: QuantitySpan, known: Known) -> str:
    """The doing or place that takes the time or the money: 火车开了十二个小时; `` if none does."""
    text, figures = clause.norm, _figures()
    kind = span.quantity.dimension.partition(":")[0]
    scene = figures.scenes.search(text)
    if scene is None or kind not in ("time", "currency", "age"):
        return ""
    if kind == "currency" and (figures.priced.search(text) or _is_near_price(span, known)):
        return ""
    if kind == "time":
        start, end = clause.to_norm(span.start), clause.to_norm(span.end)
        beside = figures.doing.search(text[:start]) or figures.scenes.match(
            text[end:].lstrip(" -的")
        )
        # 开会24小时水都烫 tells more than the 12小时 of the data.
        told = any(
            one.quantity.high < span.quantity.low
            for one in known.quantities.get("time", ())
            if one.aspect not in BOUND
        )
        return beside[0] if beside and not told else ""
    return scene[0]


def _is_near_price(span: QuantitySpan, known: Known) -> bool:
    """Whether a sum may be meant as the price: 打工人的99块 of 128元."""
    if known.price is None:
        return False
    price = known.price.quantities[0].low
    return price / 2 <= span.quantity.low <= price * 2


def is_measure(clause: Clause, span: QuantitySpan, candidates: Sequence[KnownQuantity]) -> bool:
    """Whether a small number in words only says how much of something another number of the
    sentence is told for (三斤水放两勺), not how much the goods have: it is far from what the
    facts give."""
    amount = span.quantity
    if not span.spoken or amount.dimension in _GRADES or not _has_neighbour(clause, span):
        return False
    return not any(
        value / _FAR < amount.low < value * _FAR
        for one in candidates
        for value in (one.quantity.low, one.quantity.high)
    )


def _has_neighbour(clause: Clause, span: QuantitySpan) -> bool:
    """Whether another number of the sentence stands near."""
    place = max(clause.sentence.find(clause.text), 0)
    start, end = place + span.start, place + span.end
    return any(
        0 <= max(other.start - end, start - other.end) <= _BESIDE
        for other in quantities(clause.sentence)
        if not (other.quantity.low == 1 and other.quantity.dimension.startswith("count:"))
        if other.end <= start or end <= other.start
    )


def is_name(number: str, clause: Clause, start: int, known: Known) -> bool:
    """Whether a bare number is an hour of the clock or a name such as 996."""
    figures = _figures()
    before = clause.label + clause.norm[:start]
    if any(name in before for name in known.names):
        return False
    if number in figures.names and clause.text[:1] and not clause.text.isascii():
        return True
    if any(one.start() <= start < one.end() for one in figures.idioms.finditer(clause.norm)):
        return True
    if re.search(r"\d\s?:\s?\d", known.all_text):
        return False
    return any(one.start() <= start < one.end() for one in figures.clock.finditer(clause.norm))


def _unit_at(text: str, start: int) -> int:
    """Where the numeral at `start` ends and its unit begins."""
    match = _NUMERALS.match(text, start)
    return match.end() if match else start


def _is_denominator(clause: Clause, span: QuantitySpan) -> bool:
    """Whether it is the one that another number is told for: 一平米 of 一平米五百克."""
    amount = span.quantity
    if amount.low != amount.high or amount.dimension.startswith("count:"):
        return False
    if not _ONE.search(clause.text[span.start : span.end]):
        return False
    return any(
        other.quantity.dimension != amount.dimension
        and -_SHARED <= max(other.start - span.end, span.start - other.end) <= _NEAR
        for other in quantities(clause.text)
    )


def _in_idiom(clause: Clause, span: QuantitySpan) -> bool:
    """Whether the number is a part of a longer word of the dictionary: 一砖一瓦, 百年好合."""
    numeral = _NUMERAL.search(clause.text, span.start, span.end)
    if numeral is None:
        return False
    place = 0
    for word, tag in rjieba.tag(clause.text):
        end = place + len(word)
        if place <= numeral.start() < end:
            longer = end > span.end or place < numeral.start()
            return (
                longer and len(word) >= _IDIOM and not tag.startswith("m" if len(word) < 4 else "?")
            )
        place = end
    return False
