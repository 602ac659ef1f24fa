"""A tagger of spans: a linear-chain CRF over characters.

Trained with CRFsuite (L-BFGS, elastic net; Lafferty et al. 2001). Only the weights are kept,
as safetensors and JSON; prediction is a numpy Viterbi over batches of texts and needs no
CRFsuite.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from zhanggui.students.char_features import BITS, Marks, features

_CONFIG = "config.json"
_WEIGHTS = "weights.safetensors"
_KIND = "tagger"
_OUTSIDE = "O"
_PADDED_CELLS = 100_000
"""Characters, padding included, that one Viterbi batch holds at most."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled piece of a text, end exclusive."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Tagger:
    """Finds labelled spans that do not overlap."""

    tags: tuple[str, ...]
    """`O`, and `B-x` and `I-x` for each label x."""
    known: NDArray[np.uint32]
    """The numbers of the features that have weights, sorted, shape (f,)."""
    weights: NDArray[np.float32]
    """Shape (f + 1, tags); the last row stands for unknown features and is zero."""
    transitions: NDArray[np.float32]
    """From tag (row) to tag (column)."""
    places: NDArray[np.int32]
    """The row of `weights` for each feature number, shape (2 ** BITS,)."""

    @classmethod
    def of(
        cls,
        tags: tuple[str, ...],
        known: NDArray[np.uint32],
        weights: NDArray[np.float32],
        transitions: NDArray[np.float32],
    ) -> Tagger:
        """The tagger with these weights."""
        places = np.full(1 << BITS, len(known), np.int32)
        places[known] = np.arange(len(known), dtype=np.int32)
        return cls(tags, known, weights, transitions, places)

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        marks: Sequence[Marks] | None = None,
        *,
        l1: float = 0.02,
        l2: float = 0.3,
        iterations: int = 100,
        perceptron: bool = False,
    ) -> Tagger:
        """Learns from `texts` with their spans; of overlapping spans the first one counts.

        `marks` are what else is known about the characters of each text; `predict` needs marks
        of the same kinds. `perceptron` learns by averaged mistakes (Collins 2002) in a tenth of
        the passes. Raises ValueError when there is no span at all.
        """
        if not any(spans):
            raise ValueError("a tagger needs at least one span to learn from")
        trainer = pycrfsuite.Trainer(algorithm="ap" if perceptron else "lbfgs", verbose=False)
        penalty = {} if perceptron else {"c1": l1, "c2": l2}
        trainer.set_params({"max_iterations": iterations, **penalty})
        for index, (text, marked) in enumerate(zip(texts, spans, strict=True)):
            if text:
                columns = features([text], marks and [marks[index]]).T
                trainer.append([[str(one) for one in row] for row in columns], _tags(text, marked))
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "crf")
            trainer.train(path)
            reader = pycrfsuite.Tagger()
            reader.open(path)
            try:
                info = reader.info()
            finally:
                reader.close()
        return cls._from_weights(info.labels, info.state_features, info.transitions)

    @classmethod
    def _from_weights(
        cls,
        labels: dict[str, str],
        states: dict[tuple[str, str], float],
        moves: dict[tuple[str, str], float],
    ) -> Tagger:
        tags = tuple(sorted(labels))
        number = {tag: index for index, tag in enumerate(tags)}
        known = np.array(sorted({int(name) for name, _ in states}), np.uint32)
        weights = np.zeros((len(known) + 1, len(tags)), np.float32)
        rows = np.searchsorted(known, np.array([int(name) for name, _ in states], np.uint32))
        columns = [number[tag] for _, tag in states]
        weights[rows, columns] = list(states.values())
        transitions = np.zeros((len(tags), len(tags)), np.float32)
        for (before, after), weight in moves.items():
            transitions[number[before], number[after]] = weight
        # Saved as float16: predict with the very numbers that will be loaded.
        return cls.of(tags, known, weights.astype(np.float16).astype(np.float32), transitions)

    def pruned(self, share: float) -> Tagger:
        """The same with only this share of the features: those that weigh most."""
        strength = np.abs(self.weights[:-1]).max(axis=1)
        kept = np.sort(np.argsort(-strength, kind="stable")[: int(len(strength) * share)])
        weights = np.vstack([self.weights[kept], self.weights[-1:]])
        return Tagger.of(self.tags, self.known[kept], weights, self.transitions)

    def predict(
        self, texts: Sequence[str], marks: Sequence[Marks] | None = None
    ) -> list[list[Span]]:
        """The spans of each text, in order."""
        result: list[list[Span]] = [[] for _ in texts]
        for batch in _batches(texts):
            chosen = [texts[index] for index in batch]
            scores = self._scores(chosen, marks and [marks[index] for index in batch])
            lengths = np.array([len(text) for text in chosen])
            paths = _viterbi(scores, lengths, self.transitions)
            for index, path in zip(batch, paths, strict=True):
                result[index] = _spans([self.tags[tag] for tag in path])
        return result

    def _scores(self, texts: Sequence[str], marks: Sequence[Marks] | None) -> NDArray[np.float32]:
        numbers = features(texts, marks)
        scores = np.zeros((numbers.shape[1], len(self.tags)), np.float32)
        for template in numbers:
            scores += self.weights[self.places[template]]
        return scores

    def save(self, folder: Path) -> None:
        """Writes the student into `folder`, made if absent."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"kind": _KIND, "bits": BITS, "tags": self.tags}, ensure_ascii=False)
        (folder / _CONFIG).write_text(text + "\n", encoding="utf-8")
        tensors: dict[str, NDArray[Any]] = {
            "known": self.known,
            "weights": self.weights.astype(np.float16),
            "transitions": self.transitions,
        }
        save_file(tensors, folder / _WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Reads what `save` wrote. Raises ValueError if the folder holds something else."""
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        if config.get("kind") != _KIND:
            raise ValueError(f"{folder} does not hold a {_KIND} student")
        if config.get("bits") != BITS:
            raise ValueError(f"the {_KIND} student in {folder} is of an older build: learn again")
        tensors = load_file(folder / _WEIGHTS)
        weights = tensors["weights"].astype(np.float32)
        return cls.of(tuple(config["tags"]), tensors["known"], weights, tensors["transitions"])


