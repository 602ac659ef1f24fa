"""A reply as a row of the `answer` command."""

from __future__ import annotations

from typing import Any

from zhanggui.records import Reply


def reply_row(reply: Reply) -> dict[str, Any]:
    """The row of the command-line contract (design, section 4)."""
    return {
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
