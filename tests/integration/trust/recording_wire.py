"""A model server that keeps every byte it is sent and answers what the schema asks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zhanggui.llm.schema import minimal

Answer = Callable[[dict[str, Any]], str]


def shortest(body: dict[str, Any]) -> str:
    """The smallest answer that fits the schema of a request."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    return "好的" if schema is None else json.dumps(minimal(schema), ensure_ascii=False)


@dataclass
class Wire:
    """What went over the wire, and what comes back."""

    url: str = ""
    received: list[bytes] = field(default_factory=list)
    """Request lines with headers, and bodies."""
    prompts: list[str] = field(default_factory=list)
    answer: Answer = shortest
