"""Polarity of reviews on the public sets: the shipped student, the learnt one, and a peer."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from zhanggui.evals.figures import Figure
from zhanggui.records import Review
from zhanggui.reviews.learning import learn_polarity
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.rows import PolarityLabel
from zhanggui.students.linear_text import LinearText

SETS = ("online_shopping_10_cats", "waimai_10k", "chnsenticorp_htl_all")
FIFTH = 5


def figures(data: Path) -> list[Figure]:
    """Accuracy on every fifth review of each set; learnt ones saw the other four fifths."""
    found = []
    for name in SETS:
        labels = _labels(data / "zh_shop_reviews" / f"{name}.dev.csv.gz")
        unseen, known = labels[::FIFTH], [one for n, one in enumerate(labels) if n % FIFTH]
        how = f"{len(unseen)} reviews of {name}"
        shipped, learnt, peer = _shipped(unseen), _learnt(known, unseen), _peer(known, unseen)
        found += [
            Figure(f"reviews: {name}, shipped", shipped, "", None, f"{how}, as shipped"),
            Figure(
                f"reviews: {name}, learnt",
                learnt,
                "≥ the peer",
                learnt >= peer,
                f"{how}, learnt from {len(known)} labels",
            ),
            Figure(
                f"reviews: {name}, peer", peer, "", None, "TF-IDF of 1–3 characters, linear SVM"
            ),
        ]
    return found


def _labels(path: Path) -> list[PolarityLabel]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return [
            PolarityLabel(row["review"], "positive" if row["label"] == "1" else "negative")
            for row in csv.DictReader(file)
            if row["review"].strip()
        ]


def _shipped(unseen: Sequence[PolarityLabel]) -> float:
    reviews = [Review(id=str(n), content=label.content) for n, label in enumerate(unseen)]
    readings = read(reviews, load_students())
    return _share(["positive" if reading.score > 0 else "negative" for reading in readings], unseen)


def _learnt(known: Sequence[PolarityLabel], unseen: Sequence[PolarityLabel]) -> float:
    with TemporaryDirectory() as folder:
        learnt = learn_polarity(known, Path(folder))
        student = LinearText.load(learnt.folder)
    return _share(student.predict([one.content for one in unseen])[0], unseen)


def _peer(known: Sequence[PolarityLabel], unseen: Sequence[PolarityLabel]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    peer = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
        LinearSVC(C=0.5),
    )
    peer.fit([one.content for one in known], [one.polarity for one in known])
    return _share(list(peer.predict([one.content for one in unseen])), unseen)


def _share(answers: Sequence[str], labels: Sequence[PolarityLabel]) -> float:
    right = sum(answer == label.polarity for answer, label in zip(answers, labels, strict=True))
    return right / len(labels)
