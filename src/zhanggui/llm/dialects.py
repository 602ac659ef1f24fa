"""Quirks of servers that speak the OpenAI protocol, as data (`dialects.yaml`)."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from zhanggui.text.datafile import DataModel, load


class Dialect(DataModel):
    """How one kind of server differs from the common protocol."""

    name: str
    hosts: tuple[str, ...]
    schema_mode: Literal["json_schema", "json_object"] = "json_schema"
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    seed: bool = True
    extra_body: dict[str, Any] = Field(default_factory=dict)


class Dialects(DataModel):
    """The data file."""

    dialects: tuple[Dialect, ...]
    context_marks: tuple[str, ...]
    quota_marks: tuple[str, ...]


def dialects() -> Dialects:
    """The data file, read once."""
    found: Dialects = load(Dialects, "zhanggui.llm", "dialects.yaml")
    return found


def dialect_named(name: str) -> Dialect:
    """The dialect `name`; KeyError for an unknown one."""
    return {dialect.name: dialect for dialect in dialects().dialects}[name]


def dialect_of(base_url: str) -> Dialect:
    """The dialect of the server at `base_url`."""
    host = urlsplit(base_url).hostname or ""
    return next(
        dialect
        for dialect in dialects().dialects
        if any(host == end or host.endswith(end if not end else f".{end}") for end in dialect.hosts)
    )
