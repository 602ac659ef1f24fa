from __future__ import annotations

import pytest
from model_peer import Peer, refusal, said, streamed

from zhanggui.errors import ContextTooLong
from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.local_engine import LocalEngine
from zhanggui.llm.open_engine import bare_engine, open_engine
from zhanggui.records import Receipt
from zhanggui.settings import load_settings


class _Memory(dict[str, str]):
    def put(self, key: str, value: str) -> None:
        self[key] = value


def _request(text: str) -> Request:
    return Request(messages=(ChatMessage("user", text),), purpose="test.talk")


def test_an_endpoint_gets_the_whole_stack(peer: Peer) -> None:
    receipts: list[Receipt] = []
    cache = _Memory()
    settings = load_settings(endpoint=peer.url, model="remote", api_key="made-up-key")
    engine = open_engine(settings, on_receipt=receipts.append, cache=cache)
    peer.reply = streamed(said("已登记", "[PHO", "NE_1]", "，谢谢"))
    for phone in ("13800001111", "13900002222"):
        assert chat(engine, _request(f"请登记{phone}")).text == f"已登记{phone}，谢谢"
    assert [body["messages"][0]["content"] for body in peer.bodies] == ["请登记[PHONE_1]"]
    assert [receipt.tier for receipt in receipts] == ["model", "cache"]
    assert receipts[0].model == engine.model == "remote"
    assert "13800001111" not in "".join(cache.values())
    assert peer.headers[0]["authorization"] == "Bearer made-up-key"


def test_errors_pass_through_the_stack(peer: Peer) -> None:
    receipts: list[Receipt] = []
    peer.reply = refusal(400, "too long", code="context_length_exceeded")
    engine = open_engine(load_settings(endpoint=peer.url), on_receipt=receipts.append)
    with pytest.raises(ContextTooLong):
        chat(engine, _request("你好"))
    assert len(peer.bodies) == len(receipts) == 1


def test_without_an_endpoint_it_is_the_local_model_and_nothing_starts_yet() -> None:
    settings = load_settings(model="not-a-model")
    assert isinstance(bare_engine(settings), LocalEngine)
    assert open_engine(settings).model == "not-a-model"
