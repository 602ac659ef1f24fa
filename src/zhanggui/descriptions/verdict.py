"""What the facts, the law and the shop say of a text."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.claims.facts import facts_of
from zhanggui.claims.judge import Judge
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.glossary import glossary
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.telling import told
from zhanggui.records import Fact, Product, Verdict
from zhanggui.settings import PLAIN, Wording
from zhanggui.text.language import language_of


def judged(
    product: Product | None,
    parts: Mapping[str, str],
    facts: tuple[Fact, ...],
    judge: Judge | None = None,
    *,
    category: str = "",
    wording: Wording = PLAIN,
) -> Verdict:
    """What the facts, the law and the shop say of `parts`; without a product not the facts."""
    if product is None:
        verdict = Proof((), category, wording).verdict(parts, judge)
        return Verdict(claims=(), violations=verdict.violations)
    category = category or product.category or product.title
    return Proof(facts, category, wording).verdict(parts, judge)


def proof_of(
    product: Product,
    parts: Mapping[str, str],
    wording: Wording = PLAIN,
    channel: Channel | None = None,
    *,
    category: str = "",
) -> Proof:
    """What texts in the language of `parts` may lean on: the data of `product`, its price too,
    and the same in that language and in the shop's own words."""
    facts = facts_of(product, price=True)
    category = category or product.category or product.title
    pairs = tuple(wording.glossary.items())
    language = language_of(" ".join(parts.values()))
    data = " ".join((product.title, *product.attributes, *product.attributes.values()))
    if not pairs and language == language_of(data):
        return Proof(facts, category, wording, channel)
    known = told(product, language, glossary(language, pairs))
    added = tuple(fact for fact in known.facts if fact not in facts)
    return Proof((*facts, *added), category, wording, channel, known.origins)
