"""Messages as they come: joined, answered once, silenced by a person, never lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from zhanggui.answers.channel import FakeChannel
from zhanggui.answers.conversation import Conversations, joined
from zhanggui.answers.lexicon import frames
from zhanggui.answers.paste import PasteChannel
from zhanggui.answers.pipeline import Answerer
from zhanggui.errors import ChannelRefused, ChannelUnreachable, InputError, StoreError
from zhanggui.llm.engine import Request
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Question, Reply
from zhanggui.rights.erase import Erasure
from zhanggui.settings import load_settings
from zhanggui.shop import Shop
from zhanggui.store import erasure, replies
from zhanggui.store.erasure import tables_holding

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Only near to what is known, so that the model is asked.
GREY = "屏幕电池续航多久"
OpenShop = Callable[..., Shop]


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def talks(shop: Shop, channel: FakeChannel) -> Conversations:
    return shop.conversations(channel)


def test_a_question_is_answered_and_delivered(talks: Conversations, channel: FakeChannel) -> None:
    reply = talks.receive("c1", "m1", "多重", product_id="P1", at=NOON)
    assert reply is not None
    assert (reply.decision, reply.tier, reply.conversation_id) == ("send", "quote", "c1")
    assert [one.text for one in channel.delivered] == [reply.text]
    assert "需要人工" in reply.label
    assert reply.cost is not None
    assert reply.cost.ms > 0


def test_the_way_to_a_person_stands_in_the_first_reply_only(talks: Conversations) -> None:
    texts = []
    for number, text in enumerate(("多重", "什么材质", "可以开发票吗")):
        reply = talks.receive("c1", f"m{number}", text, None, "P1", at=after(60 * number))
        assert reply is not None
        texts.append(reply.text)
    assert ["转人工" in text for text in texts] == [True, False, False]
    english = talks.receive("c2", "m1", "How heavy is it?", product_id="P1", at=NOON)
    assert english is not None
    assert 'reply "human"' in english.text


def test_split_messages_are_joined(talks: Conversations) -> None:
    assert talks.receive("c1", "m1", "那个", product_id="P1", at=NOON) is None
    reply = talks.receive("c1", "m2", "净重多少", product_id="P1", at=after(2))
    assert reply is not None
    assert reply.citations[0].source == "products.csv:P1/净重"


def test_a_quiet_window_joins_what_comes_within_it(shop: Shop, channel: FakeChannel) -> None:
    talks = shop.conversations(channel, quiet=timedelta(seconds=4))
    for number, text in enumerate(("在吗", "那个", "多重")):
        assert talks.receive("c1", f"m{number}", text, None, "P1", at=after(number)) is None
    assert talks.work(after(5)) == []
    (reply,) = talks.work(after(6.5))
    assert reply.citations[0].quote == "198g"
    assert talks.work(after(60)) == []
    assert len(channel.delivered) == 1


def test_a_message_is_answered_with_those_unanswered_before(talks: Conversations) -> None:
    talks.receive("c1", "m1", "请问", product_id="P1", at=NOON)
    talks.receive("c1", "m2", "这个", product_id="P1", at=after(1))
    reply = talks.receive("c1", "m3", "多重？什么材质？", product_id="P1", at=after(2))
    assert reply is not None
    assert {one.quote for one in reply.citations} == {"198g", "316不锈钢"}
    assert [turn.state for turn in talks.turns("c1")] == ["answered"] * 3 + ["said"]


def test_what_only_announces_a_question_is_left_to_a_person_in_the_end(
    talks: Conversations,
) -> None:
    assert talks.receive("c1", "m1", "请问一下", at=NOON) is None
    assert talks.work(after(10)) == []
    (reply,) = talks.work(after(40))
    assert reply.decision == "hand_over"


def test_duplicates_are_answered_once(talks: Conversations, channel: FakeChannel) -> None:
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=NOON) is not None
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=after(1)) is None
    assert talks.receive("c1", "m2", "多重 ", product_id="P1", at=after(5)) is None
    # About another product it is another question, and later it is asked again.
    other = talks.receive("c1", "m3", "多重", product_id="P2", at=after(8))
    assert other is not None
    assert "285g" in other.text
    assert talks.receive("c1", "m4", "多重", product_id="P2", at=after(300)) is not None
    assert len(channel.delivered) == 3


def test_a_person_silences_the_bot_until_it_is_handed_back(talks: Conversations) -> None:
    talks.take_over("c1", "小王", at=NOON)
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=after(1)) is None
    assert talks.work(after(90)) == []
    talks.say("c1", "s1", "小王", "亲，198克哦", at=after(91))
    talks.hand_back("c1", at=after(100))
    assert talks.work(after(101)) == []
    reply = talks.receive("c1", "m2", "可以开发票吗", at=after(102))
    assert reply is not None
    assert reply.decision == "send"
    assert [(turn.message.role, turn.state) for turn in talks.turns("c1")] == [
        ("customer", "left"),
        ("shop", "said"),
        ("customer", "answered"),
        ("shop", "said"),
    ]


def test_who_speaks_has_taken_over(talks: Conversations) -> None:
    talks.say("c1", "s1", "小王", "您好，我是小王", at=NOON)
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=after(1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "我要打12315投诉",
        "human",
        "孕妇能用吗，转人工",
        "能便宜点吗？转人工客服",
        "好" * 600 + "，转人工",
    ],
)
def test_who_wants_a_person_gets_no_bot_any_more(talks: Conversations, text: str) -> None:
    asked = talks.receive("c1", "m1", text, product_id="P1", at=NOON)
    assert asked is not None
    assert asked.decision == "hand_over"
    assert talks.receive("c1", "m2", "多重", product_id="P1", at=after(60)) is None
    talks.hand_back("c1", at=after(90))
    assert talks.receive("c1", "m3", "什么材质", product_id="P1", at=after(120)) is not None


def test_a_persons_message_is_part_of_the_thread(talks: Conversations) -> None:
    talks.say("c1", "s1", "小王", "您看雾岚保温杯 500ml怎么样", at=NOON)
    talks.hand_back("c1", at=after(1))
    reply = talks.receive("c1", "m1", "它多重", at=after(2))
    assert reply is not None
    assert "285g" in reply.text


class Held:
    """An engine's answer that is given when the test says so."""

    def __init__(self) -> None:
        self.asked = Event()
        self.go = Event()

    def __call__(self, request: Request) -> str:
        self.asked.set()
        assert self.go.wait(30)
        return "1"


