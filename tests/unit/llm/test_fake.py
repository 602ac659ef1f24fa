from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from zhanggui.errors import QuotaExceeded
from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.fake import Canned, FakeEngine


def _request(**given: Any) -> Request:
    return Request(messages=(ChatMessage("user", "你好"),), **{"purpose": "test.talk", **given})


def test_answers_by_purpose_and_keeps_history() -> None:
    engine = FakeEngine({"test.talk": "您好，请问有什么可以帮您？"}, piece=3)
    pieces = [delta.text for delta in engine.stream(_request())]
    assert pieces[:2] == ["您好，", "请问有"]
    assert "".join(pieces) == "您好，请问有什么可以帮您？"
    assert [request.purpose for request in engine.history] == ["test.talk"]


def test_answers_by_function_which_may_fail() -> None:
    engine = FakeEngine(lambda request: request.messages[-1].content * 2)
    assert chat(engine, _request()).text == "你好你好"

    def fails(request: Request) -> str:
        raise QuotaExceeded("used up")

    with pytest.raises(QuotaExceeded):
        chat(FakeEngine(fails), _request())


def test_makes_json_for_a_schema_and_speaks_without_one() -> None:
    schema = {"type": "object", "properties": {"n": {"enum": [3]}}, "required": ["n"]}
    assert json.loads(chat(FakeEngine(), _request(json_schema=schema)).text) == {"n": 3}
    assert chat(FakeEngine(), _request()).text


def test_stops_at_a_mark_and_at_the_limit() -> None:
    engine = FakeEngine({"test.talk": "一。二。三"})
    stopped = chat(engine, _request(stop=("。",)))
    assert (stopped.text, stopped.finish_reason) == ("一", "stop")
    limited = chat(engine, _request(max_tokens=3))
    assert (limited.text, limited.finish_reason) == ("一。二", "length")
    assert limited.usage.completion_tokens == 3


def test_gives_log_probabilities_when_asked() -> None:
    engine = FakeEngine({"test.talk": Canned("是", {"是": -0.1, "否": -2.4})})
    assert chat(engine, _request(top_logprobs=2)).logprobs == {"是": -0.1, "否": -2.4}
    assert chat(engine, _request()).logprobs == {}
    assert chat(FakeEngine(), _request(top_logprobs=1)).logprobs == {"好": 0.0}


def test_counts_cancelled_streams() -> None:
    engine = FakeEngine({"test.talk": "很长的一段话"}, piece=1)
    with closing(engine.stream(_request())) as deltas:
        next(deltas)
    assert engine.cancelled == 1
