"""The picker on the real local model."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.answers.picking import check, pick
from zhanggui.llm.open_engine import open_engine
from zhanggui.records import Passage
from zhanggui.settings import Settings

FACTS = [
    Passage(id=str(number), source="products.csv:P1", text=text, kind="attribute", product_id="P1")
    for number, text in enumerate(
        ["噪音：约65分贝", "额定功率：1800W", "内胆材质：304不锈钢", "质保：1年，只换不修"]
    )
]


@pytest.mark.live
def test_the_model_finds_the_fact_and_knows_when_there_is_none(models_dir: Path) -> None:
    engine = open_engine(Settings(models=models_dir, threads=2))
    found = pick(engine, "烧水的时候动静大不大", FACTS)
    assert found.passage == FACTS[0]
    assert 0.0 < found.probability <= 1.0
    none = pick(engine, "今天天气怎么样", FACTS)
    assert none.passage is None


@pytest.mark.live
def test_a_second_look_tells_an_answer_from_a_neighbour(models_dir: Path) -> None:
    engine = open_engine(Settings(models=models_dir, threads=2))
    title = "电热水壶 1.7L"
    answers = check(engine, "烧水的时候动静大不大", FACTS[0], title)
    assert answers > check(engine, "电源线有多长", FACTS[1], title)
