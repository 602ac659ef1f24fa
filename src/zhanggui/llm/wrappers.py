"""Behaviour added around an engine: `Metered(Redacting(Cached(Retrying(engine))))`."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol, cast

import stamina

from zhanggui.errors import EngineTimeout, EngineUnreachable
from zhanggui.llm.engine import Delta, Engine, Request, Usage
from zhanggui.records import Receipt


class Cache(Protocol):
    """Where finished answers are kept, as the model gave them: with the placeholders of
    `Redacting`, which leaves names and addresses to the local model as they are."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str) -> None: ...


@dataclass(frozen=True)
class _Wrapper:
    engine: Engine

    @property
    def model(self) -> str:
        return self.engine.model


@dataclass(frozen=True)
class Metered(_Wrapper):
    """Gives a receipt for every call, also for one that was cancelled or failed."""

    on_receipt: Callable[[Receipt], None]

    def stream(self, request: Request) -> Iterator[Delta]:
        began = time.perf_counter()
        usage: Usage | None = None
        pieces = 0
        try:
            with closing(_generator(self.engine.stream(request))) as deltas:
                for delta in deltas:
                    usage = delta.usage or usage
                    pieces += bool(delta.text)
                    yield delta
        finally:
            ms = (time.perf_counter() - began) * 1000
            seen = usage or Usage(model=self.model, completion_tokens=pieces, ms=ms)
            self.on_receipt(
                Receipt(
                    purpose=request.purpose,
                    tier="cache" if seen.from_cache else "model",
                    model=seen.model,
                    prompt_tokens=seen.prompt_tokens,
                    cached_tokens=seen.cached_tokens,
                    completion_tokens=seen.completion_tokens,
                    ms=seen.ms,
                    first_token_ms=seen.first_token_ms,
                )
            )


@dataclass(frozen=True)
class Cached(_Wrapper):
    """Answers a repeated request from `cache`; only requests of temperature 0 are kept."""

    cache: Cache

    def stream(self, request: Request) -> Iterator[Delta]:
        if request.temperature > 0:
            yield from self.engine.stream(request)
            return
        began = time.perf_counter()
        key = self._key(request)
        stored = self.cache.get(key)
        if stored is not None:
            yield from self._replay(json.loads(stored), began)
            return
        pieces: list[str] = []
        logprobs: dict[str, float] = {}
        with closing(_generator(self.engine.stream(request))) as deltas:
            for delta in deltas:
                pieces.append(delta.text)
                logprobs |= delta.logprobs
                if delta.finish_reason is not None:
                    entry = {
                        "text": "".join(pieces),
                        "finish_reason": delta.finish_reason,
                        "logprobs": logprobs,
                    }
                    self.cache.put(key, json.dumps(entry, ensure_ascii=False))
                yield delta

    def _key(self, request: Request) -> str:
        asked: dict[str, Any] = asdict(request)
        del asked["priority"]
        told = json.dumps([self.model, asked], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def _replay(self, entry: dict[str, Any], began: float) -> Iterator[Delta]:
        yield Delta(text=entry["text"], logprobs=entry["logprobs"])
        ms = (time.perf_counter() - began) * 1000
        finish = cast(Literal["stop", "length"], entry["finish_reason"])
        usage = Usage(model=self.model, ms=ms, first_token_ms=ms, from_cache=True)
        yield Delta(finish_reason=finish, usage=usage)


@dataclass(frozen=True)
class Retrying(_Wrapper):
    """Repeats a call that failed before its first piece because the server was away.

    A bad key, a prompt that is too long or a refusal would fail again and is not repeated.
    """

    attempts: int = 3
    timeout: float = 60.0
    """Seconds after the first attempt began within which another one may begin."""

    def stream(self, request: Request) -> Iterator[Delta]:
        first: Delta | None = None
        deltas: _Closable | None = None
        for attempt in stamina.retry_context(
            on=(EngineUnreachable, EngineTimeout), attempts=self.attempts, timeout=self.timeout
        ):
            with attempt:
                deltas = _generator(self.engine.stream(request))
                first = next(deltas, None)
        if deltas is None or first is None:
            return
        with closing(deltas):
            yield first
            yield from deltas


@dataclass(frozen=True)
class Unhurried(_Wrapper):
    """Lets waiting customers go before every call: their questions, asked again in bulk."""

    def stream(self, request: Request) -> Iterator[Delta]:
        yield from self.engine.stream(replace(request, priority="bulk"))


class _Closable(Iterator[Delta], Protocol):
    def close(self) -> None: ...


def _generator(deltas: Iterator[Delta]) -> _Closable:
    """Engines yield from generators; closing one is how a call is cancelled."""
    return cast(_Closable, deltas)
