from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from zhanggui.evals.shops import OpenShop, open_shop
from zhanggui.knowledge.embedder import UniversalSentenceEncoder

Opener = Callable[[str], OpenShop]


@pytest.fixture(scope="session")
def embedder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(threads=1)


@pytest.fixture
def opened(embedder: UniversalSentenceEncoder) -> Iterator[Opener]:
    """Opens made-up shops by name."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(open_shop(name, embedder))