def interrupted(
    open_shop: OpenShop,
    channel: FakeChannel,
    meanwhile: Callable[..., object],
    customer_id: str | None = None,
) -> list:
    """Does something while the reply to a message is being computed."""
    held = Held()
    talks = open_shop(FakeEngine(held)).conversations(channel)
    got: list[Reply | None] = []

    def receive() -> None:
        got.append(talks.receive("c1", "m1", GREY, customer_id, "P2", at=NOON))

    work = Thread(target=receive)
    work.start()
    assert held.asked.wait(30)
    meanwhile(talks, held)
    held.go.set()
    work.join(30)
    return got


def test_what_was_being_computed_when_a_person_took_over_is_dropped(
    shop: Shop, open_shop: OpenShop, channel: FakeChannel
) -> None:
    got = interrupted(
        open_shop, channel, lambda talks, _: talks.take_over("c1", "小王", at=after(1))
    )
    assert got == [None]
    assert channel.delivered == []
    assert shop.conversations(channel).work(after(60)) == []


def test_what_was_being_computed_when_more_came_is_answered_together(
    shop: Shop, open_shop: OpenShop, channel: FakeChannel
) -> None:
    later: list[Reply | None] = []

    def more(_: Conversations, held: Held) -> None:
        talks = shop.conversations(channel)
        later.append(talks.receive("c1", "m2", "净重呢", None, "P2", at=after(2)))

    assert interrupted(open_shop, channel, more) == [None]
    assert [one.id for one in channel.delivered] == ["c1:m2"]
    assert later[0] is not None


