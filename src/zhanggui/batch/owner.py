"""Which process works on a run, and whether it still lives."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import psutil

from zhanggui.errors import StoreError
from zhanggui.store import runs
from zhanggui.store.column_types import utc_now
from zhanggui.store.database import Store
from zhanggui.telemetry import log

_BEAT_SECONDS = 15.0
_STALE_SECONDS = 90.0


def this_process() -> runs.Owner:
    """The owner that this process is, told apart from any earlier one."""
    return runs.Owner(
        owner=secrets.token_hex(8),
        host=socket.gethostname(),
        pid=os.getpid(),
        process_started=psutil.Process().create_time(),
    )


def is_alive(run: runs.Run) -> bool:
    """Whether the process that owns `run` can still be at work on it."""
    if run.state != "running":
        return False
    if (utc_now() - run.heartbeat).total_seconds() > _STALE_SECONDS:
        return False
    if run.host != socket.gethostname():
        return True
    try:
        started = psutil.Process(run.pid).create_time()
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
    # The clock may have been set meanwhile; another process under this pid is far off.
    return abs(started - run.process_started) < 2.0


@contextmanager
def heartbeat(store: Store, run_id: str, owner: str) -> Iterator[None]:
    """While inside, the ledger is told every few seconds that the owner lives."""
    stop = Event()

    def beat() -> None:
        while not stop.wait(_BEAT_SECONDS):
            try:
                with store.begin() as conn:
                    runs.beat(conn, run_id, owner)
            except StoreError as error:
                # The next item that is written meets the same trouble and stops the run.
                log("run.heartbeat_failed", level=logging.WARNING, error=type(error).__name__)

    thread = Thread(target=beat, name="zhanggui-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
