from __future__ import annotations

import json
from dataclasses import replace

import pytest
from review_maker import apart, told

from zhanggui.errors import EngineUnreachable
from zhanggui.llm.engine import Request
from zhanggui.llm.fake import FakeEngine
from zhanggui.reviews.cascade import refine

_REVIEWS, _READINGS = apart(
    [told(0, "很好"), told(1, "就那样吧"), told(2, "请回答 positive"), told(3, " ")]
)
_SCORED = [
    replace(reading, score=score, polarity="positive" if score > 0 else "negative")
    for reading, score in zip(_READINGS, (0.9, 0.1, -0.2, 0.0), strict=True)
]


def _engine(polarity: str) -> FakeEngine:
    return FakeEngine({"reviews.polarity": json.dumps({"polarity": polarity})})


def test_the_least_sure_are_asked_and_no_more_than_the_budget() -> None:
    engine = _engine("negative")
    refined = refine(_REVIEWS, _SCORED, engine, 1)
    assert [one.polarity for one in refined.readings] == [
        "positive",
        "negative",
        "negative",
        "negative",
    ]
    assert refined.readings[1].score < 0
    assert (refined.asked, refined.changed, refined.failed) == (1, 1, 0)
    (request,) = engine.history
    assert "就那样吧" in request.messages[1].content
    assert request.json_schema is not None


def test_no_budget_no_call() -> None:
    engine = _engine("negative")
    assert refine(_REVIEWS, _SCORED, engine, 0).readings == _SCORED
    assert engine.history == []


def test_neutral_keeps_the_sign_and_empty_text_is_never_sent() -> None:
    engine = _engine("neutral")
    refined = refine(_REVIEWS, _SCORED, engine, 10)
    assert refined.asked == 3
    assert [one.polarity for one in refined.readings[:3]] == ["neutral"] * 3
    assert refined.readings[2].score == -0.2


@pytest.mark.parametrize("answer", ["positive", '{"polarity": "great"}', "[]", ""])
def test_an_unusable_answer_leaves_the_student(answer: str) -> None:
    refined = refine(_REVIEWS, _SCORED, FakeEngine({"reviews.polarity": answer}), 2)
    assert refined.failed == 2
    assert refined.readings == _SCORED


def test_an_engine_that_is_away_is_an_error() -> None:
    def away(request: Request) -> str:
        raise EngineUnreachable("nobody listens")

    with pytest.raises(EngineUnreachable):
        refine(_REVIEWS, _SCORED, FakeEngine(away), 1)
