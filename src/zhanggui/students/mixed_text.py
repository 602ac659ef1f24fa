"""A linear classifier of texts that sees their characters and their sentence vectors.

Characters catch wording and markup, vectors the same aim in other words or another language.
The two margins are added with a fixed share, and the sum becomes log-odds on texts from
templates which neither part had learnt from. On disk: `config.json` and safetensors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from sklearn.linear_model import LogisticRegression

from zhanggui.students.hashing import HashSpec
from zhanggui.students.linear_text import LinearText

Floats = NDArray[np.float32]

_CONFIG = "config.json"
_WEIGHTS = "weights.safetensors"
_CHARS = "chars"
_KIND = "mixed_text"
_NO, _YES = "no", "yes"
_STRENGTH = 0.3
_VECTOR_STRENGTH = 10.0


@dataclass(frozen=True, slots=True)
class MixedText:
    """Says how far a text is on the side of what it learnt to find."""

    chars: LinearText
    weights: Floats
    """Of the vector's dimensions, shape (d,)."""
    mix: Floats
    """Weights of the character margin and of the vector margin, and the offset, shape (3,)."""

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        vectors: Floats,
        wanted: Sequence[bool],
        apart: Sequence[bool],
        *,
        spec: HashSpec,
        share: float,
    ) -> MixedText:
        """Learns which texts are `wanted`.

        Those that stand `apart` resemble none of the others: how sure to be is learnt from
        them. `share` is what the vector margin counts beside the character margin.
        """
        targets = np.array(wanted, np.bool_)
        unseen = np.array(apart, np.bool_)
        known, rest = np.flatnonzero(~unseen), np.flatnonzero(unseen)
        chars, head = _fit(_taken(texts, known), vectors[known], targets[known], spec)
        both = chars.margins(_taken(texts, rest))[:, 0]
        both = both + share * head.decision_function(vectors[rest])
        stack = LogisticRegression().fit(both[:, None], targets[rest])
        chars, head = _fit(texts, vectors, targets, spec)
        slope = stack.coef_[0, 0]
        offset = stack.intercept_[0] + slope * share * head.intercept_[0]
        return cls(
            chars=chars,
            weights=head.coef_[0].astype(np.float32),
            mix=np.array([slope, slope * share, offset], np.float32),
        )

    def margins(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Log-odds on the training texts' balance, shape (len(texts),)."""
        if not texts:
            return np.zeros(0, np.float32)
        both = self.mix[0] * self.chars.margins(texts)[:, 0]
        both = both + self.mix[1] * (vectors @ self.weights)
        return np.asarray(both + self.mix[2], np.float32)

    def save(self, folder: Path) -> None:
        """Writes the student into `folder`, made if absent."""
        self.chars.save(folder / _CHARS)
        (folder / _CONFIG).write_text(json.dumps({"kind": _KIND}) + "\n", encoding="utf-8")
        save_file({"weights": self.weights, "mix": self.mix}, folder / _WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> MixedText:
        """Reads what `save` wrote. Raises ValueError if the folder holds something else."""
        if json.loads((folder / _CONFIG).read_text(encoding="utf-8")).get("kind") != _KIND:
            raise ValueError(f"{folder} does not hold a {_KIND} student")
        tensors = load_file(folder / _WEIGHTS)
        return cls(LinearText.load(folder / _CHARS), tensors["weights"], tensors["mix"])


def _taken(texts: Sequence[str], places: NDArray[np.intp]) -> list[str]:
    return [texts[place] for place in places.tolist()]


def _fit(
    texts: Sequence[str], vectors: Floats, targets: NDArray[np.bool_], spec: HashSpec
) -> tuple[LinearText, LogisticRegression]:
    labels = [_YES if wanted else _NO for wanted in targets]
    chars = LinearText.train(
        texts, labels, spec=spec, strength=_STRENGTH, min_count=2, calibrated=False
    )
    head = LogisticRegression(C=_VECTOR_STRENGTH, max_iter=300).fit(vectors, targets)
    return chars, head
