from __future__ import annotations

import pytest

from zhanggui.answers.subject import subject_of
from zhanggui.records import Message, Question
from zhanggui.store.database import Store


def subject(store: Store, text: str, *turns: Message, product: str | None = None) -> str | None:
    question = Question(id="1", question=text, product_id=product, history=turns)
    with store.begin() as conn:
        found = subject_of(conn, question)
    return found.id if found else None


def test_the_channel_decides(store: Store) -> None:
    assert subject(store, "多重", product="P1") == "P1"
    assert subject(store, "350ml的多重", product="P1") == "P1"
    assert subject(store, "多重", product="unknown") is None


def test_the_words_go_before_the_channel_where_they_name_a_sibling(store: Store) -> None:
    assert subject(store, "500ml的多重", product="P1") == "P2"
    assert subject(store, "1000ml的多重", product="P1") is None


@pytest.mark.parametrize(("text", "product"), [("350ml的多重", "P1"), ("雾岚500ml重吗", "P2")])
def test_words_that_one_title_has_name_it(store: Store, text: str, product: str) -> None:
    assert subject(store, text) == product


def test_a_tie_names_nobody(store: Store) -> None:
    assert subject(store, "雾岚保温杯多重") is None
    assert subject(store, "包邮吗") is None
    assert subject(store, "？？") is None


def test_the_thread_is_read_backwards(store: Store) -> None:
    turns = (Message("customer", "350ml的在吗"), Message("shop", "在的，500ml的也有。"))
    assert subject(store, "它多重", *turns) == "P2"
    assert subject(store, "它多重", *turns[:1]) == "P1"
