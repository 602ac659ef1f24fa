"""Any server that speaks the OpenAI protocol: the local llama.cpp and remote ones."""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from zhanggui.errors import (
    BadKey,
    ContextTooLong,
    EngineError,
    EngineRefused,
    EngineTimeout,
    EngineUnreachable,
    InvalidOutput,
    QuotaExceeded,
)
from zhanggui.llm.dialects import Dialect, dialect_of, dialects
from zhanggui.llm.engine import Delta, Request, Usage
from zhanggui.llm.schema import misfit

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import Choice

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SHOWN = 160


class OpenAICompatible:
    """A chat model behind an OpenAI-compatible server.

    `timeout` is seconds for the whole call. `extra_body` is merged into each request's body
    after the dialect's. Raises the subclasses of `errors.EngineError`; nothing is repeated here.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        timeout: float = 120.0,
        *,
        extra_body: Mapping[str, Any] | None = None,
        dialect: Dialect | None = None,
    ):
        self._model = model
        self._key = api_key
        self._timeout = timeout
        self._dialect = dialect or dialect_of(base_url)
        self._extra = {**self._dialect.extra_body, **(extra_body or {})}
        self._url = base_url
        address = urlsplit(base_url)
        self._where = f"{address.hostname}:{address.port}" if address.port else address.hostname
        # A proxy from the environment must not come between us and our own machine.
        self._trust_env = address.hostname not in _LOOPBACK

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        http = openai.DefaultHttpxClient(trust_env=self._trust_env, timeout=self._timeout)
        client = openai.OpenAI(
            api_key=self._key or "none",
            base_url=self._url,
            timeout=self._timeout,
            max_retries=0,
            http_client=http,
        )
        weakref.finalize(self, client.close)
        return client

    @property
    def model(self) -> str:
        return self._model

    def stream(self, request: Request) -> Iterator[Delta]:
        import openai

        client = self._client
        began = time.perf_counter()
        try:
            chunks = client.chat.completions.create(**self._body(request))
            try:
                yield from self._deltas(request, chunks, began)
            finally:
                chunks.close()
        except openai.APIError as error:
            raise self._translated(error) from error
        except json.JSONDecodeError as error:
            raise EngineRefused(
                f"The server at {self._where} does not speak the OpenAI protocol; "
                "check the endpoint (it usually ends in /v1)."
            ) from error

    def _body(self, request: Request) -> dict[str, Any]:
        messages = [
            {"role": message.role, "content": message.content} for message in request.messages
        ]
        body: dict[str, Any] = {
            "model": self._model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": request.temperature,
            self._dialect.max_tokens_field: request.max_tokens,
            "extra_body": self._extra,
        }
        if self._dialect.seed:
            body["seed"] = request.seed
        if request.stop:
            body["stop"] = list(request.stop)
        if request.top_logprobs:
            body |= {"logprobs": True, "top_logprobs": request.top_logprobs}
        if request.json_schema is not None:
            self._constrain(body, dict(request.json_schema))
        return body

    def _constrain(self, body: dict[str, Any], schema: dict[str, Any]) -> None:
        if self._dialect.schema_mode == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema},
            }
            return
        body["response_format"] = {"type": "json_object"}
        told = json.dumps(schema, ensure_ascii=False)
        body["messages"].append(
            {"role": "system", "content": f"Answer with JSON of this schema only: {told}"}
        )

    def _deltas(
        self, request: Request, chunks: openai.Stream[ChatCompletionChunk], began: float
    ) -> Iterator[Delta]:
        pieces: list[str] = []
        finish: Literal["stop", "length"] | None = None
        usage: Usage | None = None
        first = 0.0
        for chunk in chunks:
            elapsed = time.perf_counter() - began
            if elapsed > self._timeout:
                raise self._too_slow()
            if chunk.usage is not None:
                usage = self._usage(chunk)
            if not chunk.choices:
                continue
            choice = chunk.choices[0]
            if choice.finish_reason is not None:
                finish = "length" if choice.finish_reason == "length" else "stop"
            text = choice.delta.content or ""
            if text:
                first = first or elapsed
                yield Delta(text=text, logprobs={} if pieces else _logprobs(choice))
                pieces.append(text)
        if finish is None:
            raise EngineUnreachable(
                f"The server at {self._where} closed the connection in the middle of an answer; "
                "try again."
            )
        ms = (time.perf_counter() - began) * 1000
        if request.json_schema is not None:
            _check("".join(pieces), finish, request)
        known = usage or Usage(model=self._model, completion_tokens=len(pieces))
        yield Delta(
            finish_reason=finish,
            usage=Usage(
                model=known.model,
                prompt_tokens=known.prompt_tokens,
                cached_tokens=known.cached_tokens,
                completion_tokens=known.completion_tokens,
                ms=ms,
                first_token_ms=first * 1000,
            ),
        )

    def _usage(self, chunk: ChatCompletionChunk) -> Usage | None:
        if chunk.usage is None:
            return None
        details = chunk.usage.prompt_tokens_details
        return Usage(
            model=self._model,
            prompt_tokens=chunk.usage.prompt_tokens,
            cached_tokens=(details.cached_tokens or 0) if details else 0,
            completion_tokens=chunk.usage.completion_tokens,
        )

    def _too_slow(self) -> EngineTimeout:
        return EngineTimeout(
            f"The model at {self._where} did not answer within {self._timeout:g} s; "
            "set ZHANGGUI_TIMEOUT_SECONDS higher or choose a smaller model."
        )

    def _translated(self, error: openai.APIError) -> EngineError:
        import openai

        if isinstance(error, openai.APITimeoutError):
            return self._too_slow()
        if isinstance(error, openai.APIConnectionError):
            return EngineUnreachable(
                f"No model server answers at {self._where}; check the endpoint and that the "
                "server runs."
            )
        status = error.status_code if isinstance(error, openai.APIStatusError) else 0
        told = f"{error.code or ''} {error.type or ''} {error.message}".lower()
        if status == 0 and (error.code or "").isdigit():
            status = int(error.code or 0)
        return self._by_status(status, told, error.message)

    def _by_status(self, status: int, told: str, message: str) -> EngineError:
        marks = dialects()
        if status in (401, 403):
            return BadKey(
                f"The model server at {self._where} does not accept the API key; "
                "set ZHANGGUI_API_KEY."
            )
        if status == 413 or (
            status in (0, 400, 422, 500) and any(mark in told for mark in marks.context_marks)
        ):
            return ContextTooLong(
                "The text is too long for the model's context; shorten it or choose a model "
                "with a larger context."
            )
        if status in (402, 429) or any(mark in told for mark in marks.quota_marks):
            return QuotaExceeded(
                f"The quota or rate limit at {self._where} is used up; wait or raise it there."
            )
        if status in (408, 504):
            return self._too_slow()
        if status >= 500:
            return EngineUnreachable(
                f"The model server at {self._where} fails with status {status}; try again later."
            )
        said = message.replace(self._key, "***") if self._key else message
        return EngineRefused(
            f"The model server at {self._where} refused the request ({status}): {said[:_SHOWN]}"
        )


def _logprobs(choice: Choice) -> dict[str, float]:
    if choice.logprobs is None or not choice.logprobs.content:
        return {}
    return {entry.token: entry.logprob for entry in choice.logprobs.content[0].top_logprobs}


def _check(text: str, finish: str, request: Request) -> None:
    if finish == "length":
        raise InvalidOutput(
            f"The model's answer to {request.purpose} was cut off after {request.max_tokens} "
            "tokens; ask for less or allow more."
        )
    try:
        reason = misfit(json.loads(text), request.json_schema or {})
    except json.JSONDecodeError:
        reason = "not JSON"
    if reason:
        raise InvalidOutput(
            f"The model's answer to {request.purpose} does not fit its schema ({reason}); "
            "try again or choose a larger model."
        )
