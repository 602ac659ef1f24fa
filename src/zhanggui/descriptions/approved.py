"""Wording that a person approved before, as far as it still holds."""

from __future__ import annotations

from dataclasses import replace

from zhanggui.claims.judge import Judge
from zhanggui.claims.verify import verify
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.repair import faults, pruned
from zhanggui.descriptions.suggest import repaired
from zhanggui.records import EXTRA_PARTS, Copy, Draft, Fact, Product
from zhanggui.text.normalise import fold, normalise


def holding(
    approved: Draft, product: Product, task: Brief, proof: Proof, judge: Judge | None
) -> Copy:
    """The words of `approved` with the new value where an attribute changed that proved a span,
    and without the sentences that hold no more. Its verdict is the one it was approved by."""
    proved = {
        claim.text: claim.evidence.attribute
        for claim in approved.verdict.claims
        if claim.status == "supported" and claim.evidence is not None
    }
    mended = repaired(product, approved.copy, proved)
    found = faults(mended, proof.verdict(mended.parts(), judge))
    return pruned(mended, found, task) if found else mended


def without_told(task: Brief, kept: Copy, proof: Proof) -> Brief:
    """`task` without the facts that `kept` proves to tell."""
    # By the names in the language of the text, as `task` has them.
    claims = verify(kept.parts(), proof.facts)
    told = {
        claim.evidence.attribute
        for claim in claims
        # Title and short lines are for finding the product; what they say is still told below.
        if claim.part.startswith(("bullets", "body"))
        and claim.status == "supported"
        and claim.evidence is not None
    }
    text = fold("\n".join((*kept.bullets, kept.body)))
    untold = [
        fact
        for fact in task.facts
        if fact.attribute not in told and not (_is_yes(fact) and fold(fact.attribute) in text)
    ]
    return replace(task, facts=tuple(untold))


def _is_yes(fact: Fact) -> bool:
    """Whether the value says that what the name says is there; then the name tells it all."""
    return normalise(fact.value).text.strip() in attribute_words().yes


def with_extras(copy: Copy, kept: Copy) -> Copy:
    """`copy` with the parts of `kept` that only some channels ask for."""
    extras = {name: getattr(kept, name) for name in EXTRA_PARTS if getattr(kept, name)}
    return replace(copy, **extras)
