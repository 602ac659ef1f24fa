"""Whether a text tries to steer the machine that reads it: a student and rules, one score."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zhanggui.guard.disguise import views
from zhanggui.guard.lexicon import cues, rules
from zhanggui.knowledge.embedder import Embedder
from zhanggui.students.mixed_text import MixedText
from zhanggui.text.language import Language, language_of
from zhanggui.text.sentences import sentences

INJECTION = 0.5
"""The score from which a text counts as an attack."""

WINDOW = 600
"""Characters read at once."""
_STEP = 500
_MOST_WINDOWS = 40
_SHORT = 60
_VECTOR_LENGTH = 400
# Log-odds at which fewer than one ordinary text in a hundred is taken for an attack, set on
# development sets: English for prompts in general, Chinese for what customers write.
_LIMIT: dict[Language, float] = {"zh": 2.75, "en": 3.2}
# Long English prompts play roles and tell stories without any harm.
_LONG, _LONG_LIMIT = 450, 7.5


class InjectionScreen:
    """Scores untrusted text."""

    def __init__(self, student: MixedText, embedder: Embedder) -> None:
        self._student = student
        self._embedder = embedder

    def scores(self, texts: Sequence[str]) -> list[float]:
        """One score in [0, 1] for each text; from `INJECTION` on it is taken for an attack."""
        pieces: list[str] = []
        owners: list[tuple[int, float]] = []
        for owner, text in enumerate(texts):
            for view in views(text):
                found = _pieces(view)
                pieces += found
                owners += [(owner, _limit(view))] * len(found)
        best = [-math.inf] * len(texts)
        for (owner, limit), margin in zip(owners, self._margins(pieces), strict=True):
            best[owner] = max(best[owner], margin - limit)
        return [_score(one) for one in best]

    def found(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text is taken for an attack."""
        return [score >= INJECTION for score in self.scores(texts)]

    def _margins(self, pieces: Sequence[str]) -> list[float]:
        if not pieces:
            return []
        vectors = self._embedder.encode([piece[:_VECTOR_LENGTH] for piece in pieces])
        margins = self._student.margins(pieces, vectors)
        return [
            float(margin) + _heaviest(piece) for piece, margin in zip(pieces, margins, strict=True)
        ]


def _limit(text: str) -> float:
    language = language_of(text)
    return _LONG_LIMIT if language == "en" and len(text) > _LONG else _LIMIT[language]


def _heaviest(text: str) -> float:
    return max((rule.weight for rule in rules() if rule.pattern.search(text)), default=0.0)


def _pieces(text: str) -> list[str]:
    """The windows of a text and, since an order must not drown in a long one, the sentences that
    name a machine or an order to one, each with the next."""
    pieces = _windows(text)
    if len(text) <= _SHORT:
        return pieces
    parts = [span.text for span in sentences(text)]
    named = [place for place, part in enumerate(parts) if cues().search(part)]
    pieces += [" ".join(parts[place : place + 2])[:WINDOW] for place in named[:_MOST_WINDOWS]]
    return list(dict.fromkeys(pieces))


def _windows(text: str) -> list[str]:
    if not text:
        return []
    last = max(1, len(text) - (WINDOW - _STEP))
    return [text[start : start + WINDOW] for start in range(0, last, _STEP)][:_MOST_WINDOWS]


def _score(margin: float) -> float:
    # An empty text has no piece and no margin.
    return 0.0 if margin < -30 else 1.0 / (1.0 + math.exp(-min(margin, 30.0)))
