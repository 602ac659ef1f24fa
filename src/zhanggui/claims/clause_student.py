"""Whether a clause claims of the goods what no fact bears, where no rule knows the words.

`手机上点一下就能补水` has no word that a list could hold. A small student
(`students/shipped/clause`) sees the characters of the clause, its sentence vector and how near it
comes to the facts; it learnt from sentences about products that were made up for it
(`scripts/claim_texts`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhanggui.claims.facts import IDENTITY
from zhanggui.knowledge.embedder import Embedder, shipped_encoder
from zhanggui.records import Fact
from zhanggui.students.mixed_text import MixedText
from zhanggui.text.normalise import normalise

Floats = NDArray[np.float32]

QUIET = -2.0
"""The margin below which a clause is talk, whatever rule for ways of speaking doubts it."""
SURE = 3.0
"""The margin from which a clause without any known word counts as a claim."""
_HARMLESS = -0.6
# Of 9,000 clauses of drafts none below it was sure, and seven in eight are: vectors cost a hundred
# times what characters do.

_NEAREST = 3
_LONGEST = 300
_KEPT = 8192
# Entries of unit vectors of 512 dimensions and of products of two are this much smaller than 1.
_VECTOR_GAIN, _PRODUCT_GAIN, _SHARE_GAIN = 20.0, 300.0, 3.0
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TOKEN = re.compile(r"[a-z]+|#|[\u3400-\u9fff]|[^\w\s]")


class ClauseStudent:
    """Says how far clauses are on the side of unfounded claims."""

    def __init__(self, student: MixedText, embedder: Embedder) -> None:
        self._student = student
        self._embedder = embedder
        # Whoever writes about a product asks about many lines of it.
        self._told = lru_cache(maxsize=64)(self._encoded)
        self._vectors: dict[str, Floats] = {}

    def suspects(self, clauses: Sequence[str]) -> list[bool]:
        """Whether the characters of each clause leave it possible that it is a claim."""
        if not clauses:
            return []
        margins = self._student.chars.margins([seen(clause) for clause in clauses])[:, 0]
        return [bool(margin > _HARMLESS) for margin in margins]

    def margins(self, clauses: Sequence[str], facts: Sequence[Fact]) -> list[float]:
        """One log-odds for each clause, beside `facts`."""
        if not clauses or not facts:
            return [0.0] * len(clauses)
        told = self._told(tuple(facts))
        vectors = self._embedder.encode([clause[:_LONGEST] for clause in clauses])
        features = clause_features(clauses, vectors, *told)
        margins = self._student.margins([seen(clause) for clause in clauses], features)
        return [float(margin) for margin in margins]

    def _encoded(self, facts: tuple[Fact, ...]) -> tuple[list[str], Floats]:
        texts = [fact_text(fact) for fact in facts]
        short = [text[:_LONGEST] for text in texts]
        # The products of a shop share many attributes.
        new = [text for text in dict.fromkeys(short) if text not in self._vectors]
        if len(self._vectors) + len(new) > _KEPT:
            self._vectors.clear()
            new = list(dict.fromkeys(short))
        self._vectors.update(zip(new, self._embedder.encode(new), strict=True))
        return texts, np.stack([self._vectors[text] for text in short])


def fact_text(fact: Fact) -> str:
    """A fact as the student reads it."""
    return fact.value if fact.attribute in IDENTITY else f"{fact.attribute}：{fact.value}"


def seen(text: str) -> str:
    """A clause as the student reads it: which number it is, is the rules' business."""
    return _NUMBER.sub("#", normalise(text).text)


def clause_features(
    clauses: Sequence[str], vectors: Floats, facts: Sequence[str], fact_vectors: Floats
) -> Floats:
    """What the student sees beside the characters, shape (len(clauses), 2 d + 10): the vector of
    the clause, its product with that of the nearest fact, and shares.

    `vectors` is of shape (len(clauses), d), `fact_vectors` of (len(facts), d); one fact at least.
    """
    near = vectors @ fact_vectors.T
    nearest = fact_vectors[near.argmax(axis=1)]
    ranked = -np.sort(-near, axis=1)[:, :_NEAREST]
    ranked = np.pad(ranked, ((0, 0), (0, _NEAREST - ranked.shape[1])))
    tokens = [_tokens(text) for text in facts]
    shares = np.array([_shares(clause, tokens) for clause in clauses], np.float32)
    scalars = np.hstack([ranked, near.mean(axis=1, keepdims=True), shares])
    return np.hstack(
        [vectors * _VECTOR_GAIN, vectors * nearest * _PRODUCT_GAIN, scalars * _SHARE_GAIN]
    ).astype(np.float32)


def _shares(clause: str, facts: list[tuple[frozenset[str], frozenset[str]]]) -> list[float]:
    """How much of the clause stands in all facts, in pairs of words and in the best one; its
    length, and whether it is English and has numbers."""
    words, pairs = _tokens(clause)
    known = frozenset[str]().union(*(one[0] for one in facts))
    known_pairs = frozenset[str]().union(*(one[1] for one in facts))
    many = max(1, len(words))
    return [
        len(words & known) / many,
        len(pairs & known_pairs) / max(1, len(pairs)),
        max(len(words & one[0]) for one in facts) / many,
        float(np.log1p(len(words))),
        float(clause.isascii()),
        float(_NUMBER.search(clause) is not None),
    ]


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[frozenset[str], frozenset[str]]:
    words = _TOKEN.findall(seen(text).lower())
    return frozenset(words), frozenset(map("".join, pairwise(words)))


@cache
def shipped_clause_student() -> ClauseStudent:
    """The student that comes with the package, loaded once per process."""
    with as_file(files("zhanggui.students") / "shipped" / "clause") as folder:
        return ClauseStudent(MixedText.load(folder), shipped_encoder())
