from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import stamina

from zhanggui.errors import BadKey, ContextTooLong, EngineError, EngineTimeout, EngineUnreachable
from zhanggui.llm.engine import ChatMessage, Delta, Request, chat
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.llm.wrappers import Cached, Metered, Retrying
from zhanggui.records import Receipt


class _Memory:
    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.entries.get(key)

    def put(self, key: str, value: str) -> None:
        self.entries[key] = value


class _Failing(FakeEngine):
    """Fails `times` times, after `after` pieces."""

    def __init__(self, error: EngineError, times: int, after: int = 0) -> None:
        super().__init__({"test.talk": "好的，马上"}, piece=2)
        self._error, self._times, self._after = error, times, after

    def stream(self, request: Request) -> Iterator[Delta]:
        for index, delta in enumerate(super().stream(request)):
            if index == self._after and self._times:
                self._times -= 1
                raise self._error
            yield delta


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def _request(text: str = "你好", **given: Any) -> Request:
    return Request(messages=(ChatMessage("user", text),), **{"purpose": "test.talk", **given})


def test_metered_gives_a_receipt_for_an_answer() -> None:
    receipts: list[Receipt] = []
    engine = Metered(FakeEngine({"test.talk": "好的"}), receipts.append)
    assert chat(engine, _request()).text == "好的"
    (receipt,) = receipts
    assert (receipt.purpose, receipt.tier, receipt.model) == ("test.talk", "model", "fake")
    assert (receipt.prompt_tokens, receipt.completion_tokens) == (2, 2)


def test_metered_gives_a_receipt_for_a_cancelled_and_a_failed_call() -> None:
    receipts: list[Receipt] = []
    inner = FakeEngine({"test.talk": "好的，马上"}, piece=1)
    with closing(Metered(inner, receipts.append).stream(_request())) as deltas:
        next(deltas)
    assert inner.cancelled == 1
    with pytest.raises(BadKey):
        chat(Metered(_Failing(BadKey("no"), 1), receipts.append), _request())
    assert [receipt.completion_tokens for receipt in receipts] == [1, 0]


def test_cached_asks_once_and_says_so() -> None:
    inner = FakeEngine({"test.talk": Canned("好的", {"好": -0.1})})
    cache = _Memory()
    receipts: list[Receipt] = []
    engine = Metered(Cached(inner, cache), receipts.append)
    first = chat(engine, _request(top_logprobs=1))
    second = chat(engine, _request(top_logprobs=1, priority="customer"))
    assert len(inner.history) == 1
    assert (second.text, second.logprobs) == (first.text, first.logprobs)
    assert second.usage.from_cache
    assert [receipt.tier for receipt in receipts] == ["model", "cache"]
    assert json.loads(next(iter(cache.entries.values())))["text"] == "好的"


@pytest.mark.parametrize(
    "change",
    [{"max_tokens": 9}, {"seed": 1}, {"stop": ("。",)}, {"json_schema": {}}, {"purpose": "other"}],
)
def test_another_request_is_another_entry(change: dict[str, Any]) -> None:
    inner = FakeEngine()
    engine = Cached(inner, _Memory())
    chat(engine, _request())
    chat(engine, replace(_request(), **change))
    assert len(inner.history) == 2


def test_another_model_is_another_entry() -> None:
    cache = _Memory()
    chat(Cached(FakeEngine(model="a"), cache), _request())
    other = FakeEngine(model="b")
    chat(Cached(other, cache), _request())
    assert len(other.history) == 1


def test_chance_and_half_answers_are_not_kept() -> None:
    inner, cache = FakeEngine({"test.talk": "好的，马上"}, piece=1), _Memory()
    engine = Cached(inner, cache)
    chat(engine, _request(temperature=0.7))
    with closing(engine.stream(_request())) as deltas:
        next(deltas)
    assert inner.cancelled == 1
    assert cache.entries == {}


@pytest.mark.parametrize("error", [EngineUnreachable("away"), EngineTimeout("slow")])
def test_retrying_repeats_what_failed_before_the_first_piece(error: EngineError) -> None:
    engine = _Failing(error, times=2)
    assert chat(Retrying(engine), _request()).text == "好的，马上"
    assert len(engine.history) == 3


def test_retrying_gives_up() -> None:
    engine = _Failing(EngineUnreachable("away"), times=9)
    with pytest.raises(EngineUnreachable):
        chat(Retrying(engine), _request())
    assert len(engine.history) == 3


@pytest.mark.parametrize("error", [BadKey("no"), ContextTooLong("long")])
def test_what_would_fail_again_is_not_repeated(error: EngineError) -> None:
    engine = _Failing(error, times=1)
    with pytest.raises(type(error)):
        chat(Retrying(engine), _request())
    assert len(engine.history) == 1


def test_nothing_is_said_twice() -> None:
    engine = _Failing(EngineUnreachable("away"), times=1, after=1)
    said: list[str] = []
    with pytest.raises(EngineUnreachable):
        said.extend(delta.text for delta in Retrying(engine).stream(_request()))
    assert len(engine.history) == 1


def test_closing_reaches_the_engine_through_every_wrapper() -> None:
    inner = FakeEngine({"test.talk": "好的，马上"}, piece=1)
    engine = Metered(Cached(Retrying(inner), _Memory()), lambda receipt: None)
    with closing(engine.stream(_request())) as deltas:
        next(deltas)
    assert inner.cancelled == 1
    assert engine.model == "fake"
