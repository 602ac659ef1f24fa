"""When a claimed quantity is true where a fact gives one."""

from __future__ import annotations

from decimal import Decimal

from zhanggui.records import Quantity
from zhanggui.text.quantities import inexact, significant_digits

# By how much a rounded number may be off, by how many digits it has: 约4斤, 约40克, 约205克.
_ROUNDED = (Decimal("0.12"), Decimal("0.07"), Decimal("0.02"))
_CONVERTED = Decimal("0.02")
# Nobody measures by them: 两尺 are 70 cm too.
_FOLK = frozenset(("尺", "寸", "丈", "市尺", "市寸"))
_FOLK_SLACK, _FOLK_ROUND = Decimal("0.05"), Decimal("0.12")
# 八成 are 82 % too.
_TENTHS = Decimal("0.03")
# 五十度以上 of what stays over 52.
_LITTLE_LESS = Decimal("0.9")


def agrees(claim: Quantity, fact: Quantity) -> bool:
    """Whether a claimed quantity is true where the fact is."""
    slack = _CONVERTED if inexact(claim.unit) != inexact(fact.unit) else Decimal(0)
    if claim.unit in _FOLK:
        slack = max(slack, _FOLK_SLACK if significant_digits(claim) > 1 else _FOLK_ROUND)
    if claim.bound == "about":
        slack = max(slack, _ROUNDED[min(significant_digits(claim), len(_ROUNDED)) - 1])
    if claim.bound == "over" and claim.low != claim.high:
        # 三十多: over 30 and below 40.
        return claim.low <= fact.low < claim.high or claim.low <= fact.high < claim.high
    if claim.low != claim.high:
        return _near(claim.low, fact.low, slack) and _near(claim.high, fact.high, slack)
    if claim.unit == "成" and significant_digits(claim) == 1:
        slack = max(slack, _TENTHS)
    value = claim.low
    if claim.dimension == "age" and claim.bound != "about":
        # 3岁以上 promises more than 6岁以上 does.
        return value in (fact.low, fact.high) or fact.low < value < fact.high
    if claim.bound in ("over", "min"):
        strict = claim.bound == "over" and fact.bound not in ("over", "min")
        if claim.bound == fact.bound == "min":
            # 不少于4小时 is not what 不少于6小时 asks.
            return _near(value, fact.low, slack) or fact.low * _LITTLE_LESS <= value < fact.low
        return fact.low > value if strict else fact.low >= value
    if claim.bound in ("under", "max"):
        strict = claim.bound == "under" and fact.bound not in ("under", "max")
        if claim.bound == fact.bound == "max":
            return _near(value, fact.high, slack)
        return fact.high < value if strict else fact.high <= value
    if _near(value, fact.low, slack) or _near(value, fact.high, slack):
        return True
    return fact.low < value < fact.high


def _near(left: Decimal, right: Decimal, slack: Decimal) -> bool:
    return abs(left - right) <= abs(right) * slack + abs(right) * Decimal("0.000001")
