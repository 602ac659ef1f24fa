"""The model's part: half sentences for one attribute of one kind of goods, as constrained JSON.

A call is about (category, attribute, value) and nothing else of the product, so that the cache
answers for every other product, variant and size that shares them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined

from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.channel import PACKAGE, Channel
from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import cleaned
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

_MOST: Mapping[Language, int] = {"zh": 16, "en": 48}
_WAYS = ("a", "b", "c")
_PROMPTS = Environment(undefined=StrictUndefined, autoescape=False)

Written = Mapping[str, tuple[str, ...]]
"""Attribute → ways to go on after its value."""


class _Prompt(DataModel):
    system: str


def write(task: Brief, engine: Engine) -> Written:
    """Three half sentences for every bullet of `task`, one call each; none where the answer
    cannot be used. Raises `errors.EngineError`."""
    return {fact.attribute: _ways(task, fact, engine) for fact in task.bullet_facts}


def _ways(task: Brief, fact: Fact, engine: Engine) -> tuple[str, ...]:
    asked = {
        "category": task.product.category,
        "attribute": fact.attribute,
        "value": fact.value,
    }
    # One line of JSON: quoted, so that nothing in it is an instruction.
    data = json.dumps(cleaned(asked), ensure_ascii=False, separators=(",", ":"))
    system = _system(f"prompts/write.{task.language}.yaml", task.channel)
    request = Request(
        messages=(
            ChatMessage("system", system),
            ChatMessage("user", data),
        ),
        purpose="describe.write",
        max_tokens=110,
        json_schema=_schema(_MOST[task.language]),
    )
    try:
        answer = json.loads(chat(engine, request).text)
    except (InvalidOutput, ValueError):
        return ()
    if not isinstance(answer, dict):
        return ()
    ways = (str(answer[way]) for way in _WAYS if answer.get(way))
    # A small model likes to give the examples back.
    return tuple(way for way in ways if way not in system)


@cache
def _system(name: str, channel: Channel) -> str:
    """The prompt's beginning, the same for every call of a channel: the model's cache holds it."""
    return _PROMPTS.from_string(load(_Prompt, PACKAGE, name).system).render(
        channel=channel.name, tone=channel.tone
    )


def _schema(most: int) -> Mapping[str, Any]:
    """Strings of at most `most` characters: a small model that starts to repeat itself does not
    stop. Long limits are not asked for; llama.cpp unrolls them, and its sampler stalls."""
    text = {"type": "string", "maxLength": most}
    return {
        "type": "object",
        "properties": dict.fromkeys(_WAYS, text),
        "required": list(_WAYS),
        "additionalProperties": False,
    }
