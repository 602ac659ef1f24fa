"""Texts from a small grammar: templates with slots, expanded at random with a fixed seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_SLOT = re.compile(r"\{([a-z_0-9]+)\}")
_DEEPEST = 6


class Group(BaseModel):
    """Templates of one kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    each: int
    """Texts made of each template, fewer where it has fewer forms."""
    texts: tuple[str, ...]


class Grammar(BaseModel):
    """One file of `guard_texts`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slots: dict[str, tuple[str, ...]]
    groups: tuple[Group, ...]

    def texts(self, seed: int) -> Iterator[tuple[str, str]]:
        """(template, text), no text twice."""
        source = random.Random(seed)
        known: set[str] = set()
        for group in self.groups:
            for template in group.texts:
                for _ in range(group.each):
                    text = " ".join(self._filled(template, source, 0).split(" ")).strip()
                    if text and text not in known:
                        known.add(text)
                        yield template, text

    def _filled(self, template: str, source: random.Random, depth: int) -> str:
        if depth > _DEEPEST:
            raise ValueError(f"slots nest too deep in {template!r}")

        def word(match: re.Match[str]) -> str:
            words = self.slots.get(match.group(1))
            # A brace that names no slot is text.
            return (
                match.group()
                if words is None
                else self._filled(source.choice(words), source, depth + 1)
            )

        return _SLOT.sub(word, template)


def read_grammar(path: Path) -> Grammar:
    """The grammar in `path`."""
    return Grammar.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
