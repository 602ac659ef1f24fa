"""Sentences one by one, the line before the model, and twenty questions at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from zhanggui.answers.channel import FakeChannel
from zhanggui.llm.engine import Request
from zhanggui.llm.fake import FakeEngine
from zhanggui.llm.waiting_line import Waiting
from zhanggui.records import Question, Reply, Sentence
from zhanggui.shop import Shop

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
GREY = "屏幕电池续航多久"
OpenShop = Callable[..., Shop]


@pytest.mark.parametrize(
    ("text", "customer_id"),
    [
        ("多重？什么材质？", None),
        ("我的快递到哪了", "lin"),
        ("你好", None),
        ("有会员积分吗", None),
        ("便宜点呗", None),
        ("", None),
        ("How heavy is it?", None),
    ],
)
def test_the_collected_stream_is_the_answer(shop: Shop, text: str, customer_id: str | None) -> None:
    question = Question(id="1", question=text, product_id="P1", customer_id=customer_id)
    first, *sentences, last = shop.answer_stream(question)
    assert first == Waiting(0, 0.0)
    assert isinstance(last, Reply)
    said = [one for one in sentences if isinstance(one, Sentence)]
    assert len(said) == len(sentences) > 0
    assert "".join(one.text for one in said) == last.text
    assert [cited for one in said for cited in one.citations] == list(last.citations)
    answer = shop.answer(question)
    assert (answer.text, answer.decision, answer.tier, answer.citations) == (
        last.text,
        last.decision,
        last.tier,
        last.citations,
    )
    assert last.label
    assert last.cost is not None


def test_each_sentence_has_its_own_citation(shop: Shop) -> None:
    question = Question(id="1", question="多重？什么材质？", product_id="P1")
    said = [one for one in shop.answer_stream(question) if isinstance(one, Sentence)]
    assert [one.citations[0].quote for one in said] == ["198g", "316不锈钢"]
    assert all(one.citations[0].quote in one.text for one in said)


def test_the_cost_says_what_the_model_took(open_shop: OpenShop, shop: Shop) -> None:
    asked = open_shop(FakeEngine({"answer.pick": "1", "answer.check": "1"}))
    reply = asked.answer(Question(id="1", question=GREY, product_id="P2"))
    assert reply.tier == "model"
    assert reply.cost is not None
    assert (reply.cost.tier, reply.cost.completion_tokens) == ("model", 2)
    assert reply.cost.prompt_tokens > 100
    plain = shop.answer(Question(id="2", question="多重", product_id="P1")).cost
    assert plain is not None
    assert (plain.tier, plain.prompt_tokens) == ("quote", 0)


class SlowEngine:
    """Answers when the test lets it, and tells how many ask at once and in what order."""

    def __init__(self) -> None:
        self.go = Event()
        self.order: list[str] = []
        self.at_once = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> str:
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            if request.purpose == "answer.pick":
                self.order.append(request.messages[-1].content)
        assert self.go.wait(60)
        with self._lock:
            self.at_once -= 1
        return "1"


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_twenty_at_once_wait_in_the_order_they_came_and_none_is_lost(
    shop: Shop, open_shop: OpenShop, folder: Path
) -> None:
    slow = SlowEngine()
    busy = open_shop(FakeEngine(slow))
    busy.answer(Question(id="0", question="多重", product_id="P1"))
    positions: dict[int, int] = {}
    replies: dict[int, Reply] = {}
    threads = []

    def ask(number: int, told: Event) -> None:
        question = Question(id=str(number), question=f"{GREY}，第{number}位", product_id="P2")
        for event in busy.answer_stream(question):
            if isinstance(event, Waiting):
                positions[number] = event.position
                told.set()
            elif isinstance(event, Reply):
                replies[number] = event

    for number in range(20):
        told = Event()
        threads.append(Thread(target=ask, args=(number, told)))
        threads[-1].start()
        assert told.wait(30)
    # Looked up, not asked: it passes all who wait.
    quick = busy.answer(Question(id="q", question="多重", product_id="P1"))
    assert quick.decision == "send"
    assert replies == {}
    slow.go.set()
    for thread in threads:
        thread.join(60)
    assert sorted(replies) == list(range(20))
    assert {reply.tier for reply in replies.values()} == {"model"}
    assert [positions[number] for number in range(20)] == list(range(20))
    assert slow.most == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_twenty_conversations_at_once_are_each_answered_once(
    shop: Shop, open_shop: OpenShop
) -> None:
    channel = FakeChannel()
    talks = open_shop(FakeEngine({"answer.pick": "1", "answer.check": "1"})).conversations(channel)
    threads = [
        Thread(
            target=talks.receive, args=(f"c{number}", "m1", GREY, None, "P2"), kwargs={"at": NOON}
        )
        for number in range(20)
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one.conversation_id or "" for one in channel.delivered) == sorted(
        f"c{number}" for number in range(20)
    )


def test_questions_of_a_file_are_bulk_work(
    open_shop: OpenShop, folder: Path, tmp_path: Path
) -> None:
    engine = FakeEngine({"answer.pick": "1", "answer.check": "1"})
    shop = open_shop(engine)
    shop.import_folder(folder)
    asked = tmp_path / "q.csv"
    asked.write_text(f"id,question,product_id\n1,{GREY},P2\n", encoding="utf-8")
    shop.answer_to(tmp_path / "a.jsonl", asked)
    assert {request.priority for request in engine.history} == {"bulk"}
    shop.answer(Question(id="2", question=GREY, product_id="P2"))
    assert engine.history[-1].priority == "customer"
    row = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert '"label"' in row
    assert '"prompt_tokens"' in row
