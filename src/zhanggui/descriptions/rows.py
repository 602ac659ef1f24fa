"""Drafts and verdicts as the rows that the command line writes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from zhanggui.claims.judge import Judge
from zhanggui.descriptions.suggest import Place, safe_wording, suggestions
from zhanggui.descriptions.verdict import judged, proof_of
from zhanggui.records import EXTRA_PARTS, Claim, Draft, Product, Verdict, Violation
from zhanggui.settings import PLAIN, Wording

_NONE: Mapping[Place, str] = MappingProxyType({})


def draft_row(draft: Draft, better: Mapping[Place, str] = _NONE) -> dict[str, Any]:
    """One row of `describe`; publishable is only what needs no review."""
    return {
        **verdict_row(draft.id, draft.verdict, better),
        "publishable": draft.publishable,
        "product_id": draft.product_id,
        "channel": draft.channel,
        "title": draft.title,
        "bullets": list(draft.bullets),
        "body": draft.body,
        # Always: a table's columns are those of its first row.
        **{name: getattr(draft, name) for name in EXTRA_PARTS},
        "variant": draft.variant,
        "tier": draft.tier,
        "state": draft.state,
    }


def verify_row(
    draft_id: str,
    text: str | Mapping[str, str],
    product: Product | None,
    *,
    category: str = "",
    judge: Judge | None = None,
    wording: Wording = PLAIN,
) -> dict[str, Any]:
    """One row of `verify` for a text that anybody wrote, or for its parts by name; without a
    product the law alone."""
    parts = {"text": text} if isinstance(text, str) else dict(text)
    if product is None:
        verdict = judged(None, parts, (), judge, category=category, wording=wording)
    else:
        verdict = proof_of(product, parts, wording, category=category).verdict(parts, judge)
    return verdict_row(draft_id, verdict, _better(product, parts, verdict))


def rechecked_row(draft: Draft, product: Product | None, *, version: int) -> dict[str, Any]:
    """One row of `verify` for a draft of the shop."""
    better = _better(product, draft.copy.parts(), draft.verdict)
    return {
        **verdict_row(draft.id, draft.verdict, better),
        "publishable": draft.verdict.publishable and product is not None,
        "product_id": draft.product_id,
        "channel": draft.channel,
        "version": version,
        "state": draft.state,
    }


def _better(product: Product | None, parts: dict[str, str], verdict: Verdict) -> dict[Place, str]:
    return {} if product is None else suggestions(product, parts, verdict)


def verdict_row(
    row_id: str, verdict: Verdict, better: Mapping[Place, str] = _NONE
) -> dict[str, Any]:
    """The part that both kinds of row share; `better` is what could stand in place of a span."""
    return {
        "id": row_id,
        "publishable": verdict.publishable,
        "claims": [
            _claim(claim) | {"suggestion": better.get((claim.part, claim.start, claim.end))}
            for claim in verdict.claims
        ],
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
        "suggestion": safe_wording(violation),
    }
