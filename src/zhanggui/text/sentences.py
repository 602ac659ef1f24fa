"""Sentences and clauses with their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A full stop ends a sentence only where no digit or letter follows: "3.5 L", "e.g.", "v1.2".
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+[”’」』\"')）]*|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[，,、：:]+|[。！？!?；;\n]+[”’」』\"')）]*|\.(?=\s|$)|\s[-–—]\s|——")
# A comma or colon between digits belongs to the number: 1,000 or 16:9, 1、3、5分钟.
_NUMBER_JOIN = re.compile(r"(?<=\d)[,:：、](?=\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text; `text == whole[start:end]`, no white space at either end."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, end marks included, in order."""
    return _split(text, _SENTENCE_END, keep_mark=True)


def clauses(text: str) -> list[Span]:
    """The clauses of `text`, end marks left out, in order."""
    return _split(text, _CLAUSE_END, keep_mark=False)


def _split(text: str, end_mark: re.Pattern[str], *, keep_mark: bool) -> list[Span]:
    joined = {match.start() for match in _NUMBER_JOIN.finditer(text)}
    spans: list[Span] = []
    begin = 0
    for match in end_mark.finditer(text):
        if match.start() in joined:
            continue
        _append(spans, text, begin, match.end() if keep_mark else match.start())
        begin = match.end()
    _append(spans, text, begin, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(text[start:end], start, end))
