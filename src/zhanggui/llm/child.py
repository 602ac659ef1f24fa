"""The process that holds the local model: `python -m zhanggui.llm.child`, started by `LocalServer`.

Only this process imports llama.cpp. It reads its orders as one JSON object from standard
input, tells its address and a random key in a file that only its user can read, and ends by
itself when nobody has asked anything for a while or when its state file is gone.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import filelock
import psutil
import xllamacpp

BUSY = 3
"""Exit status of a child that found another one alive."""
SLOTS = 2
# Prompts that left their slot stay here, so that alternating prefixes are not read again.
_PROMPT_CACHE_MIB = 192
_BATCH = 512
_MICRO_BATCH = 256
_LOAD_WITHOUT_MMAP = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What the starter asks for."""

    weights: str
    state: str
    lock: str
    threads: int
    context_tokens: int
    """Per slot."""
    idle_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the running child is reached."""

    pid: int
    started: float
    """Seconds since the epoch, as the operating system tells for the process."""
    url: str
    key: str = field(repr=False)
    context_tokens: int
    kernels: str
    """What llama.cpp was compiled for, in its own words: `AVX2 = 1 | …`."""


def main() -> int:
    """Serves until idle; the exit status is 0, or BUSY if another child lives."""
    orders = Orders(**json.load(sys.stdin))
    lock = filelock.FileLock(orders.lock)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return BUSY
    key = secrets.token_urlsafe(32)
    server = xllamacpp.Server(_parameters(orders, key))
    state = State(
        pid=os.getpid(),
        started=psutil.Process().create_time(),
        url=server.listening_address,
        key=key,
        context_tokens=orders.context_tokens,
        kernels=xllamacpp.get_system_info().strip(),
    )
    _publish(Path(orders.state), state)
    _watch(orders, state)
    return 0


def _parameters(orders: Orders, key: str) -> Any:
    """Measured on two cores with the 1.5B model: docs/models.md tells what gives what."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = orders.weights
    parameters.api_keys = [key]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    parameters.verbosity = 1
    parameters.n_parallel = SLOTS
    parameters.n_ctx = orders.context_tokens * SLOTS
    parameters.n_batch = _BATCH
    parameters.n_ubatch = _MICRO_BATCH
    parameters.n_gpu_layers = 0
    parameters.fit_params = False
    parameters.load_mode = _LOAD_WITHOUT_MMAP
    parameters.cache_ram_mib = _PROMPT_CACHE_MIB
    parameters.n_threads_http = 2 * SLOTS
    parameters.cpuparams.n_threads = orders.threads
    parameters.cpuparams_batch.n_threads = orders.threads
    return parameters


def _publish(path: Path, state: State) -> None:
    draft = path.with_suffix(f".{state.pid}")
    # On Windows the mode says nothing; there the per-user folder keeps others out.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
    draft.replace(path)


def _watch(orders: Orders, state: State) -> None:
    path = Path(orders.state)
    pause = min(5.0, orders.idle_seconds / 4)
    seen, used = "", time.monotonic()
    while time.monotonic() - used < orders.idle_seconds:
        time.sleep(pause)
        if not _is_ours(path, state):
            return
        activity, working = _activity(state)
        if working or activity != seen:
            seen, used = activity, time.monotonic()
    path.unlink(missing_ok=True)


def _is_ours(path: Path, state: State) -> bool:
    try:
        return bool(json.loads(path.read_text(encoding="utf-8"))["pid"] == state.pid)
    except (OSError, ValueError):
        return False


def _activity(state: State) -> tuple[str, bool]:
    """The last task of every slot, and whether one is at work."""
    request = Request(f"{state.url}/slots", headers={"Authorization": f"Bearer {state.key}"})
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=60) as response:
            slots = json.load(response)
    except TimeoutError:
        return "", True
    return str([slot.get("id_task") for slot in slots]), any(
        slot["is_processing"] for slot in slots
    )


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # llama.cpp's threads can hang an orderly end.
    os._exit(status)
