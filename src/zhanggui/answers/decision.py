"""Send, suggest or hand over: the thresholds and the rule for each tier."""

from __future__ import annotations

from zhanggui.answers.evidence import Evidence
from zhanggui.answers.weighing import evidence_weights, model_signals
from zhanggui.records import Decision, ReplyTier

SEND = 0.8
"""A quote goes out from here on; chosen on the made-up shops, each weighed by the others."""
SEND_NAMED = 0.45
"""The same where the passage is about the matter and names all that was asked for."""
SUGGEST = 0.75
PICK_SEND = 0.75
PICK_SUGGEST = 0.5
GREY = 0.08
"""Below this even the model is not asked."""
SAME = 0.7
"""Cosine from which a FAQ row is read as the same question in other words."""
_OTHER = 0.4
_MOSTLY = 0.6
_NEARLY = 0.9


def is_sure(evidence: Evidence) -> bool:
    """Whether a passage may be quoted without asking anybody."""
    features = evidence.features
    # A FAQ row that asks the same may word a part of it otherwise.
    same = features.cosine >= SAME and features.extra <= _OTHER and bool(evidence.passage.question)
    # Half of what was asked is no answer.
    half = features.asked and 0.0 < features.matter < _MOSTLY
    if not features.holds or half or (features.covered < _MOSTLY and not same):
        return False
    named = features.asked and features.matter >= _MOSTLY and features.covered >= _NEARLY
    return evidence.confidence >= (SEND_NAMED if named else SEND)


def is_near(evidence: Evidence, best: Evidence) -> bool:
    """Whether a second passage may be as good an answer as the best one."""
    return evidence.confidence >= best.confidence / 2


def is_likely(evidence: Evidence) -> bool:
    """Whether a passage is worth showing to the staff where no model looked at it."""
    features = evidence.features
    return evidence.confidence >= SUGGEST and features.holds and features.covered >= _MOSTLY


def is_grey(evidence: Evidence) -> bool:
    """Whether it is worth asking the model."""
    return evidence.confidence >= GREY


def tier_of(evidence: Evidence) -> ReplyTier:
    """A curated answer is `approved`, anything else that is quoted is `quote`."""
    return "approved" if evidence.passage.kind in ("faq", "approved") else "quote"


def judged(evidence: Evidence, picked: float, checked: float, *, first: bool) -> float:
    """Confidence after the model chose this passage with the probability `picked` and, asked
    again about it alone, said yes with `checked`."""
    signals = model_signals(evidence.confidence, picked, checked, first=first)
    return evidence_weights().model.probability(signals)


def decide(confidence: float, *, first: bool, send: float = PICK_SEND) -> Decision:
    """What the model chose is sent only where the words rank it `first` as well; `send` is the
    threshold that the shop's judged replies give."""
    if confidence >= send and first:
        return "send"
    return "suggest" if confidence >= PICK_SUGGEST else "hand_over"
