"""Fitted weights: numbers about a passage to the probability that it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from zhanggui.text.datafile import DataModel, load


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


def evidence_weights() -> EvidenceWeights:
    """The weights that come with the package."""
    return load(EvidenceWeights, "zhanggui.answers", "data/evidence.yaml")
