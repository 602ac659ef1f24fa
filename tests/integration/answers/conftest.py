from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from shop_bench import Case, Opener, OpenVault, load_shop

from zhanggui.answers.pipeline import Answerer
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.engine import Engine
from zhanggui.store.database import Store

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def embedder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(threads=1)


@pytest.fixture
def open_shop(tmp_path: Path, embedder: UniversalSentenceEncoder) -> Iterator[Opener]:
    """Loads a made-up shop into a fresh SQLite store and gives its answerer and questions."""
    with Store.open(f"sqlite:///{(tmp_path / 'shop.sqlite').as_posix()}") as store:

        def opened(name: str, engine: Engine | None = None) -> tuple[Answerer, list[Case]]:
            cases = load_shop(store, embedder, name)
            return Answerer(store, OpenVault(), embedder, engine, TODAY), cases

        yield opened
