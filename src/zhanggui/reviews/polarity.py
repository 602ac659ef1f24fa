"""The polarity of a whole review.

Chinese text goes to the linear student, and what the opinions in it say moves the score:
the student has seen long reviews of few kinds of goods, the lexicon knows short ones.
English text is scored from its opinions alone until a shop learns its own student.
Stars are weak evidence beside the text: a clear text wins, a silent one leaves it to them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from zhanggui.records import Opinion, Polarity
from zhanggui.reviews.lexicon import lexicon
from zhanggui.students.linear_text import LinearText
from zhanggui.text.language import language_of

# How much one praise or blame, net, counts beside the student's log-odds.
_OPINION_GAIN = 0.9
_OPINION_GAIN_EN = 0.8
# The rows we wrote tip the calibration a little towards praise.
_LEAN = -0.1
# Where the lexicon hears nothing, mostly plain facts, the student is less sure than it says:
# its corpus holds few such texts. The sign stays, so that no side is favoured.
_SILENT_GAIN = 0.35
# |score| up to this is neutral: mixed, factual or empty text.
_NEUTRAL_MARGIN = 0.25
# The last opinion outweighs the others a little: conclusions come last.
_LAST_COUNTS = 1.5
# "有点慢" counts this much of "慢": most who write it are content.
_MILD_COUNTS = 0.3
# Log-odds of praise that whole stars give. Five are often given unread, so they say less
# than one; other scales than 1 to 5 say nothing.
_STARS = {1: -2.2, 2: -1.6, 3: -0.3, 4: 1.0, 5: 1.6}


@dataclass(frozen=True, slots=True)
class PolarityReader:
    """Scores reviews; `learnt` students are trusted alone, the shipped one is helped."""

    student: LinearText
    learnt: bool

    def scores(
        self,
        texts: Sequence[str],
        opinions: Sequence[Sequence[Opinion]],
        ratings: Sequence[float | None] | None = None,
    ) -> list[float]:
        """One score in [-1, 1] for each text; never exactly 0 except for empty text."""
        _, probabilities = self.student.predict(texts)
        positive = self.student.labels.index("positive")
        negative = self.student.labels.index("negative")
        result = []
        for text, row, said, rating in zip(
            texts, probabilities, opinions, ratings or [None] * len(texts), strict=True
        ):
            good, bad = float(row[positive]), float(row[negative])
            if not text.strip():
                result.append(0.0)
                continue
            log_odds = _log_odds(good - bad) if self.learnt else _helped(text, good - bad, said)
            result.append(math.tanh((log_odds + _stars(rating)) / 2))
        return result

    def polarity(self, score: float) -> Polarity:
        """The polarity that `score` stands for, neutral inside the margin."""
        if abs(score) <= _NEUTRAL_MARGIN:
            return "neutral"
        return "positive" if score > 0 else "negative"


def _log_odds(score: float) -> float:
    return 2 * math.atanh(min(max(score, -0.9998), 0.9998))


def _helped(text: str, score: float, said: Sequence[Opinion]) -> float:
    net = balance(said)
    if language_of(text) == "en":
        return _OPINION_GAIN_EN * net
    log_odds = _log_odds(score)
    if not any(one.polarity != "neutral" for one in said):
        log_odds *= _SILENT_GAIN
    return log_odds + _OPINION_GAIN * net + _LEAN


def _stars(rating: float | None) -> float:
    if rating is None or not 1 <= rating <= 5:
        return 0.0
    low = math.floor(rating)
    high = math.ceil(rating)
    return _STARS[low] + (rating - low) * (_STARS[high] - _STARS[low])


def balance(said: Sequence[Opinion]) -> float:
    """Praise minus blame, damped so that a long list does not shout down the rest."""
    values = [_weight(one) for one in said]
    if not values:
        return 0.0
    total = sum(values) + (_LAST_COUNTS - 1) * values[-1]
    return math.copysign(math.sqrt(abs(total)), total)


def _weight(one: Opinion) -> float:
    if one.polarity == "neutral":
        return 0.0
    if one.polarity == "positive":
        return 1.0
    return -_MILD_COUNTS if (one.opinion or "").lower().startswith(_mild()) else -1.0


@cache
def _mild() -> tuple[str, ...]:
    return lexicon("zh").mild + lexicon("en").mild
