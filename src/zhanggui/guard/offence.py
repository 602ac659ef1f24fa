"""Whether a text insults a person or scorns a group: rules first, then a student."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from zhanggui.guard.disguise import bare
from zhanggui.guard.lexicon import PACKAGE, OffenceWords, any_of
from zhanggui.knowledge.embedder import Embedder
from zhanggui.students.mixed_text import MixedText
from zhanggui.text.datafile import load

_LONGEST = 600
# Between a group and the scorn for it: one clause.
_NEAR = 12
# Log-odds from which the student alone decides: about two harmless reviews in a hundred lie above.
_LIMIT = -0.6
# What is shorter says too little to a student: names of colours, sizes, places.
_SHORTEST = 8


class OffenceScreen:
    """Finds offensive texts in reviews, questions and our own output."""

    def __init__(self, student: MixedText, embedder: Embedder) -> None:
        self._student = student
        self._embedder = embedder

    def offensive(self, texts: Sequence[str]) -> list[bool]:
        """True for each text that a person should not have to read."""
        forms = [bare(text)[:_LONGEST] for text in texts]
        vectors = self._embedder.encode(forms)
        return [
            bool(len(form) >= _SHORTEST and margin >= _LIMIT) or insults(text)
            for text, form, margin in zip(
                texts, forms, self._student.margins(forms, vectors), strict=True
            )
        ]


def insults(text: str) -> bool:
    """Whether the word lists alone find an insult or scorn for a group."""
    words = _patterns()
    form = words.unless.sub(" ", bare(text))
    return bool(words.insults.search(form) or words.scorned.search(form))


class _Patterns:
    def __init__(self, words: OffenceWords) -> None:
        self.insults = any_of(words.insults)
        self.unless = any_of(words.unless)
        group, scorn = any_of(words.groups).pattern, any_of(words.scorn).pattern
        self.scorned = re.compile(rf"(?:{group})[^。！？!?\n]{{0,{_NEAR}}}?(?:{scorn})")


@cache
def _patterns() -> _Patterns:
    return _Patterns(load(OffenceWords, PACKAGE, "data/offence.yaml"))
