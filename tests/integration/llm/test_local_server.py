"""The supervised child with real weights: one for all, restarted, stopped, cancelled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import filelock
import psutil
import pytest

from zhanggui.errors import EngineUnreachable
from zhanggui.llm import bench
from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.local_engine import LocalEngine
from zhanggui.llm.local_server import Address, LocalServer

pytestmark = pytest.mark.live

_STARTER = """
import sys
from pathlib import Path
from zhanggui.llm.local_server import LocalServer
weights, folder, idle = sys.argv[1:]
server = LocalServer(
    Path(weights), Path(folder), threads=2, context_tokens=1024, idle_seconds=float(idle)
)
print(server.address().pid, flush=True)
sys.stdin.read()
"""


def _starter(weights: Path, folder: Path, idle: float = 60) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _STARTER, str(weights), str(folder), str(idle)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _told_pid(starter: subprocess.Popen[str]) -> int:
    assert starter.stdout is not None
    return int(starter.stdout.readline())


def _until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _slots(address: Address) -> list[dict[str, Any]]:
    asked = HttpRequest(f"{address.url}/slots", headers={"Authorization": f"Bearer {address.key}"})
    with urlopen(asked, timeout=20) as response:
        found: list[dict[str, Any]] = json.load(response)
    return found


def _request(max_tokens: int = 8, **given: Any) -> Request:
    return Request(
        messages=(ChatMessage("user", "请从一数到一百，用顿号隔开。"),),
        max_tokens=max_tokens,
        **{"purpose": "test.count", "priority": "customer", **given},
    )


def _engine(server: LocalServer) -> LocalEngine:
    return LocalEngine(lambda: server, "small", timeout=60)


def test_only_the_user_can_read_the_key_and_the_key_is_needed(
    local_server: LocalServer, tmp_path: Path
) -> None:
    address = local_server.address()
    (state,) = (tmp_path / "run").glob("*.json")
    if sys.platform != "win32":
        assert state.stat().st_mode & 0o777 == 0o600
        assert state.parent.stat().st_mode & 0o777 == 0o700
    assert address.url.startswith("http://127.0.0.1:")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        asked = HttpRequest(
            f"{address.url}/v1/chat/completions",
            data=b'{"messages":[{"role":"user","content":"x"}]}',
            headers={"Content-Type": "application/json", **headers},
        )
        with pytest.raises(HTTPError) as raised:
            urlopen(asked, timeout=20)
        raised.value.close()
        assert raised.value.code == 401
    arguments = psutil.Process(address.pid).cmdline()
    assert address.key not in " ".join(arguments)
    assert address.key not in repr(address)


def test_nothing_but_its_health_is_told_without_the_key(local_server: LocalServer) -> None:
    address = local_server.address()
    for path in ("models", "v1/models", "props", "slots", "metrics", "tokenize", "completion"):
        with pytest.raises(HTTPError) as raised:
            urlopen(f"{address.url}/{path}", timeout=20)
        raised.value.close()
        assert raised.value.code == 401, path
    for path in ("health", "v1/health"):
        with urlopen(f"{address.url}/{path}", timeout=20) as response:
            assert json.load(response) == {"status": "ok"}


def test_all_processes_share_one_child(local_server: LocalServer, tmp_path: Path) -> None:
    weights, folder = local_server.weights, tmp_path / "run"
    starters = [_starter(weights, folder) for _ in range(2)]
    pids = {_told_pid(starter) for starter in starters}
    assert pids == {local_server.address().pid}
    for starter in starters:
        starter.communicate("")


def test_the_child_outlives_its_starter_and_ends_when_idle(
    local_server: LocalServer, tmp_path: Path
) -> None:
    starter = _starter(local_server.weights, tmp_path / "run", idle=2)
    pid = _told_pid(starter)
    starter.kill()
    starter.communicate()
    assert local_server.address().pid == pid
    assert chat(_engine(local_server), _request()).text
    assert _until(lambda: not psutil.pid_exists(pid))
    assert not list((tmp_path / "run").glob("*.json"))


def test_a_child_that_is_killed_is_replaced_and_the_request_repeated(
    local_server: LocalServer,
) -> None:
    engine = _engine(local_server)
    expected = chat(engine, _request(24)).text
    first = local_server.address().pid
    pieces: list[str] = []
    for delta in engine.stream(_request(24)):
        if not pieces:
            psutil.Process(first).kill()
        pieces.append(delta.text)
    assert "".join(pieces) == expected
    assert local_server.address().pid != first
    assert chat(engine, _request(24)).text == expected


def test_a_wedged_child_is_replaced(
    local_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        pytest.skip("suspending keeps the port closed there")
    monkeypatch.setattr("zhanggui.llm.local_server._HEALTH_SECONDS", 1.0)
    first = local_server.address()
    psutil.Process(first.pid).suspend()
    assert local_server.revive(first).pid != first.pid
    assert not psutil.pid_exists(first.pid) or not first.alive


def test_reviving_a_living_child_keeps_it(local_server: LocalServer) -> None:
    address = local_server.address()
    assert local_server.revive(address) == address


def test_closing_the_stream_stops_the_work_on_the_server(local_server: LocalServer) -> None:
    address = local_server.address()
    with closing(_engine(local_server).stream(_request(900))) as deltas:  # type: ignore[type-var]
        next(deltas)
        assert any(slot["is_processing"] for slot in _slots(address))
    assert _until(lambda: not any(slot["is_processing"] for slot in _slots(address)), 20)


def test_a_repeated_prompt_comes_from_the_prefix_cache(local_server: LocalServer) -> None:
    engine = _engine(local_server)
    rules = [f"{name}的规则：四十八小时内发货，七天内可以退换。" * 4 for name in ("甲店", "乙店")]
    seen = [
        chat(engine, Request(messages=(ChatMessage("system", rule),), purpose="t", max_tokens=1))
        for rule in [*rules, *rules]
    ]
    assert [answer.usage.cached_tokens > 40 for answer in seen] == [False, False, True, True]


def test_bulk_work_waits_while_a_customer_is_served(local_server: LocalServer) -> None:
    local_server.address()
    engine = _engine(local_server)
    begun = threading.Event()

    def work() -> None:
        for _ in engine.stream(_request(priority="bulk")):
            begun.set()

    thread = threading.Thread(target=work)
    with filelock.FileLock(local_server.lock_file("customer")):
        thread.start()
        bulk = filelock.FileLock(local_server.lock_file("bulk"))

        def bulk_taken() -> bool:
            try:
                with bulk.acquire(timeout=0):
                    return False
            except filelock.Timeout:
                return True

        assert _until(bulk_taken)
        assert not begun.is_set()
        assert not any(slot["is_processing"] for slot in _slots(local_server.address()))
    thread.join(timeout=60)
    assert begun.is_set()


def test_a_customer_is_served_while_bulk_work_runs(local_server: LocalServer) -> None:
    engine = _engine(local_server)
    with closing(engine.stream(_request(900, priority="bulk"))) as bulk:  # type: ignore[type-var]
        next(bulk)
        assert chat(engine, _request(4)).text
        busy = [slot["id"] for slot in _slots(local_server.address()) if slot["is_processing"]]
        assert busy == [1]


def test_a_larger_context_replaces_the_child_and_a_smaller_one_shares_it(
    local_server: LocalServer, tmp_path: Path
) -> None:
    def other(context_tokens: int) -> LocalServer:
        return LocalServer(
            local_server.weights,
            tmp_path / "run",
            threads=2,
            context_tokens=context_tokens,
            idle_seconds=60,
        )

    first = local_server.address()
    assert other(512).address() == first
    second = other(2048).address()
    assert second.pid != first.pid
    assert local_server.address() == second


def test_broken_weights_say_what_to_do(tmp_path: Path, models_dir: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + os.urandom(64))
    for path in (broken, tmp_path / "missing.gguf"):
        server = LocalServer(path, tmp_path / "run", threads=1, context_tokens=512, idle_seconds=60)
        with pytest.raises(EngineUnreachable, match="zhanggui models pull"):
            server.address()


def test_a_state_file_of_a_dead_or_reused_process_is_not_believed(
    local_server: LocalServer, tmp_path: Path
) -> None:
    address = local_server.address()
    (state,) = (tmp_path / "run").glob("*.json")
    told = json.loads(state.read_text())
    psutil.Process(address.pid).kill()
    assert _until(lambda: not address.alive)
    # The number now belongs to this very process, which began at another time.
    state.write_text(json.dumps({**told, "pid": os.getpid(), "started": 1.0}))
    assert local_server.address().pid not in (address.pid, os.getpid())


def test_bench_measures_the_child_and_starts_it_only_where_none_runs(
    local_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_READ_BYTES", 1 << 24)
    monkeypatch.setattr(bench, "_DECODE_TOKENS", 8)
    engine = _engine(local_server)
    figures = bench.bench(engine, local_server.weights)
    assert figures.start_seconds is not None
    assert figures.peak_bytes is not None
    assert figures.token_bytes is not None
    assert figures.token_bytes < local_server.weights.stat().st_size < figures.peak_bytes
    assert figures.warm_tokens < figures.cold_tokens
    assert figures.ratio is not None
    pid = local_server.address().pid
    assert bench.bench(engine, None).start_seconds is None
    assert local_server.address().pid == pid
