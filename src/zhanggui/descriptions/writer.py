"""The model's part: half a sentence for each bullet, as constrained JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_PROMPTS = Environment(undefined=StrictUndefined, autoescape=False)


class _Prompt(DataModel):
    system: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote for each attribute that it was asked about."""

    title: str
    said: Mapping[str, str]
    """Attribute → what follows its value; where the data had to be translated, the whole line."""


def write(task: Brief, engine: Engine) -> Written | None:
    """Half a sentence for every bullet of `task`, in one call; None if the answer cannot be used.
    For data in another language a title and a line for every fact.

    A second try samples with another seed, since the first is deterministic.
    """
    facts = task.facts if task.translated else task.bullet_facts
    properties = ["title"] * task.translated + [fact.attribute for fact in facts]
    for attempt in range(2):
        request = Request(
            messages=(
                ChatMessage("system", _system(task)),
                ChatMessage("user", _data(task, facts)),
            ),
            purpose="describe.write",
            max_tokens=60 + (50 if task.translated else 30) * len(facts),
            temperature=0.0 if attempt == 0 else 0.4,
            seed=attempt,
            json_schema=_schema(properties, None if task.translated else _MOST[task.language]),
        )
        written = _written(_answer(engine, request), facts)
        if written is not None:
            return written
    return None


def _answer(engine: Engine, request: Request) -> str:
    """The answer; empty where it was cut off or does not fit the schema."""
    try:
        return chat(engine, request).text
    except InvalidOutput:
        return ""


def _system(task: Brief) -> str:
    name = "translate" if task.translated else "write"
    return _rendered(f"prompts/{name}.{task.language}.yaml", task.channel)


@cache
def _rendered(name: str, channel: Channel) -> str:
    return _PROMPTS.from_string(load(_Prompt, PACKAGE, name).system).render(
        channel=channel.name, tone=channel.tone, title_limit=channel.title.limit
    )


def _data(task: Brief, facts: Sequence[Fact]) -> str:
    """The product as one line of JSON: quoted, so that nothing in it is an instruction."""
    product = {
        "title": task.product.title,
        "facts": {fact.attribute: fact.value for fact in facts},
    }
    return json.dumps(cleaned(product), ensure_ascii=False, separators=(",", ":"))


def _schema(properties: Sequence[str], most: int | None) -> Mapping[str, Any]:
    """Strings of at most `most` characters: a small model that starts to repeat itself does not
    stop. Long limits are not asked for; llama.cpp unrolls them, and its sampler stalls."""
    text = {"type": "string"} if most is None else {"type": "string", "maxLength": most}
    return {
        "type": "object",
        "properties": dict.fromkeys(properties, text),
        "required": list(properties),
        "additionalProperties": False,
    }


def _written(answer: str, facts: Sequence[Fact]) -> Written | None:
    try:
        value = json.loads(answer)
    except ValueError:
        return None
    if not isinstance(value, dict) or not any(fact.attribute in value for fact in facts):
        return None
    said = {fact.attribute: str(value.get(fact.attribute, "")) for fact in facts}
    return Written(str(value.get("title", "")), said)
