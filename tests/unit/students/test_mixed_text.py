from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhanggui.students.hashing import HashSpec
from zhanggui.students.mixed_text import MixedText, VectorNet


def _rows(count: int) -> tuple[list[str], np.ndarray, list[bool]]:
    source = np.random.default_rng(0)
    wanted = [bool(flag) for flag in source.integers(0, 2, count)]
    texts = [f"{'take' if flag else 'keep'} number {place}" for place, flag in enumerate(wanted)]
    vectors = source.normal(size=(count, 8)).astype(np.float32)
    vectors[:, 0] += np.where(wanted, 2, -2)
    return texts, vectors, wanted


def test_a_student_finds_what_it_learnt_and_comes_back_the_same(tmp_path: Path) -> None:
    texts, vectors, wanted = _rows(400)
    apart = [place % 5 == 0 for place in range(400)]
    spec = HashSpec(ngrams=3, bits=12)
    student = MixedText.train(texts, vectors, wanted, apart, spec=spec, share=0.1)
    margins = student.margins(texts, vectors)
    assert np.mean((margins > 0) == np.array(wanted)) > 0.95
    student.save(tmp_path)
    again = MixedText.load(tmp_path)
    np.testing.assert_allclose(again.margins(texts, vectors), margins, atol=0.05)


def test_networks_are_never_surer_than_the_limit() -> None:
    _, vectors, wanted = _rows(400)
    net = VectorNet.train(vectors, np.array(wanted))
    margins = net.margins(vectors * 1000)
    assert np.abs(margins).max() == pytest.approx(14.0)
    assert net.margins(vectors[:3]).shape == (3,)


def test_another_kind_of_student_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"kind": "tagger"}', encoding="utf-8")
    with pytest.raises(ValueError, match="mixed_text"):
        MixedText.load(tmp_path)
