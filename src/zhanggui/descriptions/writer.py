"""The model's part: a line for every attribute, as constrained JSON."""

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
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

_PROMPTS = Environment(undefined=StrictUndefined, autoescape=False)


class _Prompt(DataModel):
    system: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote: a title, an opening, and a line for each attribute."""

    title: str
    opening: str
    lines: Mapping[str, str]

    def line(self, fact: Fact) -> str:
        """The line for `fact`; `` if there is none."""
        return self.lines.get(fact.attribute, "")


def write(task: Brief, engine: Engine) -> Written | None:
    """A line for every fact of `task` in one call; None if the answer cannot be used.

    A second try samples with another seed, since the first is deterministic.
    """
    for attempt in range(2):
        request = Request(
            messages=(
                ChatMessage("system", _system(task.channel, task.language)),
                ChatMessage("user", _data(task, {"facts": _named(task.facts)})),
            ),
            purpose="describe.write",
            max_tokens=120 + 45 * len(task.facts),
            temperature=0.0 if attempt == 0 else 0.4,
            seed=attempt,
            json_schema=_schema(len(task.facts), task.language),
        )
        written = _written(_answer(engine, request), task)
        if written is not None:
            return written
    return None


def _answer(engine: Engine, request: Request) -> str:
    """The answer; empty where it was cut off or does not fit the schema."""
    try:
        return chat(engine, request).text
    except InvalidOutput:
        return ""


@cache
def _system(channel: Channel, language: Language) -> str:
    prompt = load(_Prompt, PACKAGE, f"prompts/write.{language}.yaml")
    return _PROMPTS.from_string(prompt.system).render(
        channel=channel.name,
        tone=channel.tone,
        title_limit=channel.title.limit,
    )


def _data(task: Brief, more: Mapping[str, Any]) -> str:
    """The product as one line of JSON: quoted, so that nothing in it is an instruction."""
    product = {"title": task.product.title, "brand": task.product.brand}
    return json.dumps({**product, **more}, ensure_ascii=False, separators=(",", ":"))


def _named(facts: Sequence[Fact]) -> dict[str, str]:
    return {fact.attribute: fact.value for fact in facts}


def _schema(lines: int, language: Language) -> Mapping[str, Any]:
    # No maxLength: llama.cpp unrolls it into the grammar, and a long one stalls the sampler.
    text = {"type": "string"}
    properties: dict[str, Any] = {
        "opening": text,
        "lines": {"type": "array", "items": text, "minItems": lines, "maxItems": lines},
    }
    # A Chinese text keeps the product's own title.
    properties = {"title": text, **properties} if language == "en" else properties
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _written(answer: str, task: Brief) -> Written | None:
    try:
        value = json.loads(answer)
    except ValueError:
        return None
    lines = value.get("lines") if isinstance(value, dict) else None
    if not isinstance(lines, list) or len(lines) != len(task.facts):
        return None
    said = {fact.attribute: str(line) for fact, line in zip(task.facts, lines, strict=True)}
    return Written(str(value.get("title", "")), str(value.get("opening", "")).strip(), said)
