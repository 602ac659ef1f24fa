"""A linear classifier of texts over hashed character n-grams.

Log-scaled counts are weighted by the naive-Bayes log-count ratio of their bucket and
normalised to length one; a linear SVM separates the classes (Wang and Manning 2012, NB-SVM)
and logistic calibration on held-out folds turns margins into probabilities (Platt 1999).
On disk: `config.json` and `weights.safetensors`, never a pickle.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from zhanggui.students.hashing import HashSpec, bucket_counts

Floats = NDArray[np.float32]

_CONFIG = "config.json"
_WEIGHTS = "weights.safetensors"
_PRIOR = "prior"
_KIND = "linear_text"
_FOLDS = 5
# How loud the prior speaks beside a feature vector of length one.
_PRIOR_GAIN = np.float32(0.3)


@dataclass(frozen=True, slots=True)
class LinearText:
    """Predicts one of `labels` for each text. `m` below is 1 for two labels, else their number."""

    labels: tuple[str, ...]
    spec: HashSpec
    scale: Floats
    """Weight of each bucket before normalisation, shape (buckets,)."""
    weights: Floats
    """Shape (m, buckets)."""
    bias: Floats
    """Shape (m,)."""
    calibration: Floats
    """Slope and offset of each margin's logistic curve, shape (m, 2)."""
    prior: LinearText | None = None
    """A student trained elsewhere whose margins are further features."""
    prior_weights: Floats | None = None
    """Shape (m, m of the prior)."""

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        spec: HashSpec | None = None,
        strength: float = 0.5,
        min_count: int = 1,
        prior: LinearText | None = None,
        calibrated: bool = True,
    ) -> LinearText:
        """Learns from `texts` with one label each.

        `strength` is the C of the SVM; buckets in fewer than `min_count` texts are dropped.
        Without calibration only margins mean something, and training takes a sixth of the time.
        Raises ValueError when fewer than two labels occur.
        """
        from sklearn.svm import LinearSVC

        names = tuple(sorted(set(labels)))
        if len(names) < 2:
            raise ValueError("a classifier needs texts of at least two labels")
        spec = spec or (prior.spec if prior else HashSpec())
        targets = np.array([names.index(label) for label in labels])
        counts = bucket_counts(texts, spec)
        scale = _naive_bayes_scale(counts, targets, len(names), min_count)
        features = _weigh(counts, scale)
        if prior is not None:
            known = _PRIOR_GAIN * prior.margins(texts)
            features = sp.hstack([features, sp.csr_matrix(known)], format="csr")
        calibration = _uncalibrated(len(names))
        if calibrated:
            calibration = _calibrate(features, targets, len(names), strength)
        svm = LinearSVC(C=strength, random_state=0).fit(features, targets)
        weights = svm.coef_.astype(np.float32)
        buckets = 1 << spec.bits
        return cls(
            labels=names,
            spec=spec,
            scale=scale,
            weights=np.ascontiguousarray(weights[:, :buckets]),
            bias=svm.intercept_.astype(np.float32),
            calibration=calibration,
            prior=prior,
            prior_weights=None if prior is None else weights[:, buckets:] * _PRIOR_GAIN,
        )

    def margins(self, texts: Sequence[str]) -> Floats:
        """Distances from the separating planes, shape (len(texts), m)."""
        return self._margins(texts, None)

    def _margins(self, texts: Sequence[str], counts: sp.csr_matrix | None) -> Floats:
        if not texts:
            return np.zeros((0, len(self.bias)), np.float32)
        if counts is None:
            counts = bucket_counts(texts, self.spec)
        result = np.asarray(_weigh(counts, self.scale) @ self.weights.T) + self.bias
        if self.prior is not None and self.prior_weights is not None:
            shared = counts if self.prior.spec == self.spec else None
            result = result + self.prior._margins(texts, shared) @ self.prior_weights.T
        return result.astype(np.float32)

    def predict(self, texts: Sequence[str]) -> tuple[list[str], Floats]:
        """The likeliest label of each text and the probabilities, shape (n, len(labels))."""
        margins = self.margins(texts)
        curve = 1.0 / (1.0 + np.exp(-(margins * self.calibration[:, 0] + self.calibration[:, 1])))
        if len(self.labels) == 2:
            probabilities = np.hstack([1.0 - curve, curve])
        else:
            probabilities = curve / np.maximum(curve.sum(axis=1, keepdims=True), 1e-9)
        best = probabilities.argmax(axis=1) if len(texts) else np.zeros(0, np.intp)
        return [self.labels[index] for index in best], probabilities.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Writes the student into `folder`, made if absent."""
        folder.mkdir(parents=True, exist_ok=True)
        config = {
            "kind": _KIND,
            "labels": self.labels,
            "spec": asdict(self.spec),
            "prior": self.prior is not None,
        }
        text = json.dumps(config, ensure_ascii=False, indent=1)
        (folder / _CONFIG).write_text(text + "\n", encoding="utf-8")
        tensors: dict[str, NDArray[Any]] = {
            "scale": self.scale.astype(np.float16),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
            "calibration": self.calibration,
        }
        if self.prior is not None and self.prior_weights is not None:
            tensors["prior_weights"] = np.ascontiguousarray(self.prior_weights)
            self.prior.save(folder / _PRIOR)
        save_file(tensors, folder / _WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> LinearText:
        """Reads what `save` wrote. Raises ValueError if the folder holds something else."""
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        if config.get("kind") != _KIND:
            raise ValueError(f"{folder} does not hold a {_KIND} student")
        tensors = load_file(folder / _WEIGHTS)
        return cls(
            labels=tuple(config["labels"]),
            spec=HashSpec(**config["spec"]),
            scale=tensors["scale"].astype(np.float32),
            weights=tensors["weights"].astype(np.float32),
            bias=tensors["bias"],
            calibration=tensors["calibration"],
            prior=cls.load(folder / _PRIOR) if config["prior"] else None,
            prior_weights=tensors.get("prior_weights"),
        )


def _naive_bayes_scale(
    counts: sp.csr_matrix, targets: NDArray[np.intp], classes: int, min_count: int
) -> Floats:
    # The square root damps the ratio: between plain counts and full NB-SVM is the best place.
    present = counts.copy()
    present.data[:] = 1
    everywhere = np.asarray(present.sum(axis=0)).ravel()
    strongest = np.zeros(counts.shape[1])
    for label in range(classes):
        inside = np.asarray(present[targets == label].sum(axis=0)).ravel()
        outside = everywhere - inside + 1.0
        inside = inside + 1.0
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        strongest = np.maximum(strongest, np.abs(ratio))
    strongest[everywhere < min_count] = 0.0
    # Saved as float16: train on the very numbers that will be loaded.
    return np.sqrt(strongest).astype(np.float16).astype(np.float32)


def _weigh(counts: sp.csr_matrix, scale: Floats) -> sp.csr_matrix:
    data = (1.0 + np.log(counts.data)) * scale[counts.indices]
    weighed = sp.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
    squares = weighed.multiply(weighed).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares, dtype=np.float32).ravel())
    lengths[lengths == 0] = 1.0
    weighed.data = weighed.data / np.repeat(lengths, np.diff(weighed.indptr))
    return weighed


def _uncalibrated(classes: int) -> Floats:
    return np.tile(np.array([[2.0, 0.0]], np.float32), (1 if classes == 2 else classes, 1))


def _calibrate(
    features: sp.csr_matrix, targets: NDArray[np.intp], classes: int, strength: float
) -> Floats:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
    from sklearn.svm import LinearSVC

    curve = _uncalibrated(classes)
    margins_per_text = len(curve)
    rarest = int(np.bincount(targets).min())
    if rarest < 2:
        return curve
    margins = np.zeros((len(targets), margins_per_text))
    folds = StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=0)
    for known, unseen in folds.split(features, targets):
        svm = LinearSVC(C=strength, random_state=0).fit(features[known], targets[known])
        margins[unseen] = svm.decision_function(features[unseen]).reshape(len(unseen), -1)
    for index in range(margins_per_text):
        wanted = targets == (1 if classes == 2 else index)
        logistic = LogisticRegression().fit(margins[:, [index]], wanted)
        curve[index] = logistic.coef_[0, 0], logistic.intercept_[0]
    return curve
