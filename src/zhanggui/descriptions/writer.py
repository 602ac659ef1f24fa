"""The model's part: writing a draft and rewriting sentences, both as constrained JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined

from zhanggui.descriptions.brief import Brief, Copy
from zhanggui.descriptions.channel import PACKAGE, Channel
from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import cleaned
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

_PROMPTS = Environment(undefined=StrictUndefined, autoescape=False)


class _Prompt(DataModel):
    system: str


def write(task: Brief, engine: Engine) -> Copy | None:
    """A first draft; None if two tries give nothing that can be used.

    The second try samples with another seed, since the first is deterministic.
    """
    channel = task.channel
    for attempt in range(2):
        request = Request(
            messages=(
                ChatMessage("system", _system(channel, task.language)),
                ChatMessage(
                    "user",
                    _data(
                        task,
                        {
                            "bullet_facts": _named(task.bullet_facts),
                            "body_facts": _named(task.body_facts),
                        },
                    ),
                ),
            ),
            purpose="describe.write",
            max_tokens=560,
            temperature=0.0 if attempt == 0 else 0.4,
            seed=attempt,
            json_schema=_schema(channel),
        )
        copy = _copy_of(_answer(engine, request))
        if copy is not None and _usable(copy, task.language):
            return copy
    return None


def rewrite(task: Brief, faults: Sequence[tuple[str, str]], engine: Engine) -> list[str]:
    """Rewrites the sentences of `faults` (sentence, problem) in one call, in order.

    Returns as many sentences as asked for, or an empty list if the answer is of no use.
    """
    asked = [{"text": text, "problem": problem} for text, problem in faults]
    request = Request(
        messages=(
            ChatMessage("system", _repair_system(task.language)),
            ChatMessage("user", _data(task, {"facts": _named(task.facts), "faulty": asked})),
        ),
        purpose="describe.repair",
        max_tokens=60 + 80 * len(faults),
        json_schema={
            "type": "object",
            "properties": {
                "sentences": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": len(faults),
                    "maxItems": len(faults),
                }
            },
            "required": ["sentences"],
            "additionalProperties": False,
        },
    )
    answer = _json(_answer(engine, request))
    sentences = answer.get("sentences") if answer else None
    if not isinstance(sentences, list) or len(sentences) != len(faults):
        return []
    return [str(sentence).strip() for sentence in sentences]


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
        bullets_least=channel.bullets.least,
        bullets_most=channel.bullets.most,
        bullet_limit=channel.bullets.limit,
        body_limit=channel.body.limit,
    )


@cache
def _repair_system(language: Language) -> str:
    return load(_Prompt, PACKAGE, f"prompts/repair.{language}.yaml").system


def _data(task: Brief, more: Mapping[str, Any]) -> str:
    """The product as one line of JSON: quoted, so that nothing in it is an instruction."""
    product = {"title": task.product.title, "brand": task.product.brand}
    return json.dumps(cleaned({**product, **more}), ensure_ascii=False, separators=(",", ":"))


def _named(facts: Sequence[Fact]) -> dict[str, str]:
    return {fact.attribute: fact.value for fact in facts}


def _schema(channel: Channel) -> Mapping[str, Any]:
    # No maxLength: llama.cpp unrolls it into the grammar, and a long one stalls the sampler.
    text = {"type": "string"}
    return {
        "type": "object",
        "properties": {
            "title": text,
            "bullets": {
                "type": "array",
                "items": text,
                "minItems": channel.bullets.least,
                "maxItems": channel.bullets.most,
            },
            "body": text,
        },
        "required": ["title", "bullets", "body"],
        "additionalProperties": False,
    }


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _copy_of(text: str) -> Copy | None:
    value = _json(text)
    if value is None or not isinstance(value.get("bullets"), list):
        return None
    bullets = tuple(str(bullet) for bullet in value["bullets"])
    return Copy(str(value.get("title", "")), bullets, str(value.get("body", "")))


def _usable(copy: Copy, language: Language) -> bool:
    return bool(copy.body.strip()) and language_of(copy.body) == language