def test_what_was_being_computed_when_the_customer_was_erased_brings_nobody_back(
    shop: Shop, open_shop: OpenShop, channel: FakeChannel
) -> None:
    receipts: list[Erasure] = []
    # It deletes the rows at once, and then waits for who still reads the database.
    erasing = Thread(target=lambda: receipts.append(shop.erase("lin")))

    def erased(talks: Conversations, _: Held) -> None:
        erasing.start()
        deadline = time.monotonic() + 20
        while talks.turns("c1"):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    assert interrupted(open_shop, channel, erased, "lin") == [None]
    erasing.join(60)
    assert receipts[0].complete
    assert channel.delivered == []
    assert shop.conversations(channel).turns("c1") == []
    with shop.store.read() as conn:
        assert replies.every(conn) == []
        assert not erasure.has_rows(conn, shop.vault.lookup_key("lin"))


def test_without_the_interruption_it_is_said(
    shop: Shop, open_shop: OpenShop, channel: FakeChannel
) -> None:
    (reply,) = interrupted(open_shop, channel, lambda *_: None)
    assert reply.citations[0].quote.startswith("CR2032")


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from zhanggui.answers.paste import PasteChannel
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.rights.erase import Erasure
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

home, url, out, moment, at, text = sys.argv[1:]

class Channel(PasteChannel):
    def deliver(self, reply):
        if moment == "before":
            os._exit(9)
        super().deliver(reply)
        os._exit(9)

def answer(request):
    os._exit(9) if moment == "computing" else None
    return "1"

