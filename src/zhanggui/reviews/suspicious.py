"""Marks reviews that look copied or bought, with the reason; nothing is deleted.

Two passes: `add` keeps a few 64-bit signatures a review (no text), `mark` looks them up.
Near-duplicates share three independent minima of their hashed character 4-grams
(MinHash, Broder 1997): two texts whose 4-grams are 90 % the same collide in 73 % of cases.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from zhanggui.records import Reading, Review
from zhanggui.reviews.lexicon import trie_pattern
from zhanggui.students.hashing import code_points, mix
from zhanggui.text.normalise import fold

_NOT_WORDS = re.compile(r"[\W_]+")
# Short texts are alike by nature: 很好，很喜欢 is not copied.
_MIN_LETTERS = 12
_SHINGLE = 4
_SALTS = (0x3C6EF372, 0xDAA66D2B, 0x78DDE6E4)
_EMPTY_PRAISE_LETTERS = 10
_BURST_MIN = 6


class _Templates(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    phrases: list[str]


class Suspicion:
    """Collects signatures of all reviews, then tells which of them look bought or copied.

    Memory: 16 bytes a review, and one count for each product and day.
    """

    def __init__(self) -> None:
        self._exact = array("Q")
        self._near = array("Q")
        self._praise: dict[str, Counter[date]] = {}
        self._copies: tuple[dict[int, int], dict[int, int]] | None = None
        self._seen: set[int] = set()

    def add(self, reviews: Sequence[Review], readings: Sequence[Reading]) -> None:
        """Takes a chunk into account; call it for all reviews before the first `mark`."""
        letters = [_letters(review.content) for review in reviews]
        self._exact.extend(_exact(text) for text in letters)
        self._near.extend(_near(letters))
        for review, reading, text in zip(reviews, readings, letters, strict=True):
            if review.created_at and review.product_id and _is_empty_praise(text, reading):
                days = self._praise.setdefault(review.product_id, Counter())
                days[review.created_at.date()] += 1

    def mark(self, reviews: Sequence[Review], readings: Sequence[Reading]) -> Iterator[Reading]:
        """The readings with `suspicious` and its reason; give all reviews in one order.

        The first of several copies is not marked: somebody wrote it.
        """
        if self._copies is None:
            self._copies = _repeated(self._exact), _repeated(self._near)
        letters = [_letters(review.content) for review in reviews]
        signatures = zip(map(_exact, letters), _near(letters), strict=True)
        for review, reading, text, (exact, near) in zip(
            reviews, readings, letters, signatures, strict=True
        ):
            reason = (
                self._copy_reason(text, exact, near)
                or _template_reason(review.content)
                or self._burst_reason(review, reading, text)
            )
            yield replace(reading, suspicious=bool(reason), suspicious_reason=reason)

    def _copy_reason(self, text: str, exact: int, near: int) -> str:
        if len(text) < _MIN_LETTERS or self._copies is None:
            return ""
        same, alike = self._copies[0].get(exact, 0), self._copies[1].get(near, 0)
        if not same and not alike:
            return ""
        first_exact, first_near = exact not in self._seen, near not in self._seen
        self._seen |= {exact, near}
        if same and not first_exact:
            return f"与另外 {same - 1} 条评论内容相同"
        if alike and not first_near:
            return f"与另外 {alike - 1} 条评论几乎相同"
        return ""

    def _burst_reason(self, review: Review, reading: Reading, text: str) -> str:
        if not (review.created_at and review.product_id and _is_empty_praise(text, reading)):
            return ""
        days = self._praise[review.product_id]
        count = days[review.created_at.date()]
        span = (max(days) - min(days)).days + 1
        usual = (days.total() - count) / max(span - 1, 1)
        # Five standard deviations of a Poisson count above the product's other days.
        if count < _BURST_MIN or count <= usual + 5 * (usual + 0.2) ** 0.5:
            return ""
        return f"同一商品当天集中出现 {count} 条没有具体内容的好评"


def mark_all(reviews: Iterable[Review], readings: Iterable[Reading]) -> list[Reading]:
    """All readings with their marks, for as many reviews as fit into memory."""
    given, read = list(reviews), list(readings)
    suspicion = Suspicion()
    suspicion.add(given, read)
    return list(suspicion.mark(given, read))


def _letters(text: str) -> str:
    return _NOT_WORDS.sub("", fold(text))


def _exact(letters: str) -> int:
    points = code_points(letters).astype(np.uint64)
    return _hash_rows(points)


def _hash_rows(values: NDArray[np.uint64]) -> int:
    # A polynomial over Z / 2^64 with an odd base; the length guards against leading zeros.
    powers = np.cumprod(np.full(len(values) + 1, 0x9E3779B97F4A7C15, np.uint64))
    total = int((values * powers[:-1]).sum(dtype=np.uint64)) + len(values)
    return (total ^ total >> 29) & 0xFFFFFFFFFFFFFFFF


def _near(texts: Sequence[str]) -> list[int]:
    """One signature a text; equal for most pairs of texts that are almost equal."""
    padded = [text + "\x00" * (_SHINGLE + max(0, _SHINGLE - len(text))) for text in texts]
    if not padded:
        return []
    points = code_points("".join(padded))
    rolling = np.zeros(len(points), np.uint32)
    for offset in range(_SHINGLE):
        shifted = np.roll(points, -offset)
        rolling = (rolling * np.uint32(1_000_003)) ^ (shifted * np.uint32(0x9E3779B1))
    # Shingles that reach into the padding must not be anybody's minimum.
    outside = np.roll(points, -(_SHINGLE - 1)) == 0
    begins = np.cumsum([0, *map(len, padded[:-1])])
    minima = []
    for salt in _SALTS:
        hashed = mix(rolling ^ np.uint32(salt))
        hashed[outside] = 0xFFFFFFFF
        minima.append(np.minimum.reduceat(hashed, begins).astype(np.uint64))
    low, middle, high = minima
    joined = low ^ (middle * np.uint64(0x9E3779B97F4A7C15)) ^ (high << np.uint64(31))
    return [int(one) for one in joined]


def _repeated(signatures: array[int]) -> dict[int, int]:
    values, counts = np.unique(np.frombuffer(signatures, np.uint64), return_counts=True)
    several = counts > 1
    return dict(zip(values[several].tolist(), counts[several].tolist(), strict=True))


@cache
def _template_pattern() -> re.Pattern[str]:
    source = files("zhanggui.reviews") / "data" / "templates.yaml"
    templates = _Templates.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    return re.compile(trie_pattern(templates.phrases))


def _template_reason(content: str) -> str:
    match = _template_pattern().search(content.lower())
    return f"含有刷评常用的模板文字“{match[0]}”" if match else ""


def _is_empty_praise(letters: str, reading: Reading) -> bool:
    return (
        reading.polarity == "positive"
        and len(letters) <= _EMPTY_PRAISE_LETTERS
        and all(opinion.aspect is None for opinion in reading.opinions)
    )
