from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.students.char_features import BITS, features, windowed
from zhanggui.students.tagger import Span, Tagger, _spans, _tags, _viterbi

_THINGS = ["物流", "包装", "颜色", "面料", "客服", "尺码", "味道"]
_WORDS = ["很快", "不错", "难看", "柔软", "热情", "偏小", "刺鼻"]
_PAIRS = list(itertools.product(_THINGS, _WORDS))
_TEXTS = [
    f"{thing}{word}，{other}{word}"
    for (thing, word), (other, _) in zip(_PAIRS, reversed(_PAIRS), strict=True)
]
_SPANS = [[Span(0, 2, "A"), Span(2, 4, "O"), Span(5, 7, "A"), Span(7, 9, "O")] for _ in _TEXTS]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.train(_TEXTS, _SPANS, iterations=30)


def test_finds_what_it_learnt_in_new_company(tagger: Tagger) -> None:
    text = "颜色柔软，物流热情"
    found = tagger.predict([text])[0]
    assert [(text[one.start : one.end], one.label) for one in found] == [
        ("颜色", "A"),
        ("柔软", "O"),
        ("物流", "A"),
        ("热情", "O"),
    ]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="物流很快颜色a1，😀 \ud800", max_size=20), max_size=6))
def test_batches_do_not_change_answers(tagger: Tagger, texts: list[str]) -> None:
    together = tagger.predict(texts)
    assert together == [tagger.predict([text])[0] for text in texts]
    for text, spans in zip(texts, together, strict=True):
        assert all(0 <= one.start < one.end <= len(text) for one in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_round_trip(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "t")
    loaded = Tagger.load(tmp_path / "t")
    assert {file.name for file in (tmp_path / "t").iterdir()} == {
        "config.json",
        "weights.safetensors",
    }
    assert np.array_equal(loaded.weights, tagger.weights)
    assert loaded.predict(_TEXTS) == tagger.predict(_TEXTS)


def test_viterbi_finds_the_best_of_all_paths() -> None:
    random = np.random.default_rng(0)
    for length in range(1, 6):
        scores = random.normal(size=(length, 3)).astype(np.float32)
        moves = random.normal(size=(3, 3)).astype(np.float32)

        def worth(path: tuple[int, ...], scores=scores, moves=moves) -> float:
            gained = sum(scores[step, tag] for step, tag in enumerate(path))
            return gained + sum(moves[a, b] for a, b in itertools.pairwise(path))

        best = max(itertools.product(range(3), repeat=length), key=worth)
        found = _viterbi(scores, np.array([length]), moves)[0]
        assert tuple(found) == best


@given(st.data())
def test_spans_survive_the_way_through_tags(data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, 20), min_size=2, max_size=8, unique=True))
    cuts.sort()
    spans = [Span(a, b, data.draw(st.sampled_from("AO"))) for a, b in itertools.pairwise(cuts)]
    assert _spans(_tags("x" * 20, spans)) == spans


def test_features_have_one_column_for_each_character() -> None:
    numbers = features(["好", "", "很好😀"])
    assert numbers.shape[1] == 4
    assert numbers.max() < 1 << BITS
    assert np.array_equal(numbers[:, :1], features(["好"]))


def test_marks_add_features_and_change_no_others() -> None:
    marks = [windowed(np.array(row, np.uint32)) for row in ([[7, 0]], [[9]])]
    plain, marked = features(["很好", "差"]), features(["很好", "差"], marks)
    assert np.array_equal(marked[: len(plain)], plain)
    assert len(marked) > len(plain)
    assert np.array_equal(marked[:, 2:], features(["差"], marks[1:]))


def test_a_mark_tells_what_the_characters_do_not(tmp_path: Path) -> None:
    # Each character is seen once only: what is learnt is the mark.
    texts = [chr(0x4E00 + 3 * n) + chr(0x4E01 + 3 * n) for n in range(40)]
    marks = [windowed(np.array([[0, 5]] if n % 2 else [[5, 0]], np.uint32)) for n in range(40)]
    spans = [[Span(n % 2, n % 2 + 1, "A")] for n in range(40)]
    tagger = Tagger.train(texts[:30], spans[:30], marks[:30], iterations=30)
    tagger.save(tmp_path / "t")
    loaded = Tagger.load(tmp_path / "t")
    for one in (tagger, loaded):
        assert one.predict(texts[30:], marks[30:]) == spans[30:]


def test_a_student_of_an_older_build_is_refused(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "t")
    (tmp_path / "t" / "config.json").write_text(
        json.dumps({"kind": "tagger", "tags": ["O"]}), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="learn again"):
        Tagger.load(tmp_path / "t")


def test_no_spans_cannot_be_learnt() -> None:
    with pytest.raises(ValueError, match="at least one span"):
        Tagger.train(["好"], [[]])


def test_a_foreign_folder_is_refused(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "t")
    (tmp_path / "t" / "config.json").write_text(json.dumps({"kind": "x"}), encoding="utf-8")
    with pytest.raises(ValueError, match="tagger"):
        Tagger.load(tmp_path / "t")


def test_marks_tell_what_the_characters_do_not() -> None:
    texts = ["甲乙丙丁"] * 12
    marks = [windowed(np.full((1, 4), number % 2, np.uint32)) for number in range(12)]
    spans = [[Span(0, 2, "A")] if number % 2 else [] for number in range(12)]
    learnt = Tagger.train(texts, spans, marks=marks, perceptron=True, iterations=20)
    assert learnt.predict(texts[:2], marks[:2]) == [[], [Span(0, 2, "A")]]


def test_a_pruned_tagger_keeps_what_weighs_most(tagger: Tagger) -> None:
    pruned = tagger.pruned(0.5)
    assert len(pruned.known) == len(tagger.known) // 2
    weakest = np.abs(pruned.weights[:-1]).max(axis=1).min()
    left = ~np.isin(tagger.known, pruned.known)
    assert np.abs(tagger.weights[:-1][left]).max() <= weakest
    assert tagger.pruned(1.0).predict(_TEXTS) == tagger.predict(_TEXTS)
