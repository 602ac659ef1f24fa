"""What a model sees of personal data: placeholders go out, values come back.

What has a format is replaced for every model, names and addresses for one behind an endpoint
(`open_engine` says which); the local model reads those as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, cast

from zhanggui.llm.engine import ChatMessage, Delta, Engine, Request
from zhanggui.pii.finder import find


@dataclass(frozen=True)
class Redacting:
    """Replaces personal data by placeholders, and back in the answer.

    With `people`, names and addresses too, except in the system message: that one is ours, and
    the same for everybody.

    Placeholders (`[PHONE_1]`) are numbered by order of appearance in the request, so the same
    request with another number gives the same prompt, and the cache still hits.
    """

    engine: Engine
    people: bool = True

    @property
    def model(self) -> str:
        return self.engine.model

    def stream(self, request: Request) -> Iterator[Delta]:
        names = Placeholders.for_texts(_texts(request))
        messages = tuple(
            ChatMessage(one.role, names.hide(one.content, people=self._asks_for_people(one)))
            for one in request.messages
        )
        schema = None if request.json_schema is None else names.hide_all(request.json_schema)
        hidden = replace(
            request,
            messages=messages,
            json_schema=cast("Mapping[str, Any] | None", schema),
            stop=tuple(names.hide(mark) for mark in request.stop),
        )
        restorer = Restorer(names.values(as_json=request.json_schema is not None))
        with closing(cast(Any, self.engine.stream(hidden))) as deltas:
            for delta in deltas:
                text = restorer.feed(delta.text)
                if delta.finish_reason is not None:
                    text += restorer.rest()
                yield replace(delta, text=text)

    def _asks_for_people(self, message: ChatMessage) -> bool:
        return self.people and message.role != "system"


def _texts(request: Request) -> list[str]:
    texts = [message.content for message in request.messages]
    if request.json_schema is not None:
        texts.append(json.dumps(request.json_schema, ensure_ascii=False))
    return texts


class Placeholders:
    """Placeholders of one request, numbered within their type by first appearance."""

    def __init__(self, taken: str) -> None:
        # What a customer typed in the form of a placeholder must not turn into a value.
        self._taken = taken
        self._counts: dict[str, int] = {}
        self._names: dict[tuple[str, str], str] = {}

    @classmethod
    def for_texts(cls, texts: list[str]) -> Placeholders:
        """No placeholder that already stands in one of `texts` is used."""
        return cls("\n".join(texts))

    def hide(self, text: str, *, people: bool = False) -> str:
        """`text` with every formatted personal datum replaced, with `people` names too."""
        pieces: list[str] = []
        end = 0
        for entity in find(text, people=people):
            pieces += [text[end : entity.start], self._name(entity.type, entity.text)]
            end = entity.end
        return "".join([*pieces, text[end:]])

    def hide_all(self, value: Any) -> Any:
        """Every string inside a JSON value hidden, its keys too."""
        if isinstance(value, str):
            return self._known_people(self.hide(value))
        if isinstance(value, Mapping):
            return {self.hide(key): self.hide_all(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide_all(item) for item in value]
        return value

    def values(self, *, as_json: bool) -> dict[str, str]:
        """Placeholder to value; `as_json` escapes the value for the inside of a JSON string."""
        return {
            name: json.dumps(value, ensure_ascii=False)[1:-1] if as_json else value
            for (_, value), name in self._names.items()
        }

    def _known_people(self, text: str) -> str:
        # A name is only recognised in its sentence, so a schema is searched for those known.
        for (kind, value), name in self._names.items():
            if kind in ("NAME", "ADDRESS") and len(value) > 1:
                text = text.replace(value, name)
        return text

    def _name(self, kind: str, value: str) -> str:
        known = self._names.get((kind, value))
        if known is not None:
            return known
        while True:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            name = f"[{kind}_{self._counts[kind]}]"
            if name not in self._taken:
                break
        self._names[kind, value] = name
        return name


class Restorer:
    """Puts values in the place of placeholders in a text that arrives in pieces."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be said so far; the beginning of a placeholder is held back."""
        text = self._restored(self._held + piece)
        start = text.rfind("[")
        if start >= 0 and any(name.startswith(text[start:]) for name in self._values):
            self._held = text[start:]
            return text[:start]
        self._held = ""
        return text

    def rest(self) -> str:
        """What was held back when the text ended."""
        rest, self._held = self._held, ""
        return rest

    def _restored(self, text: str) -> str:
        for name, value in self._values.items():
            text = text.replace(name, value)
        return text
