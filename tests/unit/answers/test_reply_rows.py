from __future__ import annotations

import json

from zhanggui.answers.rows import reply_row
from zhanggui.records import Citation, Reply


def test_a_row_has_the_shape_of_the_contract() -> None:
    reply = Reply(
        id="7",
        decision="send",
        text="您好",
        citations=(Citation("faq.csv:2", "可以"),),
        confidence=0.912345,
        reason="原文",
        tier="approved",
        ms=12.345,
    )
    assert reply_row(reply) == {
        "id": "7",
        "decision": "send",
        "text": "您好",
        "citations": [{"source": "faq.csv:2", "quote": "可以"}],
        "confidence": 0.9123,
        "reason": "原文",
        "tier": "approved",
        "ms": 12.3,
    }
    assert json.loads(json.dumps(reply_row(reply))) == reply_row(reply)
