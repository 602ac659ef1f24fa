from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from zhanggui.errors import InputError, InputNotFound
from zhanggui.records import Opinion, Review
from zhanggui.reviews.learning import exact_match, learn_opinions, learn_polarity
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.rows import OpinionsLabel, PolarityLabel, opinions_label

_ASPECTS = {"奶泡": "口感", "豆子": "原料", "杯垫": "赠品", "机身": "外观"}
_WORDS = {"绵密": "positive", "发霉": "negative", "厚实": "positive", "掉漆": "negative"}


def _labels() -> list[OpinionsLabel]:
    rows = []
    for (aspect, category), (word, polarity) in itertools.product(_ASPECTS.items(), _WORDS.items()):
        said = {"aspect": aspect, "opinion": word, "category": category, "polarity": polarity}
        for frame in ("{}{}", "收到了，{}{}", "{}{}，再看看", "昨天到的{}{}"):
            rows.append(opinions_label({"content": frame.format(aspect, word), "opinions": [said]}))
    return rows


def _polarities() -> list[PolarityLabel]:
    return [
        PolarityLabel(f"{aspect}{word}{n}", polarity)  # type: ignore[arg-type]
        for n in range(3)
        for aspect in _ASPECTS
        for word, polarity in _WORDS.items()
    ]


def test_learnt_opinions_are_read_with_the_labels_categories(tmp_path: Path) -> None:
    report = learn_opinions(_labels(), tmp_path)
    assert report.figures["f1"] > 0.8
    assert report.rows == report.held_out + 51
    students = load_students(tmp_path)
    (reading,) = read([Review(id="1", content="到了，豆子发霉")], students)
    (one,) = reading.opinions
    assert (one.aspect, one.opinion, one.category, one.polarity) == (
        "豆子",
        "发霉",
        "原料",
        "negative",
    )
    assert (one.start, one.end) == (3, 7)
    assert not students.polarity.learnt


def test_learnt_polarity_is_used_alone(tmp_path: Path) -> None:
    report = learn_polarity(_polarities(), tmp_path)
    assert report.task == "polarity"
    assert report.figures["accuracy"] > 0.8
    students = load_students(tmp_path)
    assert students.polarity.learnt
    assert students.opinions is None
    readings = read(
        [Review(id="1", content="机身掉漆"), Review(id="2", content="奶泡绵密")], students
    )
    assert [one.score > 0 for one in readings] == [False, True]


def test_neutral_labels_become_a_third_answer(tmp_path: Path) -> None:
    rows = _polarities() + [PolarityLabel(f"今天到货第{n}天", "neutral") for n in range(16)]
    learn_polarity(rows, tmp_path)
    student = load_students(tmp_path).polarity.student
    assert student.labels == ("negative", "neutral", "positive")


def test_labels_without_pairs_or_variety(tmp_path: Path) -> None:
    said = {"aspect": None, "opinion": "赞", "category": "整体", "polarity": "positive"}
    rows = [opinions_label({"content": f"{n}赞{n}", "opinions": [said]}) for n in range(25)]
    learn_opinions(rows, tmp_path)
    (reading,) = read([Review(id="1", content="7赞7")], load_students(tmp_path))
    assert [(one.aspect, one.opinion, one.category) for one in reading.opinions] == [
        (None, "赞", "整体")
    ]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([PolarityLabel("好", "positive")] * 5, "too few"),
        ([PolarityLabel(f"好{n}", "positive") for n in range(30)], "both positive and negative"),
    ],
)
def test_polarity_that_cannot_be_learnt(
    rows: list[PolarityLabel], why: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=why):
        learn_polarity(rows, tmp_path)


def test_opinions_that_cannot_be_learnt(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one span"):
        learn_opinions([OpinionsLabel(f"好{n}", ()) for n in range(30)], tmp_path)


def test_missing_and_broken_students(tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        load_students(tmp_path / "nowhere")
    (tmp_path / "polarity").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        load_students(tmp_path)


def test_exact_match_by_hand() -> None:
    label = opinions_label(
        {
            "content": "奶泡绵密",
            "opinions": [
                {"aspect": "奶泡", "opinion": "绵密", "category": "口感", "polarity": "positive"},
                {"aspect": "奶泡", "opinion": None, "category": "口感", "polarity": "positive"},
            ],
        }
    )
    found = Opinion(
        aspect="奶泡", opinion="绵密", category="口感", polarity="positive", start=0, end=4
    )
    figures = exact_match([label], [[found, found]])
    assert figures == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert exact_match([label], [[]])["f1"] == 0.0
