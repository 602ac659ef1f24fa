from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from people_shop import QUESTIONS, write_lines, write_shop

from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

OpenShop = Callable[..., Shop]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "exports")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "questions.jsonl", QUESTIONS)  # type: ignore[arg-type]


@pytest.fixture
def open_shop(home: Path) -> OpenShop:
    """Opens the shop of this test without weights."""

    def open_it(**given: object) -> Shop:
        settings = load_settings(home, **given)
        return Shop.open(settings, engine=FakeEngine(), embedder=FakeEmbedder())

    return open_it


@pytest.fixture
def shop(open_shop: OpenShop, exports: Path) -> Iterator[Shop]:
    """The shop, imported."""
    with open_shop() as opened:
        opened.import_folder(exports)
        yield opened
