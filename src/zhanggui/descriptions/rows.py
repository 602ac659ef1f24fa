"""Drafts and verdicts as the rows that the command line writes."""

from __future__ import annotations

from typing import Any

from zhanggui.claims.judge import Judge
from zhanggui.descriptions.describe import judged, known_facts
from zhanggui.records import EXTRA_PARTS, Claim, Draft, Product, Verdict, Violation
from zhanggui.settings import PLAIN, Wording


def draft_row(draft: Draft) -> dict[str, Any]:
    """One row of `describe`; publishable is only what needs no review."""
    return {
        **verdict_row(draft.id, draft.verdict),
        "publishable": draft.verdict.publishable and draft.state != "needs_review",
        "product_id": draft.product_id,
        "channel": draft.channel,
        "title": draft.title,
        "bullets": list(draft.bullets),
        "body": draft.body,
        **{name: getattr(draft, name) for name in EXTRA_PARTS if getattr(draft, name)},
        "variant": draft.variant,
        "tier": draft.tier,
        "state": draft.state,
    }


def verify_row(
    draft_id: str,
    text: str,
    product: Product | None,
    *,
    category: str = "",
    judge: Judge | None = None,
    wording: Wording = PLAIN,
) -> dict[str, Any]:
    """One row of `verify` for a text that anybody wrote; without a product the law alone."""
    facts = known_facts(product, wording) if product is not None else ()
    verdict = judged(product, {"text": text}, facts, judge, category=category, wording=wording)
    return verdict_row(draft_id, verdict)


def verdict_row(row_id: str, verdict: Verdict) -> dict[str, Any]:
    """The part that both kinds of row share."""
    return {
        "id": row_id,
        "publishable": verdict.publishable,
        "claims": [_claim(claim) for claim in verdict.claims],
        "violations": [_violation(violation) for violation in verdict.violations],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    evidence = claim.evidence
    return {
        "part": claim.part,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "status": claim.status,
        "evidence": {"attribute": evidence.attribute, "value": evidence.value}
        if evidence is not None
        else None,
        "why": claim.why,
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "part": violation.part,
        "rule": violation.rule,
        "text": violation.text,
        "start": violation.start,
        "end": violation.end,
        "why": violation.why,
    }
