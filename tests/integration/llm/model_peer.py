"""A real HTTP peer on loopback: a model server that says what a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Peer:
    """A model server: `reply` is called with the handler; requests are kept."""

    reply: Callable[[BaseHTTPRequestHandler], None]
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    url: str = ""


def chunk(text: str | None = None, **more: Any) -> dict[str, Any]:
    """One piece of a streamed answer."""
    choice: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": None}
    if text is not None:
        choice["delta"] = {"content": text}
    choice |= more.pop("choice", {})
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
        **more,
    }


def streamed(chunks: list[dict[str, Any]], *, done: bool = True) -> Callable[..., None]:
    """A reply that streams `chunks`."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for item in chunks:
            handler.wfile.write(f"data: {json.dumps(item)}\n\n".encode())
            handler.wfile.flush()
        if done:
            handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def said(*texts: str) -> list[dict[str, Any]]:
    """The chunks of an ordinary answer."""
    usage = {
        "prompt_tokens": 7,
        "completion_tokens": len(texts),
        "total_tokens": 7 + len(texts),
        "prompt_tokens_details": {"cached_tokens": 5},
    }
    end = chunk(choice={"finish_reason": "stop"})
    return [*map(chunk, texts), end, {**chunk(), "choices": [], "usage": usage}]


def refusal(status: int, message: str, **error: Any) -> Callable[..., None]:
    """A reply that is an error of the OpenAI protocol."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"error": {"message": message, **error}}).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serves on a free loopback port until the generator is closed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
