"""One product for one channel: facts → brief → write → claims → law → repair → draft."""

from __future__ import annotations

from typing import Literal

from zhanggui.claims.facts import IDENTITY, facts_of
from zhanggui.claims.judge import Judge
from zhanggui.claims.personal import personal_claims
from zhanggui.claims.verify import verify
from zhanggui.descriptions.brief import Brief, Copy, brief, listing
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.fit import fit, fit_title, lacking
from zhanggui.descriptions.repair import faults, filled, pruned, rewritten, trimmed
from zhanggui.descriptions.writer import write
from zhanggui.law.check import check
from zhanggui.llm.engine import Engine
from zhanggui.records import Draft, Fact, Product, Verdict

_REPAIRS = 2


def describe(
    product: Product, channel: Channel, engine: Engine | None, *, judge: Judge | None = None
) -> Draft:
    """A description whose every claim was checked; raises `errors.EngineError`.

    The state is `draft` when it may be published and `needs_review` otherwise. Without an
    engine, or where the model gives nothing of use, the attributes are listed (tier `rule`).
    A product without attributes gets its title and nothing else, for a person to look at.
    """
    facts = facts_of(product)
    if all(fact.attribute in IDENTITY for fact in facts):
        copy = Copy(fit_title(product.title, channel), (), "")
        return _draft(product, channel, copy, Verdict(claims=(), violations=()), "rule")
    task = brief(product, facts, channel)
    written = write(task, engine) if engine is not None else None
    if engine is None or written is None:
        return _finished(task, fit(listing(task), channel), facts, "rule", judge)
    copy = fit(written, channel)
    for attempt in range(_REPAIRS):
        found = faults(copy, judged(product, copy.parts(), facts, judge))
        if not found:
            break
        # Clauses that can simply go need no model.
        copy = (
            trimmed(copy, found, channel) if attempt == 0 else rewritten(copy, found, task, engine)
        )
    return _finished(task, copy, facts, "model", judge)


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


def _finished(
    task: Brief,
    copy: Copy,
    facts: tuple[Fact, ...],
    tier: Literal["rule", "model"],
    judge: Judge | None,
) -> Draft:
    verdict = judged(task.product, copy.parts(), facts, judge)
    found = faults(copy, verdict)
    if found:
        copy = trimmed(copy, found, task.channel)
        found = faults(copy, judged(task.product, copy.parts(), facts, judge))
        copy = pruned(copy, found, task)
    if tier == "model":
        copy = filled(copy, task)
    verdict = judged(task.product, copy.parts(), facts, judge)
    return _draft(task.product, task.channel, copy, verdict, tier)


def _draft(
    product: Product,
    channel: Channel,
    copy: Copy,
    verdict: Verdict,
    tier: Literal["rule", "model"],
) -> Draft:
    proved = any(claim.status == "supported" for claim in verdict.claims)
    language = channel.language_for(product)
    ready = (
        verdict.publishable and proved and (tier == "rule" or not lacking(copy, channel, language))
    )
    return Draft(
        id=f"{product.id}:{channel.name}",
        product_id=product.id,
        channel=channel.name,
        title=copy.title,
        bullets=copy.bullets,
        body=copy.body,
        verdict=verdict,
        tier=tier,
        state="draft" if ready else "needs_review",
    )
