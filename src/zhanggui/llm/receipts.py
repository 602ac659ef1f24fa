"""Collects what the model calls of one piece of work cost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from zhanggui.records import Receipt


class Receipts:
    """Takes receipts in (as `Metered` gives them) and gives each thread its own."""

    def __init__(self) -> None:
        self._here = threading.local()

    def __call__(self, receipt: Receipt) -> None:
        collected = getattr(self._here, "collected", None)
        if collected is not None:
            collected.append(receipt)

    @contextmanager
    def collecting(self) -> Iterator[list[Receipt]]:
        """The receipts of this thread's calls inside the block, those of inner blocks left out."""
        outer = getattr(self._here, "collected", None)
        collected: list[Receipt] = []
        self._here.collected = collected
        try:
            yield collected
        finally:
            self._here.collected = outer
