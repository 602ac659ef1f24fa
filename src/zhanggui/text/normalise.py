"""Normal forms of text that keep the way back to the original offsets.

Traditional characters count as simplified ones: a question in either finds the same passage.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from zhanggui.text.traditional import simplified


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normal form with, for every character of it, its offset in the original."""

    text: str
    offsets: tuple[int, ...]
    """`len(text) + 1` entries; the last one is the length of the original."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the span `[start, end)` of the normal form covers."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], max(self.offsets[end], self.offsets[end - 1] + 1)


def well_formed(text: str) -> str:
    """`text` with U+FFFD for halves of character pairs, which have no UTF-8 form."""
    return _SURROGATE.sub("\ufffd", text)


def normalise(text: str) -> Normalised:
    """NFKC, lower case, simplified; character by character, so that offsets can be mapped back.

    Working on single characters differs from NFKC of the whole string only for combining
    sequences, which do not occur in shop text in a way that matters for matching.
    """
    return _short(text) if len(text) <= _SHORT else _normalised(text)


def _normalised(text: str) -> Normalised:
    pieces: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        form = unicodedata.normalize("NFKC", char).lower()
        pieces.append(form)
        offsets.extend([index] * len(form))
    offsets.append(len(text))
    return Normalised(simplified("".join(pieces)), tuple(offsets))


_SURROGATE = re.compile("[\ud800-\udfff]")

# Names and values of attributes are asked for again and again while a text is checked.
_short = lru_cache(maxsize=4096)(_normalised)
_SHORT = 48


def fold(text: str) -> str:
    """The key under which two texts count as the same: NFKC, lower case, simplified, no white
    space."""
    return simplified("".join(unicodedata.normalize("NFKC", text).lower().split()))
