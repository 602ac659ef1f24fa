"""The reviews the student is least sure of go to the model, within a budget.

The answer is constrained to the three polarities. The model's vote replaces the student's
polarity and moves the score to its side; it never touches the opinions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from zhanggui.errors import EngineRefused, InvalidOutput
from zhanggui.guard.untrusted import plain
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Polarity, Reading, Review

PURPOSE = "reviews.polarity"
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"polarity": {"enum": ["positive", "neutral", "negative"]}},
    "required": ["polarity"],
    "additionalProperties": False,
}
# How sure a review is said to be that the model has decided.
_DECIDED_SCORE = 0.6


class _Prompt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    system: str
    user: str
    max_characters: int


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Refined:
    """Readings after the cascade, in the order given, and what it did."""

    readings: list[Reading]
    asked: int
    changed: int
    failed: int
    """Answers that could not be used; these reviews keep the student's polarity."""


def refine(
    reviews: Sequence[Review], readings: Sequence[Reading], engine: Engine, budget: int
) -> Refined:
    """Asks `engine` about the `budget` least sure reviews.

    An unusable answer leaves the student's; any other EngineError is raised.
    """
    filled = [index for index, review in enumerate(reviews) if review.content.strip()]
    unsure = sorted(filled, key=lambda index: abs(readings[index].score))[: max(0, budget)]
    result = list(readings)
    changed = failed = 0
    for index in unsure:
        try:
            polarity = _ask(reviews[index].content, engine)
        except (InvalidOutput, EngineRefused):
            failed += 1
            continue
        changed += polarity != readings[index].polarity
        result[index] = _decided(readings[index], polarity)
    return Refined(result, len(unsure), changed, failed)


def _ask(content: str, engine: Engine) -> Polarity:
    prompt = _prompt()
    user = prompt.user.replace("{content}", plain(content)[: prompt.max_characters])
    answer = chat(
        engine,
        Request(
            messages=(ChatMessage("system", prompt.system), ChatMessage("user", user)),
            purpose=PURPOSE,
            max_tokens=32,
            json_schema=_SCHEMA,
        ),
    )
    try:
        return _Answer.model_validate(json.loads(answer.text)).polarity
    except ValueError as error:
        raise InvalidOutput(f"the model did not answer with a polarity: {error}") from error


def _decided(reading: Reading, polarity: Polarity) -> Reading:
    if polarity == "neutral":
        return replace(reading, polarity=polarity)
    score = _DECIDED_SCORE if polarity == "positive" else -_DECIDED_SCORE
    return replace(reading, polarity=polarity, score=score)


@cache
def _prompt() -> _Prompt:
    source = files("zhanggui.reviews") / "prompts" / "polarity.yaml"
    return _Prompt.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
