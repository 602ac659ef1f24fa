"""The local model as an engine: one child for all, customers before bulk work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from typing import Any, cast

import filelock

from zhanggui.errors import EngineTimeout, EngineUnreachable
from zhanggui.llm.dialects import dialect_named
from zhanggui.llm.engine import Delta, Priority, Request
from zhanggui.llm.local_server import Address, LocalServer
from zhanggui.llm.openai_compatible import OpenAICompatible

_SLOTS = {"customer": 0, "bulk": 1}
# Bulk work of another process may run for long before it is our turn.
_BULK_PATIENCE_SECONDS = 1800.0


class LocalEngine:
    """Asks the supervised child; a child that dies is replaced and the request repeated once.

    `find_server` gives the server at the first request (it may have to fetch the weights).
    Slot 0 serves customers and slot 1 bulk work, each with its own prefix cache; bulk work of
    all processes goes one at a time and waits while a customer is being served.
    """

    def __init__(
        self, find_server: Callable[[], LocalServer], model: str, *, timeout: float = 120.0
    ) -> None:
        self._find_server = find_server
        self._model = model
        self._timeout = timeout

    @property
    def model(self) -> str:
        return self._model

    @cached_property
    def server(self) -> LocalServer:
        """The child's supervisor; finding it may fetch the weights."""
        return self._find_server()

    def stream(self, request: Request) -> Iterator[Delta]:
        with self._lane(request.priority):
            address = self.server.address()
            said = ""
            try:
                for delta in self._ask(address, request):
                    said += delta.text
                    yield delta
                return
            except EngineUnreachable:
                address = self.server.revive(address)
            yield from _after(said, self._ask(address, request))

    def _ask(self, address: Address, request: Request) -> Iterator[Delta]:
        engine = OpenAICompatible(
            f"{address.url}/v1",
            self._model,
            address.key,
            self._timeout,
            dialect=dialect_named("llama.cpp"),
            extra_body={"id_slot": _SLOTS[request.priority]},
        )
        with closing(cast(Any, engine.stream(request))) as deltas:
            yield from deltas

    @contextmanager
    def _lane(self, priority: Priority) -> Iterator[None]:
        patience = self._timeout if priority == "customer" else _BULK_PATIENCE_SECONDS
        with ExitStack() as held:
            try:
                if priority == "customer":
                    held.enter_context(self._lock("customer", patience))
                else:
                    # Whoever waits for its turn holds the door, so that no process can take
                    # turn after turn while another one waits.
                    with self._lock("door", patience):
                        held.enter_context(self._lock("bulk", patience))
                    with self._lock("customer", patience):
                        pass
            except filelock.Timeout as error:
                raise EngineTimeout(
                    f"The local model was busy with other work for {patience:g} s; try again."
                ) from error
            yield

    def _lock(self, name: str, patience: float) -> filelock.FileLock:
        # Not bound to a thread: a stream may be closed by another one than began it.
        path = self.server.lock_file(name)
        return filelock.FileLock(path, timeout=patience, thread_local=False)


def _after(said: str, deltas: Iterator[Delta]) -> Iterator[Delta]:
    """The repeated answer without what the caller already has.

    Raises EngineUnreachable if the repetition begins differently.
    """
    held = ""
    for delta in deltas:
        if said:
            held += delta.text
            if len(held) < len(said) and said.startswith(held):
                continue
            if not held.startswith(said):
                raise EngineUnreachable(
                    "The local model's process died in the middle of an answer; ask again."
                )
            delta = Delta(
                text=held[len(said) :], finish_reason=delta.finish_reason, usage=delta.usage
            )
            said = ""
        yield delta
