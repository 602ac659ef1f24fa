"""What the facts and the law say of a text."""

from __future__ import annotations

from zhanggui.claims.judge import Judge
from zhanggui.claims.personal import personal_claims
from zhanggui.claims.verify import verify
from zhanggui.law.check import check
from zhanggui.records import Fact, Product, Verdict


def judged(
    product: Product | None,
    parts: dict[str, str],
    facts: tuple[Fact, ...],
    judge: Judge | None = None,
    *,
    category: str = "",
) -> Verdict:
    """What the facts and the law say of `parts`; without a product the law alone."""
    if product is None:
        return Verdict(claims=(), violations=check(parts, category))
    category = category or product.category or product.title
    claims = (*verify(parts, facts, judge), *personal_claims(parts, facts))
    return Verdict(claims=claims, violations=check(parts, category))
