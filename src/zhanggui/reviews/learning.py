"""`students learn`: a shop's own labels become its own students.

A part of the labels is held out first and measured; then the student that is saved learns
from all of them. Personal data in the labels is blotted out before anything is learnt.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from zhanggui.errors import InputError
from zhanggui.pii.finder import find
from zhanggui.records import Opinion
from zhanggui.reviews.learnt_opinions import LearntOpinions
from zhanggui.reviews.reading import OPINIONS, POLARITY, shipped_polarity
from zhanggui.reviews.rows import OpinionsLabel, PolarityLabel
from zhanggui.students.linear_text import LinearText
from zhanggui.text.normalise import fold

MINIMUM_ROWS = 20
_HELD_OUT = 0.2
_BLOT = "□"
_SMALL_SET = 20_000
"""Below this many labels the SVM is held tighter."""

Label = TypeVar("Label", PolarityLabel, OpinionsLabel)
_Quad = tuple[str | None, str | None, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnReport:
    """What a student learnt from and how well it does on labels it had not seen."""

    task: str
    rows: int
    held_out: int
    figures: Mapping[str, float]
    """`accuracy` for polarity; `precision`, `recall`, `f1` (exact quadruples) for opinions."""
    folder: Path


def learn_polarity(rows: Sequence[PolarityLabel], out_dir: Path) -> LearnReport:
    """Learns the polarity of reviews and saves it as `out_dir`/polarity.

    The shipped student's opinion is one more feature, so a small set of labels starts from
    it. Raises InputError when there are too few rows or only one polarity.
    """
    rows = _impersonal(rows)
    known, unseen = _split(rows)
    student = _train_polarity(known)
    answers, _ = student.predict([row.content for row in unseen])
    right = sum(answer == row.polarity for answer, row in zip(answers, unseen, strict=True))
    _train_polarity(rows).save(out_dir / POLARITY)
    return LearnReport(
        task="polarity",
        rows=len(rows),
        held_out=len(unseen),
        figures={"accuracy": right / len(unseen)},
        folder=out_dir / POLARITY,
    )


def _train_polarity(rows: Sequence[PolarityLabel]) -> LinearText:
    polarities = {row.polarity for row in rows}
    if not {"positive", "negative"} <= polarities:
        raise InputError("labels of polarity need both positive and negative reviews")
    return LinearText.train(
        [row.content for row in rows],
        [row.polarity for row in rows],
        strength=0.3 if len(rows) < _SMALL_SET else 1.0,
        prior=shipped_polarity(),
    )


def learn_opinions(rows: Sequence[OpinionsLabel], out_dir: Path) -> LearnReport:
    """Learns opinions, with the labels' own categories, and saves them as `out_dir`/opinions.

    Raises InputError when there are too few rows or no spans in them.
    """
    rows = _impersonal(rows)
    known, unseen = _split(rows)
    try:
        found = LearntOpinions.train(known).read([row.content for row in unseen])
        LearntOpinions.train(rows).save(out_dir / OPINIONS)
    except ValueError as error:
        raise InputError(f"labels of opinions cannot be learnt: {error}") from error
    return LearnReport(
        task="opinions",
        rows=len(rows),
        held_out=len(unseen),
        figures=exact_match(unseen, found),
        folder=out_dir / OPINIONS,
    )


def exact_match(
    labels: Sequence[OpinionsLabel], found: Sequence[Sequence[Opinion]]
) -> dict[str, float]:
    """Precision, recall and F1 of (aspect, opinion, category, polarity), all four equal."""
    right = wanted = given = 0
    for label, opinions in zip(labels, found, strict=True):
        gold = Counter(_gold(label))
        read: Counter[_Quad] = Counter(
            (one.aspect, one.opinion, one.category, one.polarity) for one in opinions
        )
        right += (gold & read).total()
        wanted += gold.total()
        given += read.total()
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
    }


def _gold(label: OpinionsLabel) -> list[_Quad]:
    text = label.content
    return [
        (
            None if one.aspect is None else text[slice(*one.aspect)],
            None if one.opinion is None else text[slice(*one.opinion)],
            one.category,
            one.polarity,
        )
        for one in label.opinions
    ]


def _impersonal(rows: Sequence[Label]) -> list[Label]:
    """The labels with a blot for each character of personal data; spans keep their places."""
    return [replace(row, content=_blotted(row.content)) for row in rows]


def _blotted(text: str) -> str:
    for entity in find(text):
        text = text[: entity.start] + _BLOT * len(entity.text) + text[entity.end :]
    return text


def _split(rows: Sequence[Label]) -> tuple[list[Label], list[Label]]:
    """Known and unseen rows; equal texts stay on one side."""
    if len(rows) < MINIMUM_ROWS:
        raise InputError(f"{len(rows)} labels are too few to learn from; give {MINIMUM_ROWS}")
    groups: dict[str, list[Label]] = {}
    for row in rows:
        groups.setdefault(fold(row.content), []).append(row)
    keys = sorted(groups)
    random.Random(0).shuffle(keys)
    unseen_keys = set(keys[: max(1, round(len(keys) * _HELD_OUT))])
    known = [row for key in keys if key not in unseen_keys for row in groups[key]]
    unseen = [row for key in keys if key in unseen_keys for row in groups[key]]
    return known, unseen
