"""Real HTTP peers on loopback: a model server that says what a test tells it, and a hub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from model_peer import Peer, said, serve, streamed

from zhanggui.llm.local_server import LocalServer


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A model server that says 好的, until a test gives it another `reply`."""
    found = Peer(streamed(said("好", "的")))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            found.bodies.append(json.loads(self.rfile.read(length)))
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            try:
                found.reply(self)
            except (BrokenPipeError, ConnectionResetError):
                found.hung_up.set()

        def log_message(self, *args: object) -> None:
            pass

    for url in serve(Handler):
        found.url = f"{url}/v1"
        yield found


@pytest.fixture(scope="session")
def small_weights() -> Callable[[Path], Path]:
    """The smallest real weights in a folder."""

    def find(models_dir: Path) -> Path:
        return min(models_dir.glob("qwen2.5-coder-*.gguf"), key=lambda path: path.stat().st_size)

    return find


@pytest.fixture
def local_server(
    models_dir: Path, small_weights: Callable[[Path], Path], tmp_path: Path
) -> Iterator[LocalServer]:
    """A child of this test's own."""
    server = LocalServer(
        small_weights(models_dir),
        tmp_path / "run",
        threads=2,
        context_tokens=1024,
        idle_seconds=60,
    )
    yield server
    server.stop()
