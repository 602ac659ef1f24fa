"""Numbers that follow from the facts: 8 × 32页 are 256页, 128元 for 8本 is 16元 each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from zhanggui.claims.agreement import agrees
from zhanggui.claims.known import Known
from zhanggui.records import Fact, Quantity
from zhanggui.text.quantities import quantities
from zhanggui.text.segment import query_tokens

# What stands before a number that was calculated: 算下来一袋三块多, 加起来256页.
_CUE = re.compile(
    r"(?:折合|折算|算下来|平均|每|合计|加起来|一共|总共|共计?|总计|合|占|达到|相当于"
    r"|一[袋本包片盒瓶支只块次杯件双粒罐条颗道张页顿斤]"
    r"|\b(?:each|per|total(?:s|ing)?|altogether|in all|comes to|works out at|makes|adds up to)"
    r"|一个?[月周年天])[^，。；]{0,5}$"
)
_CALENDAR = (Decimal(7), Decimal(12), Decimal(30), Decimal(365))
# A price per 斤, per kilogram, per 100 g.
_WEIGHED = (Decimal(500), Decimal(1000), Decimal(100))
_MOST = 1000
_ROUNDED, _EXACT = Decimal("0.05"), Decimal("0.005")
_UPPER = Decimal("1.35")


def derived(amount: Quantity, before: str, known: Known) -> Fact | None:
    """The fact that `amount` follows from by a sum, product or quotient, where what stands
    `before` it says that it was calculated; None if there is none."""
    if amount.dimension == "count:件" or not _CUE.search(before):
        return None
    for value, fact in _values(amount.dimension, known):
        if _is(amount, value):
            return fact
    return None


def _values(dimension: str, known: Known) -> Iterator[tuple[Decimal, Fact]]:
    for fact in known.facts:
        parts = [one for one in fact.quantities if one.dimension == dimension]
        yield from ((total, fact) for total in _sums([one.low for one in parts]))
    counts = {
        one.quantity.low
        for name, found in known.quantities.items()
        if name.startswith("count:")
        for one in found
        if one.quantity.low == one.quantity.high and 1 < one.quantity.low <= _MOST
    }
    if dimension.startswith("currency:"):
        counts |= {
            one.quantity.low / unit
            for one in known.quantities.get("mass", ())
            for unit in _WEIGHED
            if one.quantity.low == one.quantity.high > unit
        }
    for one in known.quantities.get(dimension, ()):
        for count in (*counts, *_CALENDAR):
            yield one.quantity.low * count, one.fact
            yield one.quantity.low / count, one.fact


def _sums(values: list[Decimal]) -> Iterator[Decimal]:
    """Sums of neighbours: 30%, 25% and 20% of a list are 75%."""
    for start in range(len(values)):
        total = values[start]
        for value in values[start + 1 :]:
            total += value
            yield total


def _is(amount: Quantity, value: Decimal) -> bool:
    if amount.bound in ("over", "min"):
        return amount.low <= value < amount.low * _UPPER
    if amount.bound in ("under", "max"):
        return amount.low / _UPPER < value <= amount.low
    slack = _ROUNDED if amount.bound == "about" else _EXACT
    return abs(amount.low - value) <= value * slack


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
