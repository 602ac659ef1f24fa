"""What every engine promises, on the fake, on an HTTP peer and on the real model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from model_peer import Peer, chunk, said, streamed

from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.llm.fake import FakeEngine
from zhanggui.llm.local_engine import LocalEngine
from zhanggui.llm.local_server import LocalServer
from zhanggui.llm.openai_compatible import OpenAICompatible
from zhanggui.llm.schema import misfit

_ALPHABET = "一、二、三、四、五、六、七、八"
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"enum": ["是", "否"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


def _request(told: str = "请从一数到八", **given: Any) -> Request:
    return Request(
        messages=(ChatMessage("system", "你是客服。"), ChatMessage("user", told)),
        **{"purpose": "contract", "max_tokens": 24, "priority": "customer", **given},
    )


@pytest.fixture(scope="module")
def live_server(
    tmp_path_factory: pytest.TempPathFactory, small_weights: Callable[[Path], Path]
) -> Iterator[Callable[[Path], LocalServer]]:
    folder = tmp_path_factory.mktemp("contract")
    servers: list[LocalServer] = []

    def open_server(models_dir: Path) -> LocalServer:
        server = LocalServer(
            small_weights(models_dir), folder, threads=2, context_tokens=1024, idle_seconds=60
        )
        servers.append(server)
        return server

    yield open_server
    for server in servers:
        server.stop()


@pytest.fixture(params=["fake", "http", pytest.param("live", marks=pytest.mark.live)])
def engine(request: pytest.FixtureRequest, peer: Peer) -> Engine:
    if request.param == "fake":
        return FakeEngine(lambda asked: _canned(asked.json_schema is not None))
    if request.param == "http":
        peer.reply = lambda handler: _scripted(peer, handler)
        return OpenAICompatible(peer.url, "scripted", timeout=20)
    server = request.getfixturevalue("live_server")(request.getfixturevalue("models_dir"))
    return LocalEngine(lambda: server, "live", timeout=60)


def _canned(wants_json: bool) -> str:
    return '{"answer": "是"}' if wants_json else _ALPHABET


def _scripted(peer: Peer, handler: BaseHTTPRequestHandler) -> None:
    body = peer.bodies[-1]
    chunks = said(*_canned("response_format" in body)[: body["max_tokens"]])
    if len(_ALPHABET) > body["max_tokens"]:
        chunks[-2]["choices"][0]["finish_reason"] = "length"
    if "logprobs" in body:
        alternatives = [{"token": "一", "logprob": -0.2, "bytes": None}]
        first = {"token": "一", "logprob": -0.2, "bytes": None, "top_logprobs": alternatives}
        chunks[0] = chunk("一", choice={"logprobs": {"content": [first]}})
    streamed(chunks)(handler)


def test_the_answer_comes_in_pieces_and_the_last_one_tells_usage(engine: Engine) -> None:
    deltas = list(engine.stream(_request()))
    assert len([delta for delta in deltas if delta.text]) > 1
    assert [delta.usage is not None for delta in deltas] == [False] * (len(deltas) - 1) + [True]
    usage = deltas[-1].usage
    assert usage is not None
    assert usage.model == engine.model
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens > 1
    assert 0 < usage.first_token_ms <= usage.ms
    assert deltas[-1].finish_reason in ("stop", "length")


def test_the_same_request_gives_the_same_answer(engine: Engine) -> None:
    assert chat(engine, _request()).text == chat(engine, _request()).text


def test_the_limit_ends_the_answer(engine: Engine) -> None:
    answer = chat(engine, _request(max_tokens=3))
    assert answer.finish_reason == "length"
    assert answer.usage.completion_tokens <= 3


def test_a_schema_is_kept(engine: Engine) -> None:
    told = '苹果是水果吗？用 JSON {"answer": "是"} 或 {"answer": "否"} 回答。'
    answer = chat(engine, _request(told, json_schema=_SCHEMA))
    assert misfit(json.loads(answer.text), _SCHEMA) is None


def test_log_probabilities_of_the_first_token(engine: Engine) -> None:
    asked = chat(engine, _request(top_logprobs=2))
    assert asked.logprobs
    assert all(value <= 0 for value in asked.logprobs.values())
    assert chat(engine, _request()).logprobs == {}


def test_a_closed_stream_leaves_the_engine_usable(engine: Engine) -> None:
    with closing(engine.stream(_request())) as deltas:  # type: ignore[type-var]
        next(deltas)
    assert chat(engine, _request()).text
