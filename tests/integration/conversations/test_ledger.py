"""What was promised, by whom, until when, and whether the shop's own words allow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def test_what_a_person_promised_for_herself_stays_open(shop: Shop, talks: Conversations) -> None:
    talks.receive("c1", "m1", "有会员积分吗", product_id="P1", at=NOON)
    talks.say("c1", "s1", "小王", "周五给您回电话", at=NOON + timedelta(minutes=5))
    (row,) = shop.promises.listing()
    assert (row["text"], row["by"]) == ("周五给您回电话", "小王")
    talks.say("c1", "s2", "小王", "亲，杯子有黑色和雾白", at=NOON + timedelta(minutes=6))
    assert shop.promises.listing() == [row]


def test_two_promises_of_a_kind_in_one_sentence_are_two(shop: Shop, talks: Conversations) -> None:
    promised = talks.say("c1", "s1", "小王", "明天给您退款10元，给您退款20元", at=NOON)
    assert [one.amount for one in promised] == [10, 20]
    assert len(shop.promises.listing()) == 2


@pytest.mark.parametrize(
    ("text", "day", "source"),
    [
        ("今天给您打9折", 25, ""),
        ("今天给您打9折", 30, "knowledge/活动.md#打折"),
        ("给您打9折", 25, ""),
        ("给您打9折", 30, "knowledge/活动.md#打折"),
        ("给您打9折", 9, ""),
    ],
)
def test_a_rule_counts_on_the_days_that_it_holds(
    shop: Shop, talks: Conversations, folder: Path, text: str, day: int, source: str
) -> None:
    (folder / "knowledge" / "活动.md").write_text(
        "# 活动\n## 打折\n有效期：2026-11-28 至 2026-12-05\n今天下单打9折。\n", encoding="utf-8"
    )
    shop.import_folder(folder)
    at = NOON.replace(month=12, day=day) if day < 20 else NOON.replace(day=day)
    (promise,) = talks.say("c1", "s1", "小王", text, at=at)
    assert promise.source == source
