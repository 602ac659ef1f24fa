"""The model's part: it chooses which attribute of a kind of goods comes first, as constrained JSON.

A call is about (kind of goods, names of attributes) and nothing else of the product, so that the
cache answers for every other product of that kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from zhanggui.descriptions.brief import Brief, looked_up
from zhanggui.descriptions.channel import PACKAGE
from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import cleaned
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.text.datafile import DataModel, load

_FEWEST = 5
"""With fewer attributes all of them come first."""


class _Prompt(DataModel):
    system: str


def led(task: Brief, engine: Engine) -> Brief | None:
    """`task` with the attribute first that the engine chooses; None where that changes nothing or
    the answer cannot be used. Raises `errors.EngineError`."""
    names = [fact.attribute for fact in task.facts if not looked_up(fact.attribute)]
    if len(names) < _FEWEST:
        return None
    goods = task.product.category or task.product.title
    # One line of JSON: quoted, so that nothing in it is an instruction.
    asked = cleaned({"goods": goods, "attributes": names})
    data = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    request = Request(
        messages=(
            ChatMessage("system", _system(f"prompts/write.{task.language}.yaml")),
            ChatMessage("user", data),
        ),
        purpose="describe.write",
        max_tokens=60,
        json_schema=_schema(names),
    )
    try:
        answer = json.loads(chat(engine, request).text)
    except (InvalidOutput, ValueError):
        return None
    chosen = answer.get("first") if isinstance(answer, dict) else None
    if chosen not in names[1:]:
        return None
    # False sorts before True, and what is not chosen keeps its order.
    facts = sorted(task.facts, key=lambda fact: fact.attribute != chosen)
    return replace(task, facts=tuple(facts))


@cache
def _system(name: str) -> str:
    return load(_Prompt, PACKAGE, name).system


def _schema(names: Sequence[str]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {"first": {"type": "string", "enum": list(names)}},
        "required": ["first"],
        "additionalProperties": False,
    }
