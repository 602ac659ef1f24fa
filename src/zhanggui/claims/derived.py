"""Numbers that follow from the facts: 8 × 32页 are 256页, 128元 for 8本 is 16元 each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from zhanggui.claims.agreement import agrees
from zhanggui.claims.known import Known, KnownQuantity
from zhanggui.claims.lexicon import PACKAGE
from zhanggui.claims.marks import Clause
from zhanggui.claims.packs import is_pack_word, told_packs
from zhanggui.claims.sums import Sums
from zhanggui.records import Fact, Quantity
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.quantities import QuantitySpan, quantities
from zhanggui.text.segment import query_tokens
from zhanggui.text.units import unit_table

# The proportions of a value: 1:15.
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?)\s?:\s?(\d+(?:\.\d+)?)(?![\d:]|\.\d)")
# What of a round price is given back, behind it: 一百六还找一块, $130 with change.
_CHANGE = re.compile(
    r"有找|找(?:你|您|零|回)|找(?=\s*[\d一二两三四五六七八九十])|富余|有余|余下"
    r"|\b(?:with|get|some|leaves|gets you) (?:some )?change\b"
    r"|\b(?:change|penny|pennies|cents?|dollars?) back\b"
)
_ROUND = 10
_APIECE = re.compile(r"\s?an? ([a-z]+)")
_WEIGHED = ("mass", "volume")
_RATIO_PART = re.compile(r"[水粉豆米]")
_CHANGE_LEAST, _PRICE_LEAST = Decimal("0.9"), 10
_HUNDRED = 100
_ROUNDED, _EXACT, _CENTS = Decimal("0.06"), Decimal("0.006"), Decimal("0.05")
_UPPER = Decimal("1.35")


class _Cues(DataModel):
    each: list[str]
    total: list[str]
    difference: list[str]
    reach: list[str]
    rest: list[str]
    pair: list[str]
    joined: list[str]
    lasting: list[str]
    aside: list[str]


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    data = load(_Cues, PACKAGE, "lexicons/arithmetic.yaml").model_dump()
    return {name: re.compile("|".join(words)) for name, words in data.items()}


def derived(
    span: QuantitySpan, clause: Clause, known: Known, own: Sequence[KnownQuantity] = ()
) -> Fact | None:
    """The fact that a number of the clause follows from by a sum, product, quotient, difference
    or proportion that its words tell of; None if there is none. `own` are the quantities of its
    kind, those of its dimension if not given."""
    amount = span.quantity
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    said = f"{clause.label} {clause.norm[:start]} {clause.norm[end:]}"
    plain = _cues()["aside"].sub(lambda match: " " * len(match[0]), said)
    ways = {name for name, pattern in _cues().items() if pattern.search(plain)}
    if (apiece := _APIECE.match(clause.norm, end)) and is_pack_word(apiece[1], known.goods):
        ways.add("each")
    others = [one.quantity for one in quantities(clause.sentence) if one.quantity != amount]
    own = own or known.quantities.get(amount.dimension, ())
    if amount.dimension.startswith("currency:"):
        if _is_rounded_price(amount, clause, end, known):
            return known.price
        others += _bare(clause.sentence, amount)
        own = known.quantities.get("currency:CNY", ())
    packs = told_packs(clause.sentence, known.goods)
    packs -= {(amount.dimension, amount.low)}
    sums = Sums(amount.dimension, own, frozenset(ways), others, plain, packs, known)
    for value, fact in sums.values():
        if _is(amount, value):
            return fact
    return _proportional(amount, others, said, known)


def _is_rounded_price(amount: Quantity, clause: Clause, end: int, known: Known) -> bool:
    """Whether it is the next round price above, and the clause goes on with what is given back."""
    if known.price is None or not _CHANGE.search(clause.norm, end):
        return False
    price = known.price.quantities[0].low
    if not amount.low * _CHANGE_LEAST <= price < amount.low:
        return False
    return amount.low % _ROUND == 0 or amount.low < _ROUND


def _bare(sentence: str, amount: Quantity) -> list[Quantity]:
    """The numbers without a unit, which beside a price are prices: 两百六还找一块."""
    normal = normalise(sentence)
    taken = [(span.start, span.end) for span in quantities(sentence)]
    found = (
        value_of(match)
        for match in NUMBER.finditer(normal.text)
        if not any(start <= normal.offsets[match.start()] < end for start, end in taken)
    )
    return [replace(amount, low=value, high=value) for value in found if value >= _PRICE_LEAST]


def _proportional(
    amount: Quantity, others: Sequence[Quantity], said: str, known: Known
) -> Fact | None:
    """The fact with two numbers that have the proportion of this one to another of the sentence:
    十五克豆，两百二十五毫升水 of 1:15, three 斤 of meat for one of 每100g用鲜牛肉300g."""
    exact = [one for one in others if one.low == one.high > 0]
    if amount.low != amount.high or not amount.low or not exact:
        return None
    if amount.dimension in _WEIGHED:
        weighed = [one for one in exact if one.dimension in _WEIGHED]
        for share, fact in _proportions(known):
            quotients = [
                end for one in weighed for end in (amount.low / one.low, one.low / amount.low)
            ]
            if any(_alike(each, share) for each in quotients) and _tells_ratio(said, fact, known):
                return fact
    for one in known.quantities.get(amount.dimension, ()):
        for beside in one.beside:
            if beside.low != beside.high or not beside.low:
                continue
            if {beside.dimension, amount.dimension} - set(_WEIGHED):
                continue
            if beside.dimension == amount.dimension and beside.low != _HUNDRED:
                continue
            share = one.quantity.low / beside.low
            for other in exact:
                kin = other.dimension == beside.dimension and other.low != beside.low
                if kin and _alike(amount.low / other.low, share):
                    return one.fact
    return None


def _tells_ratio(said: str, fact: Fact, known: Known) -> bool:
    """Whether the clause names a part of the ratio, and no other fact."""
    words = {word for word in query_tokens(f"{fact.attribute} {fact.value}") if word.isalpha()}
    parts = _RATIO_PART.search(said) or any(len(word) > 1 and word in said for word in words)
    return bool(parts) and not any(
        name in said for name, other in known.names.items() if other != fact and len(name) > 1
    )


def _proportions(known: Known) -> Iterator[tuple[Decimal, Fact]]:
    for fact in known.facts:
        if ":" in fact.value or "：" in fact.value:
            for match in _RATIO.finditer(normalise(fact.value).text):
                if Decimal(match[2]):
                    yield Decimal(match[1]) / Decimal(match[2]), fact


def _alike(left: Decimal, right: Decimal) -> bool:
    return abs(left - right) <= right * _EXACT


def _is(amount: Quantity, value: Decimal) -> bool:
    if value <= 0:
        return False
    if amount.bound == "over" and amount.low < amount.high:
        return amount.low <= value <= amount.high
    if amount.bound in ("over", "min"):
        return amount.low <= value < amount.low * _UPPER
    if amount.bound in ("under", "max"):
        return amount.low / _UPPER < value <= amount.low
    slack = _ROUNDED if amount.bound == "about" else _EXACT
    unit = unit_table().units.get(amount.unit)
    if amount.dimension.startswith("currency:") and unit is not None:
        # 五块七 of 5.67: prices are told to the coin.
        slack = max(slack, min(_CENTS, _coin(amount) / value))
    return abs(amount.low - value) <= value * slack


def _coin(amount: Quantity) -> Decimal:
    exponent = amount.low.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2


def ratio(times: Decimal, said: str, known: Known) -> Fact | None:
    """A fact with a number that is `times` another one of the data, where `said` speaks of both
    (保冷时间是保温的两倍) or gives one of them (25毫米目镜16倍)."""
    told = [span.quantity for span in quantities(said)]
    for found in known.quantities.values():
        exact = [one for one in found if one.quantity.low == one.quantity.high > 0]
        for one in exact:
            for other in exact:
                if abs(one.quantity.low - times * other.quantity.low) > _EXACT * one.quantity.low:
                    continue
                pair = (one, other)
                given = any(agrees(each, each_of.quantity) for each in told for each_of in pair)
                if given or all(_named(each.fact, said) for each in pair):
                    return one.fact
    return None


def _named(fact: Fact, said: str) -> bool:
    words = query_tokens(fact.attribute)
    return any(len(word) > 1 and word in said for word in words)
