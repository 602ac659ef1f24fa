"""The model picks one of a few facts, or none, and looks at it again. It words nothing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import plain as as_data
from zhanggui.knowledge.markdown import plain
from zhanggui.knowledge.parts import PATH
from zhanggui.llm.engine import ChatMessage, Completion, Engine, Request, chat
from zhanggui.records import Passage
from zhanggui.text.datafile import DataModel, load

FACTS = 5
_FACT_LENGTH = 90
_QUESTION_LENGTH = 120
_SLOT = re.compile(r"(\{[a-z]+\})")


class _Example(DataModel):
    user: str
    assistant: str


class _Prompt(DataModel):
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


def check(engine: Engine, question: str, passage: Passage, product: str) -> float:
    """The probability, from the first token, that the model says the passage answers; `product`
    is its title or empty. 1.0 or 0.0 if the server gives no probabilities.

    Raises `EngineError` when the model cannot be reached or answers out of range.
    """
    known = {
        "{product}": f"商品：{product}\n" if product else "",
        "{fact}": fact(passage),
        "{question}": as_line(question),
    }
    return yes(engine, "check", known)


def yes(engine: Engine, prompt: str, known: Mapping[str, str]) -> float:
    """The probability of 1 against 0 for a prompt of `prompts/`, one constrained digit.

    Raises `EngineError` when the model cannot be reached or answers out of range.
    """
    completion = chat(engine, _asking(prompt, known, largest=1))
    answer = float(_number(completion, 1))
    return _probabilities(completion.logprobs, 1).get(1, answer)


def _request(question: str, shown: Sequence[Passage]) -> Request:
    known = {
        "{facts}": "\n".join(f"{place}. {fact(p)}" for place, p in enumerate(shown, start=1)),
        "{question}": as_line(question),
    }
    return _asking("pick", known, largest=len(shown))


def _asking(name: str, known: Mapping[str, str], *, largest: int) -> Request:
    """One constrained digit for the prompt `name`."""
    prompt = load(_Prompt, "zhanggui.answers", f"prompts/{name}.yaml")
    messages = [ChatMessage("system", prompt.system)]
    for example in prompt.examples:
        messages.append(ChatMessage("user", example.user))
        messages.append(ChatMessage("assistant", example.assistant))
    # Not str.format: a customer's braces are text, and what is filled in is not filled again.
    pieces = _SLOT.split(prompt.user)
    user = "".join(known.get(piece, piece) for piece in pieces)
    messages.append(ChatMessage("user", user))
    return Request(
        messages=tuple(messages),
        purpose=f"answer.{name}",
        max_tokens=4,
        json_schema={"type": "integer", "enum": list(range(largest + 1))},
        priority="customer",
        top_logprobs=10,
    )


def as_line(question: str) -> str:
    """A customer's or the staff's words as one short line of a prompt."""
    return " ".join(as_data(question).split())[:_QUESTION_LENGTH]


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
