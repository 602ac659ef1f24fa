"""A classifier of texts that sees their characters and their sentence vectors.

Characters catch wording and markup, vectors the same aim in other words or another language:
a linear margin of the first and the mean of small networks of the second are added with a
fixed share, and the sum becomes log-odds on texts from templates which neither part had
learnt from. On disk: `config.json` and safetensors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from zhanggui.students.hashing import HashSpec
from zhanggui.students.linear_text import LinearText

Floats = NDArray[np.float32]

_CONFIG = "config.json"
_WEIGHTS = "weights.safetensors"
_CHARS = "chars"
_KIND = "mixed_text"
_NO, _YES = "no", "yes"
_STRENGTH = 0.3
_UNITS = 64
_NETWORKS = 3
_PENALTY = 1e-3
# A network that is surer than this has learnt a template by heart.
_SUREST = 14.0


@dataclass(frozen=True, slots=True)
class VectorNet:
    """Networks of one hidden layer, side by side; their mean log-odds count."""

    hidden: Floats
    """Shape (d, units of all networks)."""
    hidden_bias: Floats
    """Shape (units,)."""
    output: Floats
    """Shape (units,)."""
    output_bias: Floats
    """Shape (1,)."""

    @classmethod
    def train(cls, vectors: Floats, targets: NDArray[np.bool_]) -> VectorNet:
        """Learns to tell the true `targets` from the others; needs some dozens of both."""
        from sklearn.neural_network import MLPClassifier

        nets = [
            MLPClassifier(
                (_UNITS,),
                alpha=_PENALTY,
                batch_size=min(512, len(vectors) // 2),
                early_stopping=True,
                n_iter_no_change=3,
                max_iter=100,
                random_state=seed,
            ).fit(vectors, targets)
            for seed in range(_NETWORKS)
        ]
        # Saved as float16: the margins are those of the very numbers that will be loaded.
        return cls(
            hidden=_halved(np.hstack([net.coefs_[0] for net in nets])),
            hidden_bias=_halved(np.concatenate([net.intercepts_[0] for net in nets])),
            output=_halved(np.concatenate([net.coefs_[1][:, 0] for net in nets]) / _NETWORKS),
            output_bias=_halved(np.mean([net.intercepts_[1] for net in nets], axis=0)),
        )

    def margins(self, vectors: Floats) -> Floats:
        """Log-odds within +-14, shape (len(vectors),)."""
        units = np.maximum(vectors @ self.hidden + self.hidden_bias, 0)
        margins = units @ self.output + self.output_bias
        return np.asarray(np.clip(margins, -_SUREST, _SUREST), np.float32)


@dataclass(frozen=True, slots=True)
class MixedText:
    """Says how far a text is on the side of what it learnt to find."""

    chars: LinearText
    net: VectorNet
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
        strength: float = _STRENGTH,
    ) -> MixedText:
        """Learns which texts are `wanted`.

        Those that stand `apart` resemble none of the others: how sure to be is learnt from
        them. `share` is what the vector margin counts beside the character margin, `strength` the C
        of the characters' SVM.
        """
        from sklearn.linear_model import LogisticRegression

        targets = np.array(wanted, np.bool_)
        unseen = np.array(apart, np.bool_)
        known, rest = np.flatnonzero(~unseen), np.flatnonzero(unseen)
        chars, net = _fit(_taken(texts, known), vectors[known], targets[known], spec, strength)
        both = chars.margins(_taken(texts, rest))[:, 0] + share * net.margins(vectors[rest])
        stack = LogisticRegression().fit(both[:, None], targets[rest])
        chars, net = _fit(texts, vectors, targets, spec, strength)
        slope, offset = stack.coef_[0, 0], stack.intercept_[0]
        return cls(chars, net, np.array([slope, slope * share, offset], np.float32))

    def margins(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Log-odds on the training texts' balance, shape (len(texts),)."""
        if not texts:
            return np.zeros(0, np.float32)
        both = self.mix[0] * self.chars.margins(texts)[:, 0]
        both = both + self.mix[1] * self.net.margins(vectors)
        return np.asarray(both + self.mix[2], np.float32)

    def save(self, folder: Path) -> None:
        """Writes the student into `folder`, made if absent."""
        self.chars.save(folder / _CHARS)
        (folder / _CONFIG).write_text(json.dumps({"kind": _KIND}) + "\n", encoding="utf-8")
        tensors: dict[str, NDArray[Any]] = {
            "hidden": self.net.hidden.astype(np.float16),
            "hidden_bias": self.net.hidden_bias.astype(np.float16),
            "output": self.net.output.astype(np.float16),
            "output_bias": self.net.output_bias.astype(np.float16),
            "mix": self.mix,
        }
        save_file(tensors, folder / _WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> MixedText:
        """Reads what `save` wrote. Raises ValueError if the folder holds something else."""
        if json.loads((folder / _CONFIG).read_text(encoding="utf-8")).get("kind") != _KIND:
            raise ValueError(f"{folder} does not hold a {_KIND} student")
        tensors = load_file(folder / _WEIGHTS)
        net = VectorNet(
            hidden=tensors["hidden"].astype(np.float32),
            hidden_bias=tensors["hidden_bias"].astype(np.float32),
            output=tensors["output"].astype(np.float32),
            output_bias=tensors["output_bias"].astype(np.float32),
        )
        return cls(LinearText.load(folder / _CHARS), net, tensors["mix"])


def _halved(values: NDArray[np.floating]) -> Floats:
    return np.ascontiguousarray(values, np.float16).astype(np.float32)


def _taken(texts: Sequence[str], places: NDArray[np.intp]) -> list[str]:
    return [texts[place] for place in places.tolist()]


def _fit(
    texts: Sequence[str],
    vectors: Floats,
    targets: NDArray[np.bool_],
    spec: HashSpec,
    strength: float,
) -> tuple[LinearText, VectorNet]:
    labels = [_YES if wanted else _NO for wanted in targets]
    chars = LinearText.train(
        texts, labels, spec=spec, strength=strength, min_count=2, calibrated=False
    )
    return chars, VectorNet.train(vectors, targets)
