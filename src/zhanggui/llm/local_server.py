"""One llama.cpp process per machine and model: started on demand, shared, supervised."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import filelock
import psutil

from zhanggui.errors import EngineUnreachable
from zhanggui.telemetry import log

# The same figure stands in child.py, which must not be imported here: it loads llama.cpp.
_BUSY = 3
_START_SECONDS = 180.0
_HEALTH_SECONDS = 5.0
_POLL_SECONDS = 0.05
# Large pages for the weights: 4 % faster. Short spinning: with another busy program on the
# machine 5.5 instead of 1.5 tokens a second, alone the same. Other platforms ignore both.
_TUNING = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "GOMP_SPINCOUNT": "4000"}
# The clock may be set between two looks at a process; a reused pid is hours apart.
_CLOCK_SLACK_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the child listens."""

    pid: int
    started: float
    url: str
    key: str = field(repr=False)
    context_tokens: int
    kernels: str = ""
    """What its llama.cpp was compiled for."""

    @property
    def alive(self) -> bool:
        """Whether the process that wrote this still runs."""
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return abs(process.create_time() - self.started) < _CLOCK_SLACK_SECONDS
        except psutil.NoSuchProcess:
            return False

    @property
    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            opener = build_opener(ProxyHandler({}))
            with opener.open(f"{self.url}/health", timeout=_HEALTH_SECONDS) as response:
                return bool(response.status == 200)
        except (URLError, OSError):
            return False


class LocalServer:
    """Finds, starts, revives and stops the child that holds `weights`.

    `folder` holds its state, locks and log and is private to the user. Every process on the
    machine that uses the same weights and folder shares one child.
    """

    def __init__(
        self,
        weights: Path,
        folder: Path,
        *,
        threads: int,
        context_tokens: int,
        idle_seconds: float,
    ) -> None:
        self.weights = weights.resolve()
        self._folder = folder
        self._threads = threads
        self._context_tokens = context_tokens
        self._idle_seconds = idle_seconds

    def address(self) -> Address:
        """Where the child listens; starts it if none lives. Raises EngineUnreachable."""
        address = self.running()
        if address is not None:
            return address
        with self._start_lock:
            return self.running() or self._start()

    def revive(self, failed: Address) -> Address:
        """A living child after a call to `failed` broke; a wedged one is ended first."""
        with self._start_lock:
            address = self.running()
            if address is not None and (address.pid != failed.pid or address.healthy):
                return address
            log("the local model's process died and is started again", pid=failed.pid)
            self._end(failed)
            return self._start()

    def stop(self) -> None:
        """Ends the child if one lives."""
        with self._start_lock:
            address = self._read()
            if address is not None:
                self._end(address)

    def lock_file(self, name: str) -> Path:
        """The path of a lock that all users of this child share."""
        return self._path(f"{name}.lock")

    @cached_property
    def _start_lock(self) -> filelock.FileLock:
        return filelock.FileLock(self.lock_file("start"), timeout=2 * _START_SECONDS)

    def _path(self, suffix: str) -> Path:
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256(str(self.weights).encode()).hexdigest()[:8]
        return self._folder / f"{self.weights.stem}-{digest}.{suffix}"

    def _read(self) -> Address | None:
        try:
            return Address(**json.loads(self._path("json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def running(self) -> Address | None:
        """Where a living child with a context that is large enough listens, if there is one."""
        address = self._read()
        if address is None or not address.alive:
            return None
        return address if address.context_tokens >= self._context_tokens else None

    def _end(self, address: Address) -> None:
        if address.alive:
            process = psutil.Process(address.pid)
            process.kill()
            psutil.wait_procs([process], timeout=10)
        self._path("json").unlink(missing_ok=True)

    def _start(self) -> Address:
        if not self.weights.is_file():
            raise EngineUnreachable(
                f"The weights {self.weights} are missing; run `zhanggui models pull`."
            )
        smaller = self._read()
        if smaller is not None:
            self._end(smaller)
        until = time.monotonic() + _START_SECONDS
        child = self._spawn()
        while time.monotonic() < until:
            address = self.running()
            if address is not None and address.healthy:
                return address
            status = child.poll()
            if status == _BUSY:
                # Another child is loading, or on its way out: look again until one serves.
                time.sleep(10 * _POLL_SECONDS)
                child = self._spawn()
            elif status is not None:
                raise self._failed(f"ended with status {status}")
            time.sleep(_POLL_SECONDS)
        child.kill()
        raise self._failed(f"was not ready within {_START_SECONDS:g} s")

    def _spawn(self) -> subprocess.Popen[bytes]:
        orders = {
            "weights": str(self.weights),
            "state": str(self._path("json")),
            "lock": str(self.lock_file("owner")),
            "threads": self._threads,
            "context_tokens": self._context_tokens,
            "idle_seconds": self._idle_seconds,
        }
        with self._path("log").open("wb") as output:
            child = _detached([sys.executable, "-m", "zhanggui.llm.child"], output.fileno())
        assert child.stdin is not None
        with child.stdin as orders_pipe:
            orders_pipe.write(json.dumps(orders).encode())
        # Somebody must take the exit status, or a dead child stays a zombie of this process.
        threading.Thread(target=child.wait, daemon=True).start()
        return child

    def _failed(self, what: str) -> EngineUnreachable:
        path = self._path("log")
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        return EngineUnreachable(
            f"The local model's process {what} ({last[:160]}); see {path}, or run "
            "`zhanggui models pull` if the weights may be broken."
        )


def _detached(command: list[str], output: int) -> subprocess.Popen[bytes]:
    """Starts a process that outlives this one and does not see its Ctrl-C."""
    environment = dict(os.environ)
    if sys.platform == "win32":
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    for name, value in _TUNING.items():
        environment.setdefault(name, value)
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
