"""One product for one channel: facts → brief → write → compose → claims → law → draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from zhanggui.claims.judge import Judge
from zhanggui.descriptions.approved import holding, with_extras, without_told
from zhanggui.descriptions.brief import Brief, brief
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.compose import Composer
from zhanggui.descriptions.fit import fit, fit_title, lacking
from zhanggui.descriptions.glossary import glossary
from zhanggui.descriptions.hashtags import split, tagged
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.repair import faults, pruned
from zhanggui.descriptions.telling import told
from zhanggui.descriptions.wording import completed, lacking_statements, required
from zhanggui.descriptions.writer import led
from zhanggui.llm.engine import Engine
from zhanggui.records import NOTHING, Copy, Draft, Product, Verdict
from zhanggui.settings import PLAIN, Wording
from zhanggui.text.language import Language


def describe(
    product: Product,
    channel: Channel,
    engine: Engine | None,
    *,
    judge: Judge | None = None,
    wording: Wording = PLAIN,
    variant: int = 1,
    approved: Draft | None = None,
) -> Draft:
    """A description whose every claim was checked; raises `errors.EngineError`.

    The state is `draft` when it may be published and `needs_review` otherwise. A line of the
    model that is not proved gives way to one of the house's own for the same attribute; without
    an engine, or where no line of the model holds, all are the house's own (tier `rule`).
    Data in another language is told as far as every word of an attribute is known. Of attributes
    that contradict each other neither is told, and a person looks at the draft. A product
    without attributes gets its title and nothing else, for a person to look at. A further
    `variant` leads with other attributes and says them in other words.

    What still holds of the wording that a person `approved` before stands first; the rest is
    written for the facts that it does not tell, and without any the model is not asked.
    """
    language = channel.language_for(product)
    known = told(product, language, glossary(language, tuple(wording.glossary.items())))
    category = product.category or product.title
    proof = Proof(known.facts, category, wording, channel, known.origins)
    task = brief(known.product, known.own_facts, channel, language, variant)
    if not task.facts:
        copy = Copy(fit_title(known.product.title, channel), (), "")
        verdict = Verdict(claims=(), violations=())
        return _draft(product, channel, variant, copy, verdict, "rule", ready=False)
    kept, named, tags = NOTHING, task.facts, None
    if approved is not None:
        kept = holding(approved, product, task, proof, judge)
        body, tags = split(kept.body)
        kept = replace(kept, body=body)
        task = without_told(task, kept, proof)
    complete = approved is not None and not task.facts
    chosen = led(task, engine) if engine is not None and not complete else None
    reserved = sum(len(text) + 2 for text in required(wording, language))
    composer = Composer(chosen or task, proof, reserved, kept, named)
    whole = composer.with_short_lines(kept) if complete else fit(composer.copy(), channel)
    written_copy = with_extras(whole, kept)
    copy = _whole(written_copy, task, proof, tags)
    verdict = proof.verdict(copy.parts(), judge)
    found = faults(written_copy, verdict)
    if found:
        copy = _whole(pruned(written_copy, found, task), task, proof, tags)
        verdict = proof.verdict(copy.parts(), judge)
    lost = lacking_statements(copy, wording, language)
    verdict = Verdict(claims=verdict.claims, violations=(*verdict.violations, *lost))
    ready = known.titled and known.settled and _ready(copy, verdict, channel, language)
    by_model = chosen is not None or (approved is not None and approved.tier == "model")
    tier: Literal["rule", "model"] = "model" if by_model else "rule"
    return _draft(product, channel, variant, copy, verdict, tier, ready=ready)


def _whole(copy: Copy, task: Brief, proof: Proof, tags: str | None) -> Copy:
    """`copy` with what the shop says everywhere and with hashtags: `tags`, those of an approved
    text, or where it is None new ones."""
    full = completed(copy, proof.wording, task.channel, task.language)
    if tags is None:
        return tagged(full, task, proof)
    return replace(full, body=f"{full.body}\n{tags}") if tags else full


def _ready(copy: Copy, verdict: Verdict, channel: Channel, language: Language) -> bool:
    proved = any(claim.status == "supported" for claim in verdict.claims)
    return verdict.publishable and proved and not lacking(copy, channel, language)


def _draft(
    product: Product,
    channel: Channel,
    variant: int,
    copy: Copy,
    verdict: Verdict,
    tier: Literal["rule", "model"],
    *,
    ready: bool,
) -> Draft:
    return Draft(
        id=draft_id(product.id, channel.name, variant),
        product_id=product.id,
        channel=channel.name,
        variant=variant,
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


def draft_id(product_id: str, channel: str, variant: int = 1) -> str:
    """`P001:taobao`, and `P001:taobao:2` for the second of several."""
    return f"{product_id}:{channel}" + (f":{variant}" if variant > 1 else "")
