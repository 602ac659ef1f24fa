from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.reviews.word_marks import meaning_letters, word_marks, word_values


def test_marks_tell_role_and_place_of_a_word() -> None:
    role, meaning = word_values("物流很快。")
    assert role[0] != role[1] != role[3]
    assert role[4] == meaning[4] == 0
    other = word_values("快递很慢。")
    assert (other[0] == role).all()
    assert other[1][0] == meaning[0]
    assert other[1][3] != meaning[3]


def test_words_of_one_meaning_share_a_letter() -> None:
    assert meaning_letters("漂亮") == meaning_letters("好看") != meaning_letters("难看")
    assert meaning_letters("螃蟹") == ""


@given(st.lists(st.text(max_size=20), max_size=4))
def test_there_is_one_column_for_each_character(texts: list[str]) -> None:
    found = word_marks(texts)
    assert [one.shape[1] for one in found] == [len(text) for text in texts]
    assert len({one.shape[0] for one in found}) <= 1
