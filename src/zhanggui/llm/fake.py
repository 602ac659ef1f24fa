"""The shipped fake engine: canned answers, no model. For tests, of users as well."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhanggui.llm.engine import Delta, Request, Usage
from zhanggui.llm.schema import minimal


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer with the log-probabilities of its first token."""

    text: str
    logprobs: Mapping[str, float] = field(default_factory=dict)


Answer = str | Canned
Answers = Mapping[str, Answer] | Callable[[Request], Answer]


class FakeEngine:
    """Answers by purpose, or by a function of the request; a token is a character.

    Without a canned answer it gives the smallest JSON that fits the request's schema, or 好的。.
    An answer function may raise an `EngineError` to play a failing server.
    """

    def __init__(self, answers: Answers | None = None, *, model: str = "fake", piece: int = 4):
        self._answers = {} if answers is None else answers
        self._model = model
        self._piece = piece
        self.history: list[Request] = []
        """Every request, in order."""
        self.cancelled = 0
        """How many streams were closed before their end."""

    @property
    def model(self) -> str:
        return self._model

    def stream(self, request: Request) -> Iterator[Delta]:
        self.history.append(request)
        began = time.perf_counter()
        answer = self._answer(request)
        canned = answer if isinstance(answer, Canned) else Canned(answer)
        text, finish = _cut(canned.text, request)
        logprobs = canned.logprobs or {text[:1]: 0.0} if request.top_logprobs else {}
        first = 0.0
        try:
            for start in range(0, len(text), self._piece):
                first = first or (time.perf_counter() - began) * 1000
                yield Delta(text=text[start : start + self._piece], logprobs=logprobs)
                logprobs = {}
        except GeneratorExit:
            self.cancelled += 1
            raise
        usage = Usage(
            model=self._model,
            prompt_tokens=sum(len(message.content) for message in request.messages),
            completion_tokens=len(text),
            ms=(time.perf_counter() - began) * 1000,
            first_token_ms=first,
        )
        yield Delta(finish_reason=finish, usage=usage)

    def _answer(self, request: Request) -> Answer:
        if callable(self._answers):
            return self._answers(request)
        if request.purpose in self._answers:
            return self._answers[request.purpose]
        if request.json_schema is not None:
            return json.dumps(minimal(request.json_schema), ensure_ascii=False)
        return "好的。"


def _cut(text: str, request: Request) -> tuple[str, Literal["stop", "length"]]:
    ends = [place for mark in request.stop if (place := text.find(mark)) >= 0]
    text = text[: min(ends, default=len(text))]
    if len(text) > request.max_tokens:
        return text[: request.max_tokens], "length"
    return text, "stop"
