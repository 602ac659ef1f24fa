"""Send, suggest or hand over: the thresholds and the rule for each tier."""

from __future__ import annotations

import math

from zhanggui.answers.evidence import Evidence
from zhanggui.answers.picking import Pick
from zhanggui.records import Decision, ReplyTier

SEND = 0.7
"""A quote goes out from here on; set by hand, not calibrated."""
GREY = 0.5
"""Below this even the model is not asked."""
PICK_SEND = 0.93
PICK_SUGGEST = 0.7
_ABOUT = 0.8
SAME = 0.7
"""Cosine from which a FAQ row is read as the same question in other words."""
_OTHER = 0.4
_MOSTLY = 0.6
_NEARLY = 0.9
_SURE = 4.0


def is_sure(evidence: Evidence) -> bool:
    """Whether a passage may be quoted without asking anybody."""
    features = evidence.features
    if evidence.confidence < SEND:
        return False
    # A FAQ row that asks the same may word a part of it otherwise.
    same = evidence.passage.question and features.cosine >= SAME and features.extra <= _OTHER
    # Half of what was asked is no answer.
    about = not features.asked or same or features.matter >= _MOSTLY
    return about and features.covered >= (_MOSTLY if same else _NEARLY)


def is_grey(evidence: Evidence) -> bool:
    """Whether it is worth asking the model."""
    return evidence.confidence >= GREY


def tier_of(evidence: Evidence) -> ReplyTier:
    """A curated answer is `approved`, anything else that is quoted is `quote`."""
    return "approved" if evidence.passage.kind in ("faq", "approved") else "quote"


def judged(evidence: Evidence, picked: Pick) -> float:
    """Confidence after the model chose this passage: the log-odds of both, added.

    A choice says only as much as it beats chance among so many.
    """
    chance = _odds(1.0 / picked.choices)
    odds = _odds(evidence.confidence) + _odds(picked.probability) - chance
    return 1.0 / (1.0 + math.exp(-odds))


def decide_picked(confidence: float, evidence: Evidence, *, first: bool) -> Decision:
    """Until a shop has calibrated it, the model's choice is sent only where it is, on its own,
    the passage that the words rank `first` and that is about the matter asked for."""
    features = evidence.features
    # What a customer adds to a question about the shop's rules is often the exception to them.
    named = features.own or features.covered >= _MOSTLY
    agrees = first and features.holds and features.matter >= _ABOUT and named
    if confidence >= PICK_SEND and agrees:
        return "send"
    return "suggest" if confidence >= PICK_SUGGEST else "hand_over"


def _odds(probability: float) -> float:
    if probability <= 0.0:
        return -_SURE
    if probability >= 1.0:
        return _SURE
    return max(-_SURE, min(_SURE, math.log(probability / (1.0 - probability))))
