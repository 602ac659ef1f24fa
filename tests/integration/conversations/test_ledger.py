"""What was promised, by whom, until when, and whether the shop's own words allow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.answers.channel import FakeChannel
from zhanggui.answers.conversation import Conversations
from zhanggui.errors import InputError
from zhanggui.shop import Shop

# A Wednesday, in the middle of the day wherever the test runs.
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def talks(shop: Shop) -> Conversations:
    return shop.conversations(FakeChannel())


def test_a_persons_promise_that_no_rule_allows_is_listed_with_a_warning(
    shop: Shop, talks: Conversations
) -> None:
    talks.receive("c1", "m1", "便宜点呗", product_id="P1", at=NOON)
    (promise,) = talks.say("c1", "s1", "小王", "亲，给您打8折哦", at=NOON)
    assert (promise.kind, promise.licensed) == ("price", False)
    (row,) = shop.promises.listing()
    assert row["text"] == "给您打8折哦"
    assert row["warning"]
    assert (row["by"], row["conversation_id"]) == ("小王", "c1")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("48小时内给您发出", "knowledge/售后.md#发货"),
        ("2小时内给您发出", ""),
        ("收到后给您免费补发", "knowledge/售后.md#破损"),
        ("给您退款69元", "orders.csv"),
        ("给您退款99元", ""),
        ("明天给您回电话", "staff"),
    ],
)
def test_rules_and_orders_allow_promises(talks: Conversations, text: str, source: str) -> None:
    talks.receive("c1", "m1", "你好", "zhou", "P1", at=NOON)
    (promise,) = talks.say("c1", "s1", "小王", text, at=NOON + timedelta(minutes=1))
    assert promise.source == source


def test_a_handover_promises_a_follow_up_that_an_answer_keeps(
    shop: Shop, talks: Conversations
) -> None:
    talks.receive("c1", "m1", "有会员积分吗", product_id="P1", at=NOON)
    (row,) = shop.promises.listing()
    assert (row["kind"], row["by"], row["source"]) == ("follow_up", "bot", "hand_over")
    assert row["due"].startswith("2026-11-2")
    talks.say("c1", "s1", "小王", "亲，暂时没有积分哦", at=NOON + timedelta(minutes=5))
    assert shop.promises.listing() == []


def test_a_quoted_rule_is_nothing_to_do_for_one_customer(shop: Shop, talks: Conversations) -> None:
    reply = talks.receive("c1", "m1", "多久发货", product_id="P1", at=NOON)
    assert reply is not None
    assert reply.decision == "send"
    assert shop.promises.listing() == []
    (row,) = shop.promises.listing(states=("rule",))
    assert (row["kind"], row["source"]) == ("dispatch", "knowledge/售后.md#发货")


def test_promises_fall_due_and_are_kept(shop: Shop, talks: Conversations) -> None:
    talks.say("c1", "s1", "小王", "今天给您发出", at=NOON)
    talks.say("c2", "s1", "小王", "下周一给您补发一个", at=NOON)
    rows = shop.promises.listing()
    assert [row["kind"] for row in rows] == ["dispatch", "compensation"]
    due = shop.promises.listing(due_before=NOON + timedelta(days=1))
    assert due == rows[:1]
    shop.promises.keep(rows[0]["id"])
    assert shop.promises.listing() == rows[1:]
    with pytest.raises(InputError, match="open promise"):
        shop.promises.keep(rows[0]["id"])


def test_a_message_that_comes_twice_promises_once(shop: Shop, talks: Conversations) -> None:
    for _ in range(2):
        talks.say("c1", "s1", "小王", "今天给您发出", at=NOON)
    assert len(shop.promises.listing()) == 1
