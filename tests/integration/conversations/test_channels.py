"""One contract for the fake channel and the real ones; the webhook's peer is a real server."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from zhanggui.answers.channel import Channel, FakeChannel
from zhanggui.answers.paste import PasteChannel
from zhanggui.answers.webhook import WebhookChannel, is_signed
from zhanggui.errors import ChannelRefused, ChannelUnreachable, InputError
from zhanggui.records import Citation, Reply

SECRET = "made-up-secret"
REPLY = Reply(
    id="c1:m1",
    decision="send",
    text="您好，净重：198g。",
    citations=(Citation("products.csv:P1/净重", "198g"),),
    tier="quote",
    label="系统自动回复；需要人工请回复“转人工”",
    conversation_id="c1",
)


@dataclass
class Peer:
    """A shop's own system, as the documentation asks for it."""

    statuses: list[int] = field(default_factory=list)
    """Answers before it takes replies."""
    calls: int = 0
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""


@pytest.fixture
def peer() -> Iterator[Peer]:
    seen = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.calls += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = seen.statuses.pop(0) if seen.statuses else 200
            signed = self.headers["X-Zhanggui-Signature"]
            if status == 200 and not is_signed(SECRET, body, signed, time.time()):
                status = 401
            if status == 200:
                seen.shown.setdefault(self.headers["Idempotency-Key"], json.loads(body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", seen.url + "elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield seen
    server.shutdown()
    server.server_close()


def webhook(url: str, secret: str = SECRET) -> WebhookChannel:
    return WebhookChannel(url, secret, attempts=3, wait_seconds=0.01)


@pytest.mark.parametrize("kind", ["fake", "paste", "webhook"])
def test_a_reply_is_shown_once_with_its_label(kind: str, peer: Peer, tmp_path: Path) -> None:
    file = tmp_path / "out" / "replies.txt"
    made: dict[str, Channel] = {
        "fake": FakeChannel(),
        "paste": PasteChannel(file),
        "webhook": webhook(peer.url),
    }
    channel = made[kind]
    other = replace(REPLY, id="c1:m2", text="在的。", decision="suggest", reason="不确定")
    for reply in (REPLY, REPLY, other, REPLY):
        channel.deliver(reply)
    if kind == "fake":
        assert isinstance(channel, FakeChannel)
        shown = [f"{one.text}{one.label}" for one in channel.delivered]
    elif kind == "paste":
        shown = file.read_text(encoding="utf-8").split("\n\n")[:-1]
    else:
        shown = [json.dumps(one, ensure_ascii=False) for one in peer.shown.values()]
    assert len(shown) == 2
    assert all("转人工" in one for one in shown)
    assert "198g" in shown[0]


def test_another_process_knows_what_was_pasted(tmp_path: Path) -> None:
    file = tmp_path / "replies.txt"
    shown: list[str] = []
    PasteChannel(file).deliver(REPLY)
    PasteChannel(file, shown.append).deliver(REPLY)
    assert shown == []
    PasteChannel(file, shown.append).deliver(replace(REPLY, id="c1:m9"))
    assert len(shown) == 1


def test_words_cannot_pass_for_the_head_of_another_reply(tmp_path: Path) -> None:
    file = tmp_path / "replies.txt"
    PasteChannel(file).deliver(replace(REPLY, text="好\n── 发给顾客 / send ── c1 ── #c9:m9"))
    PasteChannel(file).deliver(replace(REPLY, id="c9:m9"))
    assert file.read_text(encoding="utf-8").count("198g") == 1


@pytest.mark.parametrize("there", ["您好".encode("gb18030"), b"\xff\xfe\x00"])
def test_a_file_in_another_encoding_is_gone_on_with(tmp_path: Path, there: bytes) -> None:
    file = tmp_path / "replies.txt"
    file.write_bytes(there + b"\n")
    for _ in range(2):
        PasteChannel(file).deliver(REPLY)
    told = file.read_bytes()
    assert told.startswith(there)
    assert told.count(b"198g") == 1


def test_halves_of_character_pairs_are_written_as_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "replies.txt"
    shown: list[str] = []
    broken = replace(REPLY, id="c1:\udc80", text="好\udc80")
    PasteChannel(file, shown.append).deliver(broken)
    PasteChannel(file, shown.append).deliver(broken)
    assert file.read_text(encoding="utf-8").count("好\ufffd") == 1
    assert shown == [file.read_text(encoding="utf-8")]


def test_a_file_that_cannot_be_written_is_an_error_to_try_again(tmp_path: Path) -> None:
    with pytest.raises(ChannelUnreachable):
        PasteChannel(tmp_path).deliver(REPLY)


def test_a_busy_server_is_asked_again(peer: Peer) -> None:
    peer.statuses = [503, 429]
    webhook(peer.url).deliver(REPLY)
    assert peer.calls == 3
    (row,) = peer.shown.values()
    assert (row["conversation_id"], row["decision"]) == ("c1", "send")
    assert row["ai"] is False


def test_a_server_that_stays_busy_is_an_error(peer: Peer) -> None:
    peer.statuses = [500] * 5
    with pytest.raises(ChannelUnreachable):
        webhook(peer.url).deliver(REPLY)
    assert peer.calls == 3


@pytest.mark.parametrize("status", [400, 302])
def test_what_is_declined_or_sent_elsewhere_is_not_repeated(peer: Peer, status: int) -> None:
    peer.statuses = [status]
    with pytest.raises(ChannelRefused):
        webhook(peer.url).deliver(REPLY)
    assert peer.calls == 1
    assert peer.shown == {}


def test_a_wrong_secret_is_declined(peer: Peer) -> None:
    with pytest.raises(ChannelRefused):
        webhook(peer.url, "another").deliver(REPLY)
    assert peer.shown == {}


def test_nobody_at_the_address(peer: Peer) -> None:
    with pytest.raises(ChannelUnreachable):
        webhook("http://127.0.0.1:9/").deliver(REPLY)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nA" * 9000])
def test_a_peer_that_does_not_speak_http_is_an_error_to_try_again(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(3):
                peer, _address = server.accept()
                with peer, contextlib.suppress(OSError):
                    peer.recv(65536)
                    peer.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ChannelUnreachable):
            webhook(f"http://127.0.0.1:{server.getsockname()[1]}/").deliver(REPLY)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("file:///etc/passwd", "x"),
        ("http://a/", ""),
        ("http://", "x"),
        ("http:///path", "x"),
        ("http://a:port/", "x"),
        ("http://a:99999/", "x"),
        ("http://[::1/", "x"),
        ("http://a/with space", "x"),
        ("http://a/\nX: y", "x"),
        ("http://店铺/", "x"),
        ("http://me:password@a/", "x"),
    ],
)
def test_what_is_no_webhook_is_refused(url: str, secret: str) -> None:
    with pytest.raises(InputError) as refused:
        WebhookChannel(url, secret)
    assert "password@" not in str(refused.value)


def test_an_old_or_changed_body_is_not_signed() -> None:
    from zhanggui.answers.webhook import signature

    header = signature(SECRET, b"{}", 1000.0)
    assert is_signed(SECRET, b"{}", header, 1010.0)
    assert not is_signed(SECRET, b"{} ", header, 1010.0)
    assert not is_signed(SECRET, b"{}", header, 2000.0)
    assert not is_signed(SECRET, b"{}", "", 1010.0)


@pytest.mark.parametrize(
    "header",
    [
        "t=1000,v1=é",
        "t=1000,v1=\udc80",
        f"t={'1' * 5000},v1=a",
        f"t={'1' * 400},v1=a",
        "t=１０,v1=a",
    ],
)
def test_a_header_from_anybody_is_not_signed(header: str) -> None:
    assert not is_signed(SECRET, b"{}", header, 1010.0)
