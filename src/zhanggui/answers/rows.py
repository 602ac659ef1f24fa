"""A reply as a row of the `answer` command."""

from __future__ import annotations

from typing import Any

from zhanggui.records import Reply


def reply_row(reply: Reply) -> dict[str, Any]:
    """The row of the command-line contract (design, section 4), with the cost where it is known."""
    row: dict[str, Any] = {
        "id": reply.id,
        "decision": reply.decision,
        "text": reply.text,
        "citations": [
            {"source": citation.source, "quote": citation.quote} for citation in reply.citations
        ],
        "confidence": round(reply.confidence, 4),
        "reason": reply.reason,
        "tier": reply.tier,
        "ms": round(reply.ms, 1),
    }
    if reply.cost is not None:
        row["cost"] = {
            "model": reply.cost.model,
            "prompt_tokens": reply.cost.prompt_tokens,
            "cached_tokens": reply.cost.cached_tokens,
            "completion_tokens": reply.cost.completion_tokens,
        }
    return row
