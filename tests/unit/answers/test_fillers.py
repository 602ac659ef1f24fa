from __future__ import annotations

import pytest

from zhanggui.answers.conversation import is_filler
from zhanggui.answers.understanding import small_talk


@pytest.mark.parametrize(
    "text", ["嗯", "嗯嗯嗯", "那个个", "请问一下", "我想问下", "嗯，那个……", "um so"]
)
def test_what_only_announces_more_is_a_filler(text: str) -> None:
    assert is_filler(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "嗯" * 26 + "知道了吗",
        "嗯" * 39 + "多",
        "我想问下" * 40 + "重量",
        "在不在" * 40 + "重量",
        "哦" * 5_000 + "重",
    ],
)
def test_a_long_row_of_fillers_with_a_question_behind_is_read_at_once(text: str) -> None:
    assert not is_filler(text)
    assert not small_talk(text)


@pytest.mark.parametrize(
    ("text", "kind"), [("嗯嗯，谢谢", "thanks"), ("在不在", "greeting"), ("在吗在吗", "greeting")]
)
def test_small_talk(text: str, kind: str) -> None:
    assert small_talk(text) == kind
