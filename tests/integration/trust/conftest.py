from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from model_peer import said, serve, streamed
from recording_wire import Wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A remote engine on loopback."""
    seen = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            seen.received += [self.raw_requestline + bytes(self.headers), raw]
            body = json.loads(raw)
            seen.prompts.append("\n".join(turn["content"] for turn in body["messages"]))
            streamed(said(seen.answer(body)))(self)

        def log_message(self, *args: object) -> None:
            pass

    for url in serve(Handler):
        seen.url = f"{url}/v1"
        yield seen
