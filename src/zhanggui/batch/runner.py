"""The seam to where rows are worked on: one required method, `Runner.run`.

Shipped: `SerialRunner` (in this process, the one for tests), `LocalRunner` (processes of this
machine). All keep the order of the rows.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Protocol, TypeVar

from zhanggui.errors import ZhangguiError

T_contra = TypeVar("T_contra", contravariant=True)
T = TypeVar("T")

OutRow = Mapping[str, Any]
Worker = Callable[[Sequence[T]], Sequence[OutRow]]
"""Rows in, as many rows out, in the same order."""


class Stage(Protocol[T_contra]):
    """A picklable recipe for a worker; a frozen dataclass of paths and numbers is one."""

    def open(self) -> Callable[[Sequence[T_contra]], Sequence[OutRow]]:
        """Loads what the work needs, once in each process."""
        ...


class Runner(Protocol):
    """Where the work is done."""

    def run(self, stage: Stage[T], rows: Iterable[T]) -> Iterator[OutRow]:
        """Yields one row for each of `rows`, in their order, as soon as it is there.

        Takes only so many of `rows` ahead as it needs; closing the iterator ends the work.
        Raises what the stage raises.
        """
        ...


class SerialRunner:
    """Works in this process, `chunk` rows at a time."""

    def __init__(self, *, chunk: int = 256) -> None:
        self._chunk = chunk

    def run(self, stage: Stage[T], rows: Iterable[T]) -> Iterator[OutRow]:
        worker = stage.open()
        for chunk in _chunks(rows, self._chunk):
            yield from _one_each(worker, chunk)


class LocalRunner:
    """Works in `processes` processes of this machine, `chunk` rows at a time."""

    def __init__(self, processes: int, *, chunk: int = 256) -> None:
        self._processes = processes
        self._chunk = chunk

    def run(self, stage: Stage[T], rows: Iterable[T]) -> Iterator[OutRow]:
        pool = ProcessPoolExecutor(
            self._processes,
            # The same everywhere, and the only start that is safe beside threads.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_keep_stage,
            initargs=(stage,),
        )
        try:
            yield from self._in_order(pool, rows)
        except BrokenProcessPool as error:
            raise ZhangguiError(
                "A worker process ended early, most likely for want of memory: "
                "go on with --resume, with fewer processes."
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _in_order(self, pool: ProcessPoolExecutor, rows: Iterable[T]) -> Iterator[OutRow]:
        waiting: deque[Future[Sequence[OutRow]]] = deque()
        for chunk in _chunks(rows, self._chunk):
            waiting.append(pool.submit(_work, chunk))
            # Enough that no process waits, few enough that memory stays flat.
            if len(waiting) > 2 * self._processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


# What this pool process works by: its stage, and the worker that the stage opened.
_stage: list[Stage[Any]] = []
_worker: list[Worker[Any]] = []


def _keep_stage(stage: Stage[Any]) -> None:
    # Ctrl-C reaches the whole group; the parent decides what becomes of the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stage[:] = [stage]


def _work(chunk: Sequence[Any]) -> Sequence[OutRow]:
    # Opened here and not at the start of the process, so that its error reaches the parent.
    if not _worker:
        _worker.append(_stage[0].open())
    return _one_each(_worker[0], chunk)


def _one_each(worker: Worker[T], chunk: Sequence[T]) -> Sequence[OutRow]:
    made = worker(chunk)
    if len(made) != len(chunk):
        raise ValueError(f"the stage made {len(made)} rows of {len(chunk)}")
    return made


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
