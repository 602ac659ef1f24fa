from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.guard.untrusted import cleaned, plain

MARKS = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "[INST]", "<<SYS>>", "</s>", "```", '"""']
PIECES = st.lists(
    st.one_of(st.sampled_from([*MARKS, "<|im_", "start|>", "\u200b", "\n", "系统："]), st.text()),
    max_size=8,
).map("".join)


@given(PIECES)
def test_no_mark_of_a_chat_template_survives(text: str) -> None:
    shown = plain(text)
    assert not any(mark in shown for mark in MARKS)
    assert "\n" not in shown
    assert "\u200b" not in shown


@given(PIECES)
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet="这个杯子多重ab c，。？1.5℃<>&'/-", max_size=60))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text.strip()


@given(st.dictionaries(PIECES, st.one_of(PIECES, st.integers(), st.none(), st.lists(PIECES))))
def test_what_becomes_json_is_clean_inside(value: dict[str, object]) -> None:
    line = json.dumps(cleaned(value), ensure_ascii=False)
    assert "<|im_start|>" not in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    "halves", ["<|im_<|im_start|>start|>", "<|im_\u200bstart|>", "``\u200b`", "[IN[INST]ST]"]
)
def test_halves_do_not_join_to_a_mark(halves: str) -> None:
    assert not any(mark in plain(halves) for mark in MARKS)


def test_numbers_and_names_keep_their_place() -> None:
    value = {"材质": "316不锈钢", "n": 3, "list": [{"a": "b\u200bc"}], "none": None}
    assert cleaned(value) == {"材质": "316不锈钢", "n": 3, "list": [{"a": "bc"}], "none": None}
