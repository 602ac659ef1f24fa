"""Whose question the model works on next: customers in the order they came, then bulk work."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Condition, local
from typing import Literal

from zhanggui.llm.engine import Delta, Engine, Priority, Request

_REMEMBERED = 16
Stage = Literal["came", "may look", "looks", "may ask", "asks"]
"""`may …` waits for its turn to."""
_RANK: dict[Priority, int] = {"customer": 0, "bulk": 1}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a question may have to wait for the model, should it need it."""

    position: int
    """Questions that came before and are not done; 0: nothing to wait for."""
    seconds: float
    """Estimated from what the last questions kept the model."""


class WaitingLine:
    """A line before the model of one process. Safe to share between threads.

    Only who needs the model waits, so a question that is looked up passes those before it, and
    somebody who stands in the line without asking holds nobody up.
    """

    def __init__(self, width: int = 1, *, expected_seconds: float = 3.0) -> None:
        """`width` questions are worked on at once; the local model takes one.

        `expected_seconds` is the estimate for one question until one was seen.
        """
        self._width = width
        self._changed = Condition()
        self._here = local()
        # More at once than processors only make each other slow.
        self._processors = os.cpu_count() or 1
        self._places: list[Place] = []
        self._joined = 0
        self._kept: deque[float] = deque([expected_seconds], maxlen=_REMEMBERED)

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """What this thread asks inside the block is bulk work: files, past questions."""
        before = self._priority
        self._here.priority = "bulk"
        try:
            yield
        finally:
            self._here.priority = before

    @property
    def _priority(self) -> Priority:
        return getattr(self._here, "priority", "customer")

    @contextmanager
    def join(self) -> Iterator[Place]:
        """A place in the line, given up at the end of the block."""
        with self._changed:
            self._joined += 1
            priority = self._priority
            place = Place(self, priority, (_RANK[priority], self._joined))
            self._places.append(place)
        try:
            yield place
        finally:
            self._leave(place)

    def ahead(self, place: Place) -> Waiting:
        """How many are before `place` now."""
        with self._changed:
            before = sum(other.order < place.order for other in self._places)
            mean = sum(self._kept) / len(self._kept)
        return Waiting(before, before * mean / self._width)

    def look(self, place: Place) -> None:
        """Waits until a processor is free for `place`, which keeps it until it asks the model."""
        self._wait(place, "may look", "looks", self._processors)

    def take(self, place: Place) -> None:
        """Waits until it is the turn of `place` to ask the model, and stays so until it leaves."""
        if place.stage != "asks":
            self._wait(place, "may ask", "asks", self._width)
            place.began = time.monotonic()

    def _wait(self, place: Place, before: Stage, after: Stage, most: int) -> None:
        def is_next() -> bool:
            inside = sum(other.stage == after for other in self._places)
            waiting = [other for other in self._places if other.stage == before]
            return inside < most and min(waiting, key=lambda other: other.order) is place

        with self._changed:
            place.stage = before
            self._changed.notify_all()
            self._changed.wait_for(is_next)
            place.stage = after
            # There may be room for one more.
            self._changed.notify_all()

    def _leave(self, place: Place) -> None:
        with self._changed:
            self._places.remove(place)
            if place.began is not None:
                self._kept.append(time.monotonic() - place.began)
            self._changed.notify_all()


@dataclass(eq=False, slots=True)
class Place:
    """One question's place in a line."""

    line: WaitingLine = field(repr=False)
    priority: Priority
    order: tuple[int, int]
    stage: Stage = "came"
    began: float | None = None

    @property
    def waiting(self) -> Waiting:
        """How many are before it now."""
        return self.line.ahead(self)


@dataclass(frozen=True)
class InTurn:
    """An engine whose first call waits for the turn of `place`; the calls after it go on. All
    have the priority of the place."""

    engine: Engine
    place: Place

    @property
    def model(self) -> str:
        return self.engine.model

    def stream(self, request: Request) -> Iterator[Delta]:
        self.place.line.take(self.place)
        yield from self.engine.stream(replace(request, priority=self.place.priority))
