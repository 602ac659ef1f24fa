"""What the lexicon knows about each character of a review, as marks for a tagger.

A shop's labels are few; that a word is an aspect, a degree, praise or blame is known already.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from zhanggui.reviews.lexicon import Entry, lexicon
from zhanggui.students.char_features import Marks, windowed
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import normalise

_FIRST, _INSIDE, _LAST = 1, 2, 3
_MARK_BASE, _MARK_COUNT = 0xE000, 4096


def word_marks(texts: Sequence[str]) -> list[Marks]:
    """For each text what it is told by the roles of the words at a character and around it, and
    by their roles with meanings."""
    return [windowed(word_values(text)) for text in texts]


def word_values(text: str) -> NDArray[np.uint32]:
    """Two rows of numbers, 0 for nothing: the role of the word at each character, and its role
    with its meaning. Shape (2, length of the text)."""
    language = language_of(text)
    kinds = _kinds(language)
    roles, meanings = [0] * len(text), [0] * len(text)
    form = normalise(text)
    for match in lexicon(language).pattern.finditer(form.text):
        start, end = form.span(match.start(), match.end())
        role, meaning = kinds[match[0]]
        for place in range(start, end):
            part = _FIRST if place == start else _LAST if place == end - 1 else _INSIDE
            roles[place], meanings[place] = role + part, meaning + part
    return np.array((roles, meanings), np.uint32)


@lru_cache(maxsize=8192)
def meaning_letters(text: str) -> str:
    """One private letter for each word of the lexicon in `text`, by its role and meaning."""
    language = language_of(text)
    kinds = _kinds(language)
    found = lexicon(language).pattern.findall(normalise(text).text)
    return "".join(chr(_MARK_BASE + kinds[word][1] // 4 % _MARK_COUNT) for word in found)


@cache
def _kinds(language: Language) -> Mapping[str, tuple[int, int]]:
    return {word: _kind(entry) for word, entry in lexicon(language).entries.items()}


def _kind(entry: Entry) -> tuple[int, int]:
    role = "+".join(sorted(entry.roles))
    meaning = f"{role}|{entry.category}|{entry.opinion_category}|{entry.polarity}"
    return _number(role), _number(meaning)


def _number(name: str) -> int:
    # A multiple of four leaves room for the place inside the word.
    return zlib.crc32(name.encode()) & 0xFFFFFFFC
