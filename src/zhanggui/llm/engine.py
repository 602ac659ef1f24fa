"""The seam to language models: one required method, `Engine.stream`.

Real engines: `openai_compatible.OpenAICompatible` (the local llama.cpp child and any remote
server). The shipped fake: `fake.FakeEngine`. Behaviour is added by wrapping, in this order:
`Metered(Redacting(Cached(Retrying(engine))))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

ChatRole = Literal["system", "user", "assistant"]
Priority = Literal["customer", "bulk"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt."""

    role: ChatRole
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call to a language model."""

    messages: tuple[ChatMessage, ...]
    purpose: str
    """What the call is for, as the receipt names it: `describe.write`, `answer.pick`, …"""
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, Any] | None = None
    """The answer is constrained to JSON of this schema."""
    priority: Priority = "bulk"
    """A waiting customer goes before bulk work."""
    top_logprobs: int = 0
    """Ask for the log-probabilities of so many alternatives of the first token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call used. Milliseconds are wall time seen by the caller."""

    model: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    ms: float = 0.0
    first_token_ms: float = 0.0
    from_cache: bool = False
    """True when no model was asked (the `Cached` wrapper answered)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of the answer; the last one carries the reason it ended and the usage."""

    text: str = ""
    finish_reason: Literal["stop", "length"] | None = None
    usage: Usage | None = None
    logprobs: Mapping[str, float] = field(default_factory=dict)
    """Of the first token only, when asked for: token text → natural log-probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A whole answer."""

    text: str
    finish_reason: Literal["stop", "length"]
    usage: Usage
    logprobs: Mapping[str, float] = field(default_factory=dict)


class Engine(Protocol):
    """A language model."""

    @property
    def model(self) -> str:
        """Name of the model, as receipts show it."""
        ...

    def stream(self, request: Request) -> Iterator[Delta]:
        """Yields the answer piece by piece; the last delta has `finish_reason` and `usage`.

        Closing the iterator early cancels the call on the server. Raises a subclass of
        `errors.EngineError`.
        """
        ...


def chat(engine: Engine, request: Request) -> Completion:
    """The whole answer to `request`."""
    pieces: list[str] = []
    finish: Literal["stop", "length"] = "stop"
    usage = Usage(model=engine.model)
    logprobs: Mapping[str, float] = {}
    for delta in engine.stream(request):
        pieces.append(delta.text)
        if delta.logprobs:
            logprobs = delta.logprobs
        if delta.finish_reason is not None:
            finish = delta.finish_reason
        if delta.usage is not None:
            usage = delta.usage
    return Completion(text="".join(pieces), finish_reason=finish, usage=usage, logprobs=logprobs)
