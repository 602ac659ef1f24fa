from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.store.full_text import clean, postgres_document, postgres_query, sqlite_query


def test_white_space_and_nul_divide_and_empty_ones_go() -> None:
    assert clean(["a b", "c\0d", "", " \u3000", "保温杯"]) == ["a", "b", "c", "d", "保温杯"]


def test_half_a_character_is_dropped() -> None:
    assert clean(["\ud83d杯", "\ud83d"]) == ["杯"]


@given(st.lists(st.text(max_size=30)))
def test_clean_tokens_stay_as_they_are(tokens: list[str]) -> None:
    once = clean(tokens)
    assert clean(once) == once


def test_overlong_tokens_are_cut_at_a_character() -> None:
    (token,) = clean(["杯" * 5000])
    assert set(token) == {"杯"}
    assert len(token.encode()) <= 2000


def test_queries_quote_every_token_once() -> None:
    assert sqlite_query(['a"b', "OR", "OR"]) == '"a""b" OR "OR"'
    assert postgres_query(["it's", "a\\b", "it's"]) == r"'it''s' | 'a\\b'"


def test_a_document_keeps_positions_of_each_token() -> None:
    assert postgres_document(["杯", "3.5l", "杯"]) == "'杯':1,3 '3.5l':2"
