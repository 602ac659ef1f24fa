from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.answers.grounding import fault, unfounded
from zhanggui.records import Citation, Passage

LINE = Passage(
    id="1", source="a.md#运费", text="满39元包邮，不满收6元。", kind="policy", heading="5月运费"
)
WHOLE = (Citation(LINE.source, LINE.text),)


def test_a_quoted_text_is_grounded() -> None:
    assert fault("您好，满39元包邮，不满收6元。", WHOLE, [LINE]) == ""


def test_numbers_of_a_cited_heading_are_known() -> None:
    assert fault("关于「5月运费」：满39元包邮", WHOLE, [LINE]) == ""


@pytest.mark.parametrize(
    "text",
    ["满59元包邮", "满39元包邮，3天送达", "满39元包邮，保证最快", "满39元包邮，明天到", "３９.5元"],
)
def test_a_number_or_a_promise_of_its_own_is_a_fault(text: str) -> None:
    assert fault(text, WHOLE, [LINE])


def test_a_promise_outside_the_quote_is_a_fault_even_if_the_passage_makes_it() -> None:
    part = (Citation(LINE.source, "不满收6元"),)
    assert fault("不满收6元，包邮", part, [LINE])


@pytest.mark.parametrize(
    "citations",
    [
        (),
        (Citation(LINE.source, "满49元包邮"),),
        (Citation("b.md#运费", LINE.text),),
        (Citation(LINE.source, ""),),
    ],
)
def test_a_quote_has_to_stand_in_its_source(citations: tuple[Citation, ...]) -> None:
    assert fault("您好。", citations, [LINE])


@given(st.integers(min_value=0, max_value=99_999))
def test_no_strange_number_gets_through(number: int) -> None:
    grounded = str(number) in {"39", "6"}
    assert (unfounded(f"一共{number}元", "39元 6元") == "") is grounded
