from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from zhanggui.students.hashing import HashSpec
from zhanggui.students.linear_text import LinearText

_SPEC = HashSpec(ngrams=2, bits=12)
_GOOD = [f"{thing}很好" for thing in "杯碗盘锅盆桶壶刀"]
_BAD = [f"{thing}太差" for thing in "杯碗盘锅盆桶壶刀"]
_TEXTS = _GOOD + _BAD
_LABELS = ["positive"] * len(_GOOD) + ["negative"] * len(_BAD)


@pytest.fixture(scope="module")
def student() -> LinearText:
    return LinearText.train(_TEXTS, _LABELS, spec=_SPEC)


def test_learns_what_the_texts_share(student: LinearText) -> None:
    labels, probabilities = student.predict(["勺子很好", "勺子太差"])
    assert labels == ["positive", "negative"]
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert probabilities[0, student.labels.index("positive")] > 0.5


def test_save_and_load_change_nothing_that_matters(student: LinearText, tmp_path: Path) -> None:
    student.save(tmp_path / "student")
    loaded = LinearText.load(tmp_path / "student")
    assert loaded.labels == student.labels
    assert np.allclose(loaded.margins(_TEXTS), student.margins(_TEXTS), atol=2e-3)
    again = tmp_path / "again"
    loaded.save(again)
    assert np.array_equal(LinearText.load(again).margins(_TEXTS), loaded.margins(_TEXTS))


def test_nothing_is_pickled(student: LinearText, tmp_path: Path) -> None:
    student.save(tmp_path / "s")
    assert {file.name for file in (tmp_path / "s").iterdir()} == {
        "config.json",
        "weights.safetensors",
    }


def test_more_than_two_labels(tmp_path: Path) -> None:
    texts = _TEXTS + [f"{thing}一般" for thing in "杯碗盘锅盆桶壶刀"]
    labels = _LABELS + ["neutral"] * 8
    student = LinearText.train(texts, labels, spec=_SPEC)
    answers, probabilities = student.predict(["勺一般", "勺很好", "勺太差"])
    assert answers == ["neutral", "positive", "negative"]
    assert probabilities.shape == (3, 3)
    assert np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_a_prior_helps_where_the_labels_are_silent(tmp_path: Path) -> None:
    elsewhere = LinearText.train(_TEXTS, _LABELS, spec=_SPEC)
    few = ["甲赞", "乙赞", "丙赞很好", "甲烂", "乙烂", "丙烂太差"]
    labels = ["positive"] * 3 + ["negative"] * 3
    learnt = LinearText.train(few, labels, prior=elsewhere)
    alone = LinearText.train(few, labels, spec=_SPEC)
    gap = np.diff(learnt.margins(["锅太差", "锅很好"])[:, 0])
    assert gap > np.diff(alone.margins(["锅太差", "锅很好"])[:, 0])
    learnt.save(tmp_path)
    loaded = LinearText.load(tmp_path)
    assert loaded.prior is not None
    assert np.allclose(loaded.margins(few), learnt.margins(few), atol=5e-3)


def test_no_texts_no_answers(student: LinearText) -> None:
    labels, probabilities = student.predict([])
    assert labels == []
    assert probabilities.shape == (0, 2)


def test_one_label_cannot_be_learnt() -> None:
    with pytest.raises(ValueError, match="two labels"):
        LinearText.train(["好", "很好"], ["positive", "positive"], spec=_SPEC)


def test_a_label_seen_once_can_be_learnt() -> None:
    student = LinearText.train(["很好", "真好", "太差"], ["p", "p", "n"], spec=_SPEC)
    assert student.predict(["太差"])[0] == ["n"]


def test_a_foreign_folder_is_refused(student: LinearText, tmp_path: Path) -> None:
    student.save(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"kind": "other"}), encoding="utf-8")
    with pytest.raises(ValueError, match="linear_text"):
        LinearText.load(tmp_path)
