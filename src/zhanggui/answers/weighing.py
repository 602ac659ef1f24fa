"""Fitted weights: numbers about a passage to the probability that it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from zhanggui.text.datafile import DataModel, load

_SURE = 0.98


class Logistic(DataModel):
    """A logistic model over named numbers."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, signals: Mapping[str, float]) -> float:
        """Raises KeyError for a number that the model has no weight for."""
        odds = self.bias + sum(self.weights[name] * value for name, value in signals.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


class EvidenceWeights(DataModel):
    """`evidence.yaml`, as `scripts/fit_evidence.py` writes it."""

    words: Logistic
    """From the words and vectors alone."""
    model: Logistic
    """From what the words say and what the model said about one passage."""


def model_signals(words: float, picked: float, checked: float, *, first: bool) -> dict[str, float]:
    """The numbers of `model`: three probabilities as log-odds and whether the model chose the
    passage that the words rank first."""
    return {
        "words": odds(words),
        "picked": odds(picked),
        "checked": odds(checked),
        "first": float(first),
    }


def odds(probability: float) -> float:
    """Log-odds, kept within what a few questions can teach."""
    clipped = min(_SURE, max(1.0 - _SURE, probability))
    return math.log(clipped / (1.0 - clipped))


def evidence_weights() -> EvidenceWeights:
    """The weights that come with the package."""
    return load(EvidenceWeights, "zhanggui.answers", "data/evidence.yaml")
