"""What counts as right, as safe and as well calibrated."""

from __future__ import annotations

import pytest

from zhanggui.evals.answer_baselines import says
from zhanggui.evals.answer_outcomes import (
    SIBLING,
    STRANGER,
    UNLICENSED,
    Outcome,
    caution,
    coverage,
    faults,
    percentile,
    precision,
)
from zhanggui.evals.shops import Case, made_up_shop, open_shop, shop_names
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.records import Citation, Decision, Passage, Question, Reply


def outcome(
    gold: str, decision: Decision, *, right: bool = False, confidence: float = 0.0
) -> Outcome:
    case = Case("kitchen", Question(id="1", question="?"), (gold,) if gold else ())
    return Outcome(case, Reply(id="1", decision=decision, text="", confidence=confidence), right)


def test_the_three_figures_count_what_they_say() -> None:
    outcomes = [
        outcome("a", "send", right=True),
        outcome("a", "send"),
        outcome("a", "suggest", right=True),
        outcome("", "send"),
        outcome("", "suggest"),
        outcome("", "hand_over"),
    ]
    assert (precision(outcomes).part, precision(outcomes).whole) == (1, 3)
    assert (coverage(outcomes).part, coverage(outcomes).whole) == (1, 3)
    assert (caution(outcomes).part, caution(outcomes).whole) == (1, 3)
    assert precision([]).value == 0.0


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.95) == 4.0
    assert percentile([], 0.5) == 0.0


@pytest.mark.parametrize(
    ("product", "customer", "source", "quote", "text", "kind"),
    [
        ("B05", None, "products.csv:B01/面料", "A类100%精梳棉", "A类100%精梳棉", SIBLING),
        (None, None, "products.csv:B01/产地", "广东佛山", "广东佛山", SIBLING),
        ("B03", "chen", "orders.csv:…5777", "退款中", "退款中", STRANGER),
        (None, None, "orders.csv:…5601", "已发货", "已发货", STRANGER),
        (None, "wu", "faq.csv:3", "支持开具电子发票", "YT9900112233445", STRANGER),
        ("B01", None, "faq.csv:3", "支持开具电子发票", "48小时内保证开好", UNLICENSED),
        ("B01", None, "products.csv:B01/产地", "广东佛山", "广东佛山，5天到", UNLICENSED),
    ],
)
def test_a_reply_that_must_not_be_is_found(
    product: str | None, customer: str | None, source: str, quote: str, text: str, kind: str
) -> None:
    with open_shop("apparel", FakeEmbedder()) as shop:
        question = Question(id="1", question="?", product_id=product, customer_id=customer)
        reply = Reply(id="1", decision="suggest", text=text, citations=(Citation(source, quote),))
        found = faults(shop, [Outcome(Case("apparel", question, ()), reply, False)])
        assert kind in [name for name, _ in found]


def test_a_reply_as_it_should_be_has_no_fault() -> None:
    with open_shop("apparel", FakeEmbedder()) as shop:
        question = Question(id="1", question="?", customer_id="chen")
        quotes = (Citation("orders.csv:…5601", "已发货"),)
        text = "您购买的「立夏女士防晒衣 UPF50+」已发货"
        reply = Reply(id="1", decision="send", text=text, citations=quotes)
        gold = Case("apparel", question, ("orders.csv",))
        assert gold.right(reply)
        assert faults(shop, [Outcome(gold, reply, True)]) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("水温不能超过30度哦", True),
        ("可以机洗的，水温不要太高，不可漂白", True),
        ("可以洗，40度以内", False),
        ("很好看", False),
    ],
)
def test_free_words_are_judged_by_numbers_and_words(text: str, right: bool) -> None:
    fact = Passage(
        id="1", source="s", text="洗涤说明：可机洗，水温不超过30℃，不可漂白", kind="attribute"
    )
    assert says(text, fact, "怎么洗") is right


@pytest.mark.parametrize("name", shop_names())
def test_every_shop_has_questions_of_both_kinds(name: str) -> None:
    shop = made_up_shop(name)
    goods = {row.id for row in shop.products}
    assert {row.p for row in shop.questions} - {None} <= goods
    assert {bool(row.gold) for row in shop.questions} == {True, False}
