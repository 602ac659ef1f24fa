from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.text.language import language_of
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.segment import index_tokens, query_tokens
from zhanggui.text.sentences import clauses, sentences


@given(st.text(max_size=80))
def test_every_normalised_character_knows_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    assert len(normal.offsets) == len(normal.text) + 1
    assert list(normal.offsets) == sorted(normal.offsets)
    for index in range(len(normal.text)):
        start, end = normal.span(index, index + 1)
        assert 0 <= start < end <= len(text)


def test_full_width_digits_are_found_at_their_place() -> None:
    normal = normalise("容量５００ＭＬ")
    start = normal.text.index("500ml")
    assert normal.span(start, start + 5) == (2, 7)


@given(st.text(alphabet="保温杯，。！a1.:, \n", max_size=60))
def test_pieces_are_slices_without_margins(text: str) -> None:
    for split in (sentences, clauses):
        for piece in split(text):
            assert text[piece.start : piece.end] == piece.text
            assert piece.text == piece.text.strip() != ""


def test_commas_and_points_inside_numbers_do_not_split() -> None:
    assert [c.text for c in clauses("容量1,000ml，比例16:9，重3.5kg。")] == [
        "容量1,000ml",
        "比例16:9",
        "重3.5kg",
    ]


def test_two_character_words_are_indexed() -> None:
    assert "保温" in index_tokens("不锈钢保温杯")
    assert "保温杯" in query_tokens("保温杯怎么洗")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("这杯子好用", "zh"),
        ("Great mug, keeps tea hot", "en"),
        ("", "zh"),
        ("iPhone壳很好用", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_fold_ignores_width_case_and_space() -> None:
    assert fold("Ａ b\u3000Ｃ") == "abc"
