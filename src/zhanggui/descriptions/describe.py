"""One product for one channel: facts → brief → write → compose → claims → law → draft."""

from __future__ import annotations

from typing import Literal

from zhanggui.claims.facts import IDENTITY, facts_of
from zhanggui.claims.judge import Judge
from zhanggui.claims.personal import personal_claims
from zhanggui.claims.verify import verify
from zhanggui.descriptions.brief import brief
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.compose import Composer
from zhanggui.descriptions.fit import fit, fit_title, lacking
from zhanggui.descriptions.repair import faults, pruned
from zhanggui.descriptions.writer import write
from zhanggui.law.check import check
from zhanggui.llm.engine import Engine
from zhanggui.records import Copy, Draft, Fact, Product, Verdict


def describe(
    product: Product, channel: Channel, engine: Engine | None, *, judge: Judge | None = None
) -> Draft:
    """A description whose every claim was checked; raises `errors.EngineError`.

    The state is `draft` when it may be published and `needs_review` otherwise. A line of the
    model that is not proved gives way to one of the house's own for the same attribute; without
    an engine, or where no line of the model holds, all are the house's own (tier `rule`).
    A product without attributes gets its title and nothing else, for a person to look at.
    """
    facts = facts_of(product)
    if all(fact.attribute in IDENTITY for fact in facts):
        copy = Copy(fit_title(product.title, channel), (), "")
        return _draft(product, channel, copy, Verdict(claims=(), violations=()), "rule")
    task = brief(product, facts, channel)
    composer = Composer(task, facts, write(task, engine) if engine is not None else None)
    copy = fit(composer.copy(), channel)
    verdict = judged(product, copy.parts(), facts, judge)
    found = faults(copy, verdict)
    if found:
        copy = pruned(copy, found, task)
        verdict = judged(product, copy.parts(), facts, judge)
    return _draft(product, channel, copy, verdict, "model" if composer.lines else "rule")


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
    # A licence among the attributes makes lawful what it licenses.
    known = "\n".join(f"{name}:{value}" for name, value in product.attributes.items())
    return Verdict(claims=claims, violations=check(parts, category, known))


def _draft(
    product: Product,
    channel: Channel,
    copy: Copy,
    verdict: Verdict,
    tier: Literal["rule", "model"],
) -> Draft:
    proved = any(claim.status == "supported" for claim in verdict.claims)
    language = channel.language_for(product)
    ready = verdict.publishable and proved and not lacking(copy, channel, language)
    return Draft(
        id=f"{product.id}:{channel.name}",
        product_id=product.id,
        channel=channel.name,
        title=copy.title,
        bullets=copy.bullets,
        body=copy.body,
        selling_point=copy.selling_point,
        seo_title=copy.seo_title,
        seo_description=copy.seo_description,
        verdict=verdict,
        tier=tier,
        state="draft" if ready else "needs_review",
    )
