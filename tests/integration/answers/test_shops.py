"""The main figures on five made-up shops with real sentence vectors and no model.

The floors are the promise of the project; the figures themselves stand in docs/answers.md.
"""

from __future__ import annotations

import re

import pytest
from shop_bench import Opener, measure

from zhanggui.answers.grounding import unfounded
from zhanggui.records import Reply

_TITLE = re.compile('「[^」]*」|"[^"]*"')
SHOPS = ["kitchen", "apparel", "gadgets", "gifts", "tools"]


@pytest.mark.parametrize(
    ("shop", "coverage"),
    [("kitchen", 0.65), ("apparel", 0.6), ("gadgets", 0.35), ("gifts", 0.25), ("tools", 0.2)],
)
def test_what_is_sent_is_right_and_the_rest_is_handed_over(
    open_shop: Opener, shop: str, coverage: float
) -> None:
    figures = measure(*open_shop(shop))
    assert figures.precision >= 0.95
    assert figures.caution >= 0.95
    assert figures.coverage >= coverage


@pytest.mark.parametrize("shop", SHOPS)
def test_no_reply_says_a_number_that_it_does_not_cite(open_shop: Opener, shop: str) -> None:
    answerer, cases = open_shop(shop)
    for case in cases:
        reply = answerer.answer(case.question)
        if not reply.citations:
            assert unfounded(reply.text, "") == "", case.question
            continue
        if reply.tier == "rule":
            # An order is told with its product's title.
            assert unfounded(_TITLE.sub("", reply.text), _quotes(reply)) == "", case.question
            continue
        names = "" if case.question.product_id else "500ml 750ml"
        assert "数字" not in unfounded(reply.text, f"{_quotes(reply)} {names} {reply.text[:30]}")


@pytest.mark.parametrize("shop", SHOPS)
def test_a_sibling_products_attribute_is_never_cited(open_shop: Opener, shop: str) -> None:
    answerer, cases = open_shop(shop)
    for case in cases:
        product = case.question.product_id
        for citation in answerer.answer(case.question).citations:
            if product and citation.source.startswith("products.csv:"):
                assert citation.source.startswith(f"products.csv:{product}/")


def _quotes(reply: Reply) -> str:
    return " ".join(f"{one.source} {one.quote}" for one in reply.citations)
