from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from model_peer import Peer, chunk, refusal, said, streamed

from zhanggui.errors import (
    BadKey,
    ContextTooLong,
    EngineError,
    EngineRefused,
    EngineTimeout,
    EngineUnreachable,
    InvalidOutput,
    QuotaExceeded,
)
from zhanggui.llm.dialects import dialect_named, dialect_of, dialects
from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.openai_compatible import OpenAICompatible

_KEY = "made-up-key-0123456789"
_SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def _request(**given: Any) -> Request:
    messages = (ChatMessage("system", "你是客服。"), ChatMessage("user", "几点发货？"))
    return Request(messages=messages, **{"purpose": "test.talk", **given})


def _engine(peer: Peer, **given: Any) -> OpenAICompatible:
    return OpenAICompatible(peer.url, "some-model", _KEY, **{"timeout": 5.0, **given})


def test_the_whole_request_is_sent(peer: Peer) -> None:
    peer.reply = streamed(said('{"n": 1}'))
    engine = _engine(peer, extra_body={"id_slot": 1})
    request = _request(
        max_tokens=9, temperature=0.5, seed=3, stop=("。",), json_schema=_SCHEMA, top_logprobs=2
    )
    answer = chat(engine, request)
    (body,) = peer.bodies
    assert body["model"] == "some-model"
    assert body["messages"][1] == {"role": "user", "content": "几点发货？"}
    sent = {name: body[name] for name in ("max_tokens", "temperature", "seed", "stop", "id_slot")}
    assert sent == {"max_tokens": 9, "temperature": 0.5, "seed": 3, "stop": ["。"], "id_slot": 1}
    assert body["response_format"]["json_schema"]["schema"] == _SCHEMA
    assert (body["logprobs"], body["top_logprobs"]) == (True, 2)
    assert peer.headers[0]["authorization"] == f"Bearer {_KEY}"
    assert (answer.usage.prompt_tokens, answer.usage.cached_tokens) == (7, 5)


def test_a_dialect_changes_the_wire_and_not_the_engine(peer: Peer) -> None:
    peer.reply = streamed(said('{"n": 1}'))
    chat(_engine(peer, dialect=dialect_named("DeepSeek")), _request(json_schema=_SCHEMA))
    chat(_engine(peer, dialect=dialect_named("OpenAI")), _request(json_schema=_SCHEMA))
    told, openai = peer.bodies
    assert told["response_format"] == {"type": "json_object"}
    assert '"integer"' in told["messages"][-1]["content"]
    assert "seed" not in told
    assert "max_completion_tokens" in openai
    assert "max_tokens" not in openai


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "OpenAI"),
        ("https://api.deepseek.com", "DeepSeek"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "DashScope"),
        ("https://notapi.deepseek.com.example.org/v1", "common"),
        ("http://127.0.0.1:11434/v1", "common"),
    ],
)
def test_the_host_names_the_dialect(url: str, name: str) -> None:
    assert dialect_of(url).name == name
    assert name in {dialect.name for dialect in dialects().dialects}


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"message": f"Incorrect API key provided: {_KEY}"}, BadKey),
        (403, {"message": "no access"}, BadKey),
        (402, {"message": "Insufficient Balance"}, QuotaExceeded),
        (429, {"message": "slow down"}, QuotaExceeded),
        (400, {"message": "no", "code": "context_length_exceeded"}, ContextTooLong),
        (400, {"message": "no", "type": "exceed_context_size_error"}, ContextTooLong),
        (413, {"message": "too large"}, ContextTooLong),
        (400, {"message": "Range of input length should be [1, 30720]"}, ContextTooLong),
        (400, {"message": f"unknown field, key {_KEY}"}, EngineRefused),
        (404, {"message": "no such model"}, EngineRefused),
        (500, {"message": "broken"}, EngineUnreachable),
        (503, {"message": "Loading model"}, EngineUnreachable),
        (504, {"message": "upstream"}, EngineTimeout),
    ],
)
def test_errors_become_ours_without_secrets(
    peer: Peer, status: int, error: dict[str, Any], kind: type[EngineError]
) -> None:
    peer.reply = refusal(status, **error)
    with pytest.raises(EngineError) as raised:
        chat(_engine(peer), _request())
    assert type(raised.value) is kind
    assert _KEY not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(peer.bodies) == 1


def test_an_error_in_the_middle_of_a_stream(peer: Peer) -> None:
    broken = {"error": {"message": "the request exceeds the available context size", "code": 400}}
    peer.reply = streamed([chunk("好"), broken])
    with pytest.raises(ContextTooLong):
        chat(_engine(peer), _request())


def test_a_connection_that_ends_too_early(peer: Peer) -> None:
    peer.reply = streamed([chunk("好")], done=False)
    with pytest.raises(EngineUnreachable, match="in the middle"):
        chat(_engine(peer), _request())


def test_nobody_listens(peer: Peer) -> None:
    engine = OpenAICompatible("http://127.0.0.1:9/v1", "m", timeout=2.0)
    with pytest.raises(EngineUnreachable, match=r"127\.0\.0\.1:9"):
        chat(engine, _request())


def test_an_endpoint_that_is_no_model_server(peer: Peer) -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b"data: <html>\n\n")

    peer.reply = page
    with pytest.raises(EngineRefused, match="endpoint"):
        chat(_engine(peer), _request())


def _slow(pieces: int, pause: float) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        streamed([chunk("好")], done=False)(handler)
        for _ in range(pieces):
            time.sleep(pause)
            handler.wfile.write(f"data: {json.dumps(chunk('好'))}\n\n".encode())
            handler.wfile.flush()

    return reply


def test_silence_and_dribble_both_run_out_of_time(peer: Peer) -> None:
    peer.reply = lambda handler: time.sleep(1.0)
    with pytest.raises(EngineTimeout):
        chat(_engine(peer, timeout=0.2), _request())
    peer.reply = _slow(pieces=200, pause=0.02)
    with pytest.raises(EngineTimeout):
        chat(_engine(peer, timeout=0.3), _request())


def test_closing_the_stream_hangs_up(peer: Peer) -> None:
    peer.reply = _slow(pieces=2000, pause=0.005)
    with closing(_engine(peer).stream(_request())) as deltas:  # type: ignore[type-var]
        assert next(deltas).text == "好"
    assert peer.hung_up.wait(timeout=10)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[1]", "not of type"), ('{"n": "1"}', "not of type"), ("好的", "not JSON")],
)
def test_an_answer_that_does_not_fit(peer: Peer, text: str, reason: str) -> None:
    peer.reply = streamed(said(text))
    with pytest.raises(InvalidOutput, match=reason):
        chat(_engine(peer), _request(json_schema=_SCHEMA))


def test_json_that_was_cut_off(peer: Peer) -> None:
    chunks = said('{"n": ')
    chunks[-2]["choices"][0]["finish_reason"] = "length"
    peer.reply = streamed(chunks)
    with pytest.raises(InvalidOutput, match="cut off after 512"):
        chat(_engine(peer), _request(json_schema=_SCHEMA))


def test_a_server_without_usage_is_counted_by_pieces(peer: Peer) -> None:
    peer.reply = streamed(said("好", "的")[:-1])
    assert chat(_engine(peer), _request()).usage.completion_tokens == 2


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert chat(_engine(peer), _request()).text == "好的"
