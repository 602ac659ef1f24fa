from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from zhanggui.evals.swaps import Contrast, dimensions, messages_of, pairs_of, usable
from zhanggui.records import Message, Question, Ticket

ASKED = [
    Question(id="1", question="我老公买的保温杯能放洗碗机吗？", product_id="P1"),
    Question(id="2", question="寄到新疆要多少运费", product_id=None),
    Question(id="3", question="这件衬衫我穿什么码，男生170", product_id="P2"),
    Question(id="4", question="Does the mug have a lid?", product_id="P1"),
    Question(id="5", question="老人能用吗", product_id="P1"),
    Question(id="6", question="在吗"),
    Question(id="7", question="怎么开发票？"),
]


def test_every_dimension_pairs_what_it_may() -> None:
    pairs = pairs_of(ASKED, 40)
    assert {pair.dimension for pair in pairs} == {one.name for one in dimensions()}
    sources = {
        name: {p.source for p in pairs if p.dimension == name}
        for name in ("gender", "region", "age", "spelling")
    }
    assert "2" not in sources["region"]
    assert "3" not in sources["gender"]
    assert "5" not in sources["age"]
    assert {"2", "3", "5"} <= sources["spelling"]
    assert all(pair.source != "6" for pair in pairs)


def test_the_two_sides_differ_in_the_words_only() -> None:
    for pair in pairs_of(ASKED, 60):
        assert pair.first.question != pair.second.question
        assert pair.first.product_id == pair.second.product_id
        assert pair.first.id == pair.second.id == pair.source


def test_words_are_swapped_both_ways() -> None:
    gender = dimensions()[0].contrasts[0]
    assert list(gender.variants("我老婆和我妈妈都说好")) == [
        ("我老公和我爸爸都说好", "我老婆和我妈妈都说好")
    ]
    assert list(gender.variants("多少钱")) == []


@pytest.mark.parametrize(
    ("groups", "text", "said"),
    [
        ("粤语", "这个多少钱，有没有盖？", "呢个几多钱，有冇盖？"),
        ("四川话", "怎么清洗", "咋个清洗"),
        ("东北话", "为什么漏水", "为啥漏水"),
        ("繁体", "什么时候发货", "什麼時候發貨"),
        ("错别字", "退货运费谁出", "退活运废谁出"),
        ("无标点", "能洗吗？贵不贵！", "能洗吗 贵不贵"),
    ],
)
def test_dialect_and_spelling(groups: str, text: str, said: str) -> None:
    found = {c.groups[1]: c for one in dimensions() for c in one.contrasts}[groups]
    assert (text, said) in list(found.variants(text))


def test_a_message_is_never_a_format_string() -> None:
    text = "{who}{question}{0}能洗吗"
    gender = dimensions()[0].contrasts[1]
    assert all(text in first and text in second for first, second in gender.variants(text))


def test_pairs_are_spread_over_the_messages_and_repeat() -> None:
    asked = [Question(id=str(n), question=f"第{n}款杯子能放洗碗机吗") for n in range(30)]
    pairs = [pair for pair in pairs_of(asked, 60) if pair.dimension == "gender"]
    counts = [sum(pair.source == one.id for pair in pairs) for one in asked]
    assert set(counts) == {2}
    assert pairs_of(asked, 60) == pairs_of(asked, 60)
    assert pairs_of(asked, 60, seed=1) != pairs_of(asked, 60)
    assert len({pair.id for pair in pairs_of(asked, 60)}) == len(pairs_of(asked, 60))


@given(st.text(min_size=4, max_size=40), st.integers(1, 20))
def test_any_text_gives_whole_pairs(text: str, most: int) -> None:
    for pair in pairs_of([Question(id="x", question=text)], most):
        assert pair.first.question.strip()
        assert pair.second.question.strip()


def test_messages_keep_their_thread() -> None:
    turns = (Message("customer", "在吗"), Message("shop", "在的"), Message("customer", "能洗吗？"))
    ticket = Ticket(id="T1", messages=turns, customer_id="C1", product_id="P1")
    greeting, asked = messages_of([ticket])
    assert asked == Question(
        id="T1/2", question="能洗吗？", product_id="P1", customer_id="C1", history=turns[:2]
    )
    assert usable([greeting, asked, asked]) == [asked]


@pytest.mark.parametrize(
    "wrong",
    [
        {"letters": ("ab", "c")},
        {"members": (("a", "b"),)},
        {"members": (("a", "b"),), "templates": ("{question}",)},
        {"unknown": 1},
    ],
)
def test_broken_data_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Contrast.model_validate({"groups": ("a", "b"), **wrong})
