"""Judged replies, given again: which were right and are wrong now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhanggui.answers.agreement import agreement
from zhanggui.answers.replay import Replayer
from zhanggui.knowledge.embedder import Embedder
from zhanggui.records import Judgement, Product, Reply

Now = Literal["right", "wrong", "silent", "open"]
"""`silent`: handed over. `open`: other words, of which code cannot say whether they are right."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A judged reply, and the one that is given now."""

    judgement: Judgement
    reply: Reply
    now: Now
    why: str

    @property
    def flipped(self) -> bool:
        """Right before and wrong now."""
        return self.judgement.verdict == "right" and self.now == "wrong"

    def row(self) -> dict[str, object]:
        """The row of `zhanggui replay --regression`."""
        return {
            "id": self.judgement.id,
            "question": self.judgement.question.question,
            "was": self.judgement.verdict,
            "now": self.now,
            "why": self.why,
            "before": self.judgement.reply.text,
            "text": self.reply.text,
            "decision": self.reply.decision,
            "tier": self.reply.tier,
        }


def tried(replayer: Replayer, embedder: Embedder, judgement: Judgement) -> Tried:
    """Gives the reply again, and says whether it is right by what was said of the earlier one."""
    reply, product = replayer.answer(judgement.question, None)
    now, why = _now(judgement, reply, product, embedder)
    return Tried(judgement, reply, now, why)


def _now(
    judgement: Judgement, reply: Reply, product: Product | None, embedder: Embedder
) -> tuple[Now, str]:
    before = judgement.reply
    if reply.decision == "hand_over":
        was_right = before.decision == "hand_over" and judgement.verdict == "right"
        return ("right", "仍转人工") if was_right else ("silent", reply.reason)
    if before.decision != "hand_over" and reply.text == before.text:
        return ("right" if judgement.verdict == "right" else "wrong"), "回复没有变化"
    if before.decision == "hand_over" and judgement.verdict == "right":
        # Nobody could answer then; whether the shop can now is for a person to say.
        return "open", "以前转人工是对的，现在直接回答"
    measure = judgement.instead or (before.text if judgement.verdict == "right" else "")
    if not measure:
        return "open", "回复变了，没有可比的人工回复"
    question = judgement.question.question
    found = agreement(question, reply, measure, product=product, embedder=embedder)
    now: dict[str, Now] = {"agree": "right", "differ": "wrong"}
    return now.get(found.verdict, "open"), found.why
