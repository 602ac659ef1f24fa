"""What a tagger sees at each character: hashed templates, computed for all texts at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from zhanggui.students.hashing import code_points, mix
from zhanggui.text.normalise import well_formed

# Offsets of the characters in each template, and of the word parts and character classes.
_CHAR_WINDOWS = (
    (-2,), (-1,), (0,), (1,), (2,),
    (-2, -1), (-1, 0), (0, 1), (1, 2), (-1, 1),
    (-2, -1, 0), (-1, 0, 1), (0, 1, 2),
)  # fmt: skip
_CLASS_WINDOWS = ((-1, 0, 1), (-2, -1, 0, 1, 2))
_WORD_WINDOWS = ((-1,), (0,), (1,), (-1, 0), (0, 1))
_MARK_WINDOWS = ((-1,), (0,), (1,), (-1, 0), (0, 1), (-1, 0, 1), (-2, -1), (1, 2))
_PAD = 2
_ROLL = np.uint32(1_000_003)
_SPREAD = np.uint32(0x9E3779B1)

BITS = 23
"""A feature is a number below 2 ** BITS; the few that fall together share a weight."""

Marks = NDArray[np.uint32]
"""What a caller knows about each character, as 32-bit hashes: shape (rows, length of the text)."""


def features(texts: Sequence[str], marks: Sequence[Marks] | None = None) -> NDArray[np.uint32]:
    """One number per template and character: shape (templates, sum of the texts' lengths).

    Each row of `marks`, one for each text and all with as many rows, is a template more.
    """
    lengths = np.array([len(text) for text in texts], np.int64)
    total = int(lengths.sum()) + _PAD * (len(texts) + 1)
    chars = np.zeros(total, np.uint32)
    words = np.zeros((3, total), np.uint32)
    # Padding stands before the first text, between texts and after the last.
    begins = np.cumsum(lengths + _PAD) - lengths
    for text, begin in zip(texts, begins, strict=True):
        points = code_points(text)
        chars[begin : begin + len(points)] = np.where(
            points < 0x10000, _folded()[np.minimum(points, 0xFFFF)], points
        )
        words[:, begin : begin + len(points)] = _word_hashes(text)
    inside = np.zeros(total, np.bool_)
    for begin, length in zip(begins, lengths, strict=True):
        inside[begin : begin + length] = True
    places = np.flatnonzero(inside)
    classes = np.where(chars < 0x10000, _classes()[np.minimum(chars, 0xFFFF)], np.uint32(9))
    rows = [_window(chars, places, window, number) for number, window in enumerate(_CHAR_WINDOWS)]
    rows += [_window(classes, places, window, len(rows) + 1) for window in _CLASS_WINDOWS]
    # Word windows step over whole words: row 0 is the word before, 1 this one, 2 the next.
    for number, window in enumerate(_WORD_WINDOWS):
        columns = [words[1 + offset, places] for offset in window]
        rows.append(_fold_columns(columns, 40 + number))
    position = words[1, places] ^ (chars[places] * _SPREAD)
    rows.append(_fold_columns([position], 60))
    if marks:
        rows += list(np.concatenate(marks, axis=1))
    return np.stack(rows) >> np.uint32(32 - BITS)


def windowed(values: NDArray[np.uint32]) -> Marks:
    """Marks that see what stands at a character and around it.

    `values` is what is known of each character, shape (rows, length of the text), 0 for nothing.
    """
    count, length = values.shape
    padded = np.zeros((count, length + 2 * _PAD), np.uint32)
    padded[:, _PAD : _PAD + length] = values
    places = np.arange(_PAD, _PAD + length)
    rows = [
        _window(row, places, window, 100 * (number + 1) + index)
        for number, row in enumerate(padded)
        for index, window in enumerate(_MARK_WINDOWS)
    ]
    return np.stack(rows)


def _window(
    values: NDArray[np.uint32], places: NDArray[np.intp], window: Sequence[int], salt: int
) -> NDArray[np.uint32]:
    return _fold_columns([values[places + offset] for offset in window], salt + 10 * len(window))


def _fold_columns(columns: Sequence[NDArray[np.uint32]], salt: int) -> NDArray[np.uint32]:
    rolling = np.full(len(columns[0]), salt * 0x27D4EB2F & 0xFFFFFFFF, np.uint32)
    for column in columns:
        rolling = (rolling * _ROLL) ^ (column * _SPREAD)
    return mix(rolling) * _SPREAD


def _word_hashes(text: str) -> NDArray[np.uint32]:
    """The hashes of the word before, of this word and of the next one, for each character."""
    # Broken files leave halves of characters; the segmenter only takes whole ones.
    words = rjieba.cut(well_formed(text))
    lengths = [len(word) for word in words]
    hashes = np.array([0, *(_word_hash(word) for word in words), 0], np.uint32)
    return np.stack([np.repeat(hashes[shift : shift + len(words)], lengths) for shift in range(3)])


def _word_hash(word: str) -> int:
    # Python's own hash changes from run to run; a saved student needs one that stays.
    value = 2166136261
    for char in word:
        value = (value ^ ord(char)) * 16777619 & 0xFFFFFFFF
    return value


@cache
def _folded() -> NDArray[np.uint32]:
    table = np.arange(0x10000, dtype=np.uint32)
    for point in range(0x10000):
        form = unicodedata.normalize("NFKC", chr(point)).lower()
        if len(form) == 1:
            table[point] = ord(form)
    return table


@cache
def _classes() -> NDArray[np.uint32]:
    names = {"N": 1, "P": 2, "Z": 3, "S": 4, "C": 5}
    table = np.zeros(0x10000, np.uint32)
    for point in range(0x10000):
        char = chr(point)
        kind = names.get(unicodedata.category(char)[0], 0)
        table[point] = kind or (6 if char.isascii() else 7)
    return table
