from __future__ import annotations

from zhanggui.claims.facts import facts_of
from zhanggui.claims.personal import personal_claims
from zhanggui.records import Product

FACTS = facts_of(Product(id="P1", title="保温杯", attributes={"客服": "19900000009"}))


def test_a_number_that_the_product_does_not_state_is_unsupported() -> None:
    text = "容量500ml，电话19900000007，邮箱canary@example.com"
    first, second = personal_claims({"body": text}, FACTS)
    assert (first.text, first.status, first.part) == ("19900000007", "unsupported", "body")
    assert text[second.start : second.end] == second.text == "canary@example.com"


def test_the_product_s_own_number_and_article_numbers_pass() -> None:
    told = "客服19900000009，货号SF9000000000006，容量500ml"
    assert personal_claims({"text": told}, FACTS) == ()
