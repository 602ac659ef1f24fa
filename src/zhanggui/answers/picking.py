"""The model picks one of a few numbered facts, or none. It words nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import plain as as_data
from zhanggui.knowledge.markdown import PATH, plain
from zhanggui.llm.engine import ChatMessage, Completion, Engine, Request, chat
from zhanggui.records import Passage
from zhanggui.text.datafile import DataModel, load

FACTS = 5
_FACT_LENGTH = 90
_QUESTION_LENGTH = 120


class _Example(DataModel):
    user: str
    assistant: str


class _PickPrompt(DataModel):
    system: str
    examples: tuple[_Example, ...]
    user: str


@dataclass(frozen=True, slots=True)
class Pick:
    """What the model chose."""

    passage: Passage | None
    """None where it found no answer among the facts."""
    probability: float
    """Of the choice against all others, from the first token; 1.0 if the server gives none."""
    choices: int
    """How many answers there were, none among them."""


def pick(engine: Engine, question: str, passages: Sequence[Passage]) -> Pick:
    """Asks which passage answers the question, one constrained digit.

    Raises `EngineError` when the model cannot be reached or answers out of range.
    """
    shown = list(passages[:FACTS])
    completion = chat(engine, _request(question, shown))
    number = _number(completion, len(shown))
    probability = _probabilities(completion.logprobs, len(shown)).get(number, 1.0)
    return Pick(shown[number - 1] if number else None, probability, len(shown) + 1)


def _request(question: str, shown: Sequence[Passage]) -> Request:
    prompt = load(_PickPrompt, "zhanggui.answers", "prompts/pick.yaml")
    facts = "\n".join(f"{place}. {fact(p)}" for place, p in enumerate(shown, start=1))
    asked = " ".join(as_data(question).split())[:_QUESTION_LENGTH]
    messages = [ChatMessage("system", prompt.system)]
    for example in prompt.examples:
        messages.append(ChatMessage("user", example.user))
        messages.append(ChatMessage("assistant", example.assistant))
    # Not str.format on the question: a customer's braces are text.
    user = prompt.user.replace("{facts}", facts).replace("{question}", asked)
    messages.append(ChatMessage("user", user))
    return Request(
        messages=tuple(messages),
        purpose="answer.pick",
        max_tokens=4,
        json_schema={"type": "integer", "enum": list(range(len(shown) + 1))},
        priority="customer",
        top_logprobs=10,
    )


def fact(passage: Passage) -> str:
    """A passage as one short line."""
    if passage.question:
        line = f"{passage.question} {passage.text}"
    elif passage.kind == "attribute":
        line = passage.text
    else:
        line = f"{passage.heading.split(PATH)[-1]}：{passage.text}"
    return " ".join(as_data(plain(line)).split())[:_FACT_LENGTH]


def _number(completion: Completion, largest: int) -> int:
    try:
        number = json.loads(completion.text)
    except json.JSONDecodeError as error:
        raise InvalidOutput("the model did not answer with a number") from error
    if not isinstance(number, int) or not 0 <= number <= largest:
        raise InvalidOutput(f"the model answered {number!r}, which is no choice")
    return number


def _probabilities(logprobs: Mapping[str, float], largest: int) -> dict[int, float]:
    mass: dict[int, float] = {}
    for token, logprob in logprobs.items():
        digit = token.strip()
        if digit.isdecimal() and int(digit) <= largest:
            mass[int(digit)] = mass.get(int(digit), 0.0) + math.exp(logprob)
    total = sum(mass.values())
    return {digit: value / total for digit, value in mass.items()} if total > 0 else {}
