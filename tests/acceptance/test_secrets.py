"""No secret reaches the screen, whatever the server says and however much is logged."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from model_peer import refusal, serve
from typed import Run

KEY = "made-up-key-0123456789"


@pytest.fixture
def tattler() -> Iterator[str]:
    """A model server that refuses the key and says it back."""
    refuse = refusal(401, f"Incorrect API key provided: {KEY}")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            refuse(self)

        def log_message(self, *args: object) -> None:
            pass

    for url in serve(Handler):
        yield f"{url}/v1"


def a_shop(folder: Path) -> Path:
    folder.mkdir()
    (folder / "products.csv").write_text(
        "id,title,category,attributes\nP1,保温杯,厨具,容量:500ml;材质:316不锈钢;颜色:奶白;净重:280g;产地:浙江永康;质保:1年\n",
        encoding="utf-8",
    )
    return folder


def test_the_api_key_is_in_no_log_and_no_trace(
    zhanggui: Run, tattler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHANGGUI_API_KEY", KEY)
    zhanggui("--home", "h", "import", a_shop(tmp_path / "exports"))
    loud = ("--home", "h", "--json-logs", "--debug", "--endpoint", tattler)
    done = zhanggui(*loud, "describe", "--out", "d.jsonl")
    assert done.returncode == 2
    assert "ZHANGGUI_API_KEY" in done.stderr
    assert "Traceback" in done.stderr
    assert "Incorrect API key provided: ***" in done.stderr
    assert KEY not in done.stdout + done.stderr
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file


def test_the_password_of_the_database_is_in_no_log_and_no_trace(
    zhanggui: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "h").mkdir()
    url = "postgresql://shop:p%40ss-made-up@127.0.0.1:1/shop"
    monkeypatch.setenv("ZHANGGUI_DATABASE_URL", url)
    done = zhanggui("--home", "h", "--json-logs", "--debug", "describe", "--out", "d.jsonl")
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr
    assert "ss-made-up" not in done.stdout + done.stderr


def test_a_secret_that_everybody_knows_is_refused_in_one_sentence(
    zhanggui: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHANGGUI_API_KEY", "changeme")
    words = ("--home", "h", "--endpoint", "https://models.example.com/v1")
    done = zhanggui(*words, "describe", "--out", "d.jsonl")
    assert done.returncode == 2
    assert "everybody knows" in done.stderr
    assert "Traceback" not in done.stderr
