"""One product for one channel: facts → brief → write → compose → claims → law → draft."""

from __future__ import annotations

from typing import Literal

from zhanggui.claims.facts import IDENTITY, facts_of
from zhanggui.claims.judge import Judge
from zhanggui.descriptions.approved import holding, with_extras, without_told
from zhanggui.descriptions.brief import brief
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.compose import Composer
from zhanggui.descriptions.fit import fit, fit_title, lacking
from zhanggui.descriptions.repair import faults, pruned
from zhanggui.descriptions.verdict import judged
from zhanggui.descriptions.writer import write
from zhanggui.llm.engine import Engine
from zhanggui.records import NOTHING, Copy, Draft, Product, Verdict


def describe(
    product: Product,
    channel: Channel,
    engine: Engine | None,
    *,
    judge: Judge | None = None,
    approved: Draft | None = None,
) -> Draft:
    """A description whose every claim was checked; raises `errors.EngineError`.

    The state is `draft` when it may be published and `needs_review` otherwise. A line of the
    model that is not proved gives way to one of the house's own for the same attribute; without
    an engine, or where no line of the model holds, all are the house's own (tier `rule`).
    A product without attributes gets its title and nothing else, for a person to look at.

    What still holds of the wording that a person `approved` before stands first; the rest is
    written for the facts that it does not tell, and without any the model is not asked.
    """
    facts = facts_of(product)
    if all(fact.attribute in IDENTITY for fact in facts):
        copy = Copy(fit_title(product.title, channel), (), "")
        return _draft(product, channel, copy, Verdict(claims=(), violations=()), "rule")
    task = brief(product, facts, channel)
    kept = NOTHING
    if approved is not None:
        kept = holding(approved, task, facts, judge)
        task = without_told(task, kept, facts)
    complete = approved is not None and not task.facts
    written = write(task, engine) if engine is not None and not complete else None
    composer = Composer(task, facts, written, kept)
    copy = kept if complete else with_extras(fit(composer.copy(), channel), kept)
    verdict = judged(product, copy.parts(), facts, judge)
    found = faults(copy, verdict)
    if found:
        copy = pruned(copy, found, task)
        verdict = judged(product, copy.parts(), facts, judge)
    by_model = composer.lines or (approved is not None and approved.tier == "model")
    return _draft(product, channel, copy, verdict, "model" if by_model else "rule")


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
