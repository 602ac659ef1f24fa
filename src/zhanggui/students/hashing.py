"""Character n-grams hashed into buckets, for many texts at once.

All texts become one array of code points and every n-gram is one vectorised multiplication,
so a core hashes tens of thousands of reviews a second without a vocabulary to store
(the hashing trick, Weinberger et al. 2009).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FIELD_MARK = "\x1f"
"""Separates the fields of one text: n-grams stay inside a field and know which one it is."""

_TEXT_MARK = "\x00"
_ROLL = np.uint32(1_000_003)
_SPREAD = np.uint32(0x9E3779B1)
_MIX = np.uint32(0x85EBCA6B)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashSpec:
    """How texts become buckets; a saved student carries it."""

    ngrams: int = 4
    """Longest n-gram; all from 1 up are used."""
    bits: int = 20
    """There are 2 ** bits buckets."""


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of `text`; lone surrogates, which broken files contain, are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def prepare(text: str) -> str:
    """The form of a text that students see: NFKC, lower case, no text mark inside."""
    return unicodedata.normalize("NFKC", text).lower().replace(_TEXT_MARK, " ")


def mix(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spreads the entropy of each hash over all of its bits (the finaliser of MurmurHash3)."""
    mixed = hashes ^ (hashes >> np.uint32(15))
    mixed *= _MIX
    mixed ^= mixed >> np.uint32(13)
    return mixed


def bucket_counts(texts: Sequence[str], spec: HashSpec) -> sp.csr_matrix:
    """How often each bucket occurs in each text: float32 of shape (len(texts), 2 ** bits)."""
    points = code_points(_TEXT_MARK.join(prepare(text) for text in texts))
    is_text_mark = points == ord(_TEXT_MARK)
    owner = np.cumsum(is_text_mark, dtype=np.int32)
    is_field_mark = points == ord(FIELD_MARK)
    salt = _field_salt(is_text_mark, is_field_mark)
    allowed = ~(is_text_mark | is_field_mark)
    rows: list[NDArray[np.int32]] = []
    buckets: list[NDArray[np.int32]] = []
    rolling = np.zeros(len(points), np.uint32)
    inside = np.ones(len(points), np.bool_)
    for size in range(1, spec.ngrams + 1):
        count = max(len(points) - size + 1, 0)
        last = slice(size - 1, None) if count else slice(0, 0)
        rolling = (rolling[:count] * _ROLL) ^ (points[last] * _SPREAD)
        inside = inside[:count] & allowed[last]
        kept = mix((rolling ^ salt[:count])[inside]) + np.uint32(size * 7919)
        buckets.append((kept * _SPREAD >> np.uint32(32 - spec.bits)).astype(np.int32))
        rows.append(owner[:count][inside])
    columns = np.concatenate(buckets)
    ones = np.ones(len(columns), np.float32)
    shape = (len(texts), 1 << spec.bits)
    return sp.coo_matrix((ones, (np.concatenate(rows), columns)), shape=shape).tocsr()


def _field_salt(
    is_text_mark: NDArray[np.bool_], is_field_mark: NDArray[np.bool_]
) -> NDArray[np.uint32]:
    fields = np.cumsum(is_field_mark, dtype=np.uint32)
    # The running count starts again at each text: take off its value where the text begins.
    begins = np.where(is_text_mark, fields, np.uint32(0))
    number = fields - np.maximum.accumulate(begins)
    return number * np.uint32(0x27D4EB2F)
