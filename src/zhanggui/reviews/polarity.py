"""The polarity of a whole review.

Chinese text goes to the linear student, and what the opinions in it say moves the score:
the student has seen long reviews of few kinds of goods, the lexicon knows short ones.
English text is scored from its opinions alone until a shop learns its own student.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.records import Opinion, Polarity
from zhanggui.students.linear_text import LinearText
from zhanggui.text.language import language_of

# How much one praise or blame, net, counts beside the student's log-odds.
_OPINION_GAIN = 0.6
_OPINION_GAIN_EN = 0.8
# Where the lexicon hears nothing, mostly plain facts, the student is far less sure than it
# says: its corpus holds few such texts. The sign stays, so that no side is favoured.
_SILENT_GAIN = 0.3
# |score| up to this is neutral: mixed, factual or empty text.
_NEUTRAL_MARGIN = 0.25
# The last opinion outweighs the others a little: conclusions come last.
_LAST_COUNTS = 1.5


@dataclass(frozen=True, slots=True)
class PolarityReader:
    """Scores reviews; `learnt` students are trusted alone, the shipped one is helped."""

    student: LinearText
    learnt: bool

    def scores(self, texts: Sequence[str], opinions: Sequence[Sequence[Opinion]]) -> list[float]:
        """One score in [-1, 1] for each text; never exactly 0 except for empty text."""
        _, probabilities = self.student.predict(texts)
        positive = self.student.labels.index("positive")
        negative = self.student.labels.index("negative")
        result = []
        for text, row, said in zip(texts, probabilities, opinions, strict=True):
            good, bad = float(row[positive]), float(row[negative])
            if not text.strip():
                result.append(0.0)
            elif self.learnt:
                result.append(good - bad)
            else:
                result.append(_helped(text, good, said))
        return result

    def polarity(self, score: float) -> Polarity:
        """The polarity that `score` stands for, neutral inside the margin."""
        if abs(score) <= _NEUTRAL_MARGIN:
            return "neutral"
        return "positive" if score > 0 else "negative"


def _helped(text: str, good: float, said: Sequence[Opinion]) -> float:
    net = balance(said)
    if language_of(text) == "en":
        return math.tanh(_OPINION_GAIN_EN * net / 2)
    good = min(max(good, 1e-4), 1 - 1e-4)
    log_odds = math.log(good / (1 - good))
    if not any(one.polarity != "neutral" for one in said):
        log_odds *= _SILENT_GAIN
    log_odds += _OPINION_GAIN * net
    return math.tanh(log_odds / 2)


def balance(said: Sequence[Opinion]) -> float:
    """Praise minus blame, damped so that a long list does not shout down the rest."""
    signs = {"positive": 1.0, "neutral": 0.0, "negative": -1.0}
    values = [signs[one.polarity] for one in said]
    if not values:
        return 0.0
    total = sum(values) + (_LAST_COUNTS - 1) * values[-1]
    return math.copysign(math.sqrt(abs(total)), total)