settings = load_settings(Path(home), database_url=url)
shop = Shop.open(settings, engine=FakeEngine(answer), embedder=FakeEmbedder())
talks = shop.conversations(Channel(Path(out)))
talks.receive("c1", "m1", text, None, "P2", at=datetime.fromisoformat(at))
"""


@pytest.mark.parametrize("moment", ["computing", "before", "after"])
def test_what_a_kill_left_is_delivered_once(
    shop: Shop, open_shop: OpenShop, store_url: str, tmp_path: Path, moment: str
) -> None:
    out = tmp_path / "replies.txt"
    given = [str(tmp_path / "home"), store_url, str(out), moment, NOON.isoformat(), GREY]
    killed = subprocess.run([sys.executable, "-c", KILLED, *given], timeout=120)
    assert killed.returncode == 9
    talks = open_shop(FakeEngine({"answer.pick": "1", "answer.check": "1"})).conversations(
        PasteChannel(out)
    )
    talks.work(after(5))
    talks.work(after(10))
    assert out.read_text(encoding="utf-8").count("CR2032") == 1
    assert talks.receive("c1", "m1", GREY, None, "P2", at=after(20)) is None


def test_what_a_channel_does_not_take_is_tried_again(shop: Shop) -> None:
    class Away(FakeChannel):
        away = True

        def deliver(self, reply: Reply) -> None:
            if self.away:
                raise ChannelUnreachable("gone")
            super().deliver(reply)

    channel = Away()
    talks = shop.conversations(channel)
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=NOON) is not None
    assert channel.delivered == []
    channel.away = False
    talks.work(after(30))
    assert len(channel.delivered) == 1


def test_a_reply_that_waits_for_the_channel_is_dropped_when_a_person_takes_over(
    shop: Shop, channel: FakeChannel
) -> None:
    class Gone:
        def deliver(self, reply: Reply) -> None:
            raise ChannelUnreachable("gone")

    away = shop.conversations(Gone())
    away.receive("c1", "m1", "请问", product_id="P1", at=NOON)
    away.receive("c1", "m2", "多久发货", product_id="P1", at=after(1))
    away.receive("c1", "m3", "有会员积分吗", product_id="P1", at=after(2))
    talks = shop.conversations(channel)
    assert len(shop.promises.listing(states=("open", "rule"))) == 2
    talks.take_over("c1", "小王", at=after(5))
    talks.work(after(6))
    assert channel.delivered == []
    # What nobody read was not said, promises nothing, and answers nobody.
    assert [turn.state for turn in talks.turns("c1")] == ["left"] * 3
    assert shop.promises.listing(states=("open", "rule")) == []
    talks.hand_back("c1", at=after(7))
    again = talks.receive("c1", "m4", "多久发货", product_id="P1", at=after(8))
    assert again is not None
    assert "转人工" in again.text


def test_what_was_said_before_stands_when_a_person_takes_over(
    talks: Conversations, shop: Shop
) -> None:
    talks.receive("c1", "m1", "多久发货", product_id="P1", at=NOON)
    talks.take_over("c1", "小王", at=after(5))
    talks.hand_back("c1", at=after(6))
    assert [turn.state for turn in talks.turns("c1")] == ["answered", "said"]
    assert len(shop.promises.listing(states=("rule",))) == 1
    assert talks.receive("c1", "m2", "多久发货", product_id="P1", at=after(8)) is None
    later = talks.receive("c1", "m3", "多重", product_id="P1", at=after(60))
    assert later is not None
    assert "转人工" not in later.text


def test_a_question_that_was_left_is_answered_when_it_comes_again(talks: Conversations) -> None:
    talks.take_over("c1", "小王", at=NOON)
    assert talks.receive("c1", "m1", "多重", product_id="P1", at=after(1)) is None
    talks.hand_back("c1", at=after(5))
    reply = talks.receive("c1", "m2", "多重", product_id="P1", at=after(10))
    assert reply is not None
    assert "198g" in reply.text


def test_a_reply_that_the_channel_refuses_is_not_sent_again(shop: Shop) -> None:
    class Declining(FakeChannel):
        asked = 0

        def deliver(self, reply: Reply) -> None:
            self.asked += 1
            raise ChannelRefused("no")

    channel = Declining()
    talks = shop.conversations(channel)
    talks.receive("c1", "m1", "多久发货", product_id="P1", at=NOON)
    for seconds in (10, 20):
        talks.work(after(seconds))
    assert channel.asked == 1
    assert [turn.state for turn in talks.turns("c1")] == ["left"]
    assert shop.promises.listing(states=("open", "rule")) == []


def test_what_cannot_be_computed_is_handed_over_and_blocks_nobody(
    shop: Shop, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = shop.conversations(channel, quiet=timedelta(seconds=1))
    talks.receive("c1", "m1", "多重", product_id="P1", at=NOON)
    talks.receive("c2", "m1", "多重", product_id="P1", at=after(1))
    answer = Answerer.answer

    def failing(answerer: Answerer, question: Question) -> Reply:
        if question.id.startswith("c1"):
            raise RuntimeError("a fault")
        return answer(answerer, question)

    monkeypatch.setattr(Answerer, "answer", failing)
    first, second = talks.work(after(5))
    assert (first.conversation_id, first.decision) == ("c1", "hand_over")
    assert first.label
    assert "198g" in second.text
    assert talks.work(after(10)) == []


def test_what_cannot_be_kept_blocks_nobody_and_is_tried_again(
    shop: Shop, channel: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = shop.conversations(channel, quiet=timedelta(seconds=1))
    talks.receive("c1", "m1", "多重", product_id="P1", at=NOON)
    talks.receive("c2", "m1", "多重", product_id="P1", at=after(1))
    answer = Answerer.answer

    def failing(answerer: Answerer, question: Question) -> Reply:
        if question.id.startswith("c1"):
            raise StoreError("gone")
        return answer(answerer, question)

    with monkeypatch.context() as patched:
        patched.setattr(Answerer, "answer", failing)
        assert [one.conversation_id for one in talks.work(after(5))] == ["c2"]
    assert [one.conversation_id for one in talks.work(after(6))] == ["c1"]


def test_replies_of_two_conversations_have_two_ids(
    talks: Conversations, channel: FakeChannel
) -> None:
    for conversation, message in (("a:b", "c"), ("a", "b:c"), ("a%3Ab", "c")):
        assert talks.receive(conversation, message, "多重", None, "P1", at=NOON) is not None
    assert len({one.id for one in channel.delivered}) == 3


@pytest.mark.parametrize("bad", ["", "  ", "a\0b", "a\udc80"])
def test_ids_that_name_nobody_or_cannot_be_stored_are_refused(
    talks: Conversations, bad: str
) -> None:
    calls: list[Callable[[], object]] = [
        lambda: talks.receive(bad, "m1", "多重", at=NOON),
        lambda: talks.receive("c1", bad, "多重", at=NOON),
        lambda: talks.receive("c1", "m1", "多重", bad, at=NOON),
        lambda: talks.take_over(bad, "小王", at=NOON),
        lambda: talks.take_over("c1", bad, at=NOON),
        lambda: talks.hand_back(bad, at=NOON),
        lambda: talks.say("c1", bad, "小王", "好的", at=NOON),
        lambda: talks.say("c1", "s1", bad, "好的", at=NOON),
        lambda: talks.turns(bad),
    ]
    for call in calls:
        with pytest.raises(InputError, match="plain text"):
            call()
    assert talks.turns("c1") == []
    if bad.strip():
        with pytest.raises(InputError, match="plain text"):
            talks.receive("c1", "m1", "多重", None, bad, at=NOON)


def test_english_messages_are_joined_with_an_english_comma() -> None:
    assert joined(["is it heavy", "and waterproof"]) == "is it heavy, and waterproof"
    assert joined(["多重", "防水吗"]) == "多重，防水吗"


def test_a_conversation_is_one_customers(talks: Conversations) -> None:
    mine = talks.receive("c1", "m1", "我的快递到哪了", "lin", at=NOON)
    assert mine is not None
    assert "SF1990000000001" in mine.text
    with pytest.raises(InputError, match="another customer"):
        talks.receive("c1", "m2", "我的快递到哪了", "zhou", at=after(60))
    with pytest.raises(InputError, match="id"):
        talks.receive("c1", " ", "多重", at=after(60))


def test_the_store_holds_no_personal_data_of_a_talk_and_erasing_takes_it_all(
    shop: Shop, channel: FakeChannel
) -> None:
    talks = shop.conversations(channel)
    said = "我的快递到哪了，我电话19900000001"
    reply = talks.receive("旺旺-lin", "lin-1", said, "lin", at=NOON)
    assert reply is not None
    assert channel.delivered[0].conversation_id == "旺旺-lin"
    talks.say("旺旺-lin", "s1", "小王", "稍后给您打19900000001", at=after(60))
    told = ("19900000001", "SF1990000000001", "旺旺-lin", "lin-1")
    with shop.store.read() as conn:
        found = {one: tables_holding(conn, lambda text, one=one: one in text) for one in told}
        assert not any(found.values())
        assert replies.every(conn)
    exported = shop.personal_data("lin", {"pii"})
    assert any("19900000001" in turn["message"]["text"] for turn in exported.turns)
    assert exported.promises[0]["text"].startswith("稍后")
    receipt = shop.erase("lin")
    assert receipt.complete
    assert receipt.deleted["conversations"] == 1
    assert talks.turns("旺旺-lin") == []


def test_who_only_said_hello_can_be_erased(shop: Shop, talks: Conversations) -> None:
    talks.receive("c1", "m1", "你好", "newcomer", at=NOON)
    receipt = shop.erase("newcomer")
    assert receipt.complete
    assert receipt.deleted["conversations"] == 1
    assert talks.turns("c1") == []
    with pytest.raises(InputError, match="check the id"):
        shop.erase("nobody")


def test_retention_takes_old_conversations(
    shop: Shop, talks: Conversations, tmp_path: Path
) -> None:
    talks.receive("c1", "m1", "我微信是canary_88", at=NOON)
    (tmp_path / "home" / "settings.toml").write_text(
        "[retention_days]\ntickets = 30\n", encoding="utf-8"
    )
    settings = load_settings(tmp_path / "home", database_url=shop.settings.database_url)
    for days, kept in ((10, True), (40, False)):
        with Shop.open(settings, now=NOON + timedelta(days=days)) as later:
            later.apply_retention()
        assert bool(talks.turns("c1")) is kept


def test_a_cancelled_channel_row_is_plain_json(talks: Conversations, channel: FakeChannel) -> None:
    talks.receive("c1", "m1", "\udc80多重\x00", product_id="P1", at=NOON)
    assert json.dumps(channel.delivered[0].text)
    assert channel.delivered[0].text == frames("zh").hand_over