def _tags(text: str, spans: Sequence[Span]) -> list[str]:
    tags = [_OUTSIDE] * len(text)
    for span in sorted(spans):
        if all(tag == _OUTSIDE for tag in tags[span.start : span.end]):
            tags[span.start : span.end] = [f"I-{span.label}"] * (span.end - span.start)
            tags[span.start] = f"B-{span.label}"
    return tags


def _spans(tags: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for place in range(len(tags) + 1):
        tag = tags[place] if place < len(tags) else _OUTSIDE
        before = tags[place - 1] if place else _OUTSIDE
        if before != _OUTSIDE and tag != f"I-{before[2:]}":
            spans.append(Span(start, place, before[2:]))
        if tag != _OUTSIDE and (before == _OUTSIDE or tag != f"I-{before[2:]}"):
            start = place
    return spans


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Numbers of non-empty texts, similar lengths together so that little is padding."""
    batch: list[int] = []
    for index in sorted(range(len(texts)), key=lambda one: len(texts[one])):
        if not texts[index]:
            continue
        if batch and len(texts[index]) * (len(batch) + 1) > _PADDED_CELLS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _viterbi(
    scores: NDArray[np.float32], lengths: NDArray[np.int64], transitions: NDArray[np.float32]
) -> list[NDArray[np.intp]]:
    """The best path of each text; `lengths` ascend, `scores` holds the texts one by one."""
    texts, tags = len(lengths), transitions.shape[0]
    longest = int(lengths[-1])
    begins = np.cumsum(lengths) - lengths
    back = np.zeros((longest, texts, tags), np.int8)
    best = scores[begins]
    for step in range(1, longest):
        first = int(np.searchsorted(lengths, step, side="right"))
        candidates = best[first:, :, None] + transitions
        back[step, first:] = candidates.argmax(axis=1)
        best[first:] = candidates.max(axis=1) + scores[begins[first:] + step]
    path = np.zeros((texts, longest), np.intp)
    current = best.argmax(axis=1)
    everyone = np.arange(texts)
    for step in range(longest - 1, -1, -1):
        alive = lengths > step
        path[alive, step] = current[alive]
        current = np.where(alive, back[step, everyone, current], current)
    return [path[index, :length] for index, length in enumerate(lengths)]
