"""The main figures on the made-up shops with real sentence vectors and no model.

The floors are the promise of the project; the figures themselves stand in docs/answers.md.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhanggui.evals.answer_outcomes import asked, caution, coverage, faults, precision
from zhanggui.evals.shops import LEARNED_ON, OpenShop, shop_names

Opener = Callable[[str], OpenShop]
FLOORS = {"kitchen": 0.65, "apparel": 0.6, "gadgets": 0.35, "gifts": 0.25, "tools": 0.2}


@pytest.mark.parametrize("name", LEARNED_ON)
def test_what_is_sent_is_right_and_the_rest_is_handed_over(opened: Opener, name: str) -> None:
    shop = opened(name)
    outcomes = asked(shop.answerer(), shop.cases)
    assert precision(outcomes).value >= 0.95
    assert caution(outcomes).value >= 0.95
    assert coverage(outcomes).value >= FLOORS[name]


@pytest.mark.parametrize("name", shop_names())
def test_no_reply_holds_what_it_must_not(opened: Opener, name: str) -> None:
    shop = opened(name)
    assert [
        (kind, one.case.question.question, one.reply.text)
        for kind, one in faults(shop, asked(shop.answerer(), shop.cases))
    ] == []


@pytest.mark.parametrize("name", shop_names())
def test_every_gold_stands_in_the_shop(opened: Opener, name: str) -> None:
    shop = opened(name)
    reach = [one for one in shop.cases if one.gold and not reachable(shop, one.gold)]
    assert [one.question.question for one in reach] == []


def reachable(shop: OpenShop, gold: tuple[str, ...]) -> bool:
    """A passage or an order holds one of the golds."""
    from zhanggui.store import passages

    with shop.store.read() as conn:
        known = [(one.source, one.text) for one in passages.every(conn)]
    known += [("orders.csv", order.status) for order in shop.orders]
    return all(
        any(place in source and words in text for source, text in known)
        for place, _, words in (one.partition("~") for one in gold)
    )
