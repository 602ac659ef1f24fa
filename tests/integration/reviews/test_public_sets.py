"""Figures on the public development sets, with generous bounds: a fall shows, noise does not."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from zhanggui.records import Review
from zhanggui.reviews.learning import learn_opinions, learn_polarity
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.rows import OpinionsLabel, PolarityLabel, opinions_label

pytestmark = pytest.mark.data

_POLARITIES = {"正面": "positive", "中性": "neutral", "负面": "negative"}


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _reviews(data_dir: Path, name: str) -> list[PolarityLabel]:
    rows = _rows(data_dir / "zh_shop_reviews" / f"{name}.dev.csv.gz")
    return [
        PolarityLabel(row["review"], "positive" if row["label"] == "1" else "negative")
        for row in rows
        if row["review"].strip()
    ]


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("online_shopping_10_cats", 0.88),
        ("waimai_10k", 0.80),
        ("chnsenticorp_htl_all", 0.84),
    ],
)
def test_shipped_polarity(data_dir: Path, name: str, bound: float) -> None:
    labels = _reviews(data_dir, name)[::7]
    reviews = [Review(id=str(i), content=label.content) for i, label in enumerate(labels)]
    readings = read(reviews, load_students())
    right = sum(
        (reading.score > 0) == (label.polarity == "positive")
        for reading, label in zip(readings, labels, strict=True)
    )
    assert right / len(labels) > bound


def test_learnt_polarity(data_dir: Path, tmp_path: Path) -> None:
    report = learn_polarity(_reviews(data_dir, "waimai_10k"), tmp_path)
    assert report.figures["accuracy"] > 0.87


@pytest.mark.slow
def test_learnt_opinions(data_dir: Path, tmp_path: Path) -> None:
    report = learn_opinions(_cosmetics(data_dir), tmp_path)
    assert report.figures["f1"] > 0.70


def _cosmetics(data_dir: Path) -> list[OpinionsLabel]:
    folder = data_dir / "zh_cosmetics_quads"
    said: dict[str, list[dict[str, object]]] = {}
    for row in _rows(folder / "labels.dev.csv.gz"):
        one: dict[str, object] = {"category": row["Categories"]}
        one["polarity"] = _POLARITIES[row["Polarities"]]
        for name, text, start in (
            ("aspect", "AspectTerms", "A_start"),
            ("opinion", "OpinionTerms", "O_start"),
        ):
            if row[text] != "_":
                one |= {name: row[text], f"{name}_start": int(row[start])}
        said.setdefault(row["id"], []).append(one)
    return [
        opinions_label({"content": row["Reviews"], "opinions": said.get(row["id"], [])})
        for row in _rows(folder / "reviews.dev.csv.gz")
    ]
