"""Sides and parts of a product: which piece of a fact's value is said of which of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from zhanggui.claims.lexicon import PACKAGE, lexicon
from zhanggui.claims.vocabulary import negated
from zhanggui.records import Fact, Quantity
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import normalise
from zhanggui.text.quantities import quantities

_PIECES = re.compile(r"[，,；;。、|\n]+|\s/\s")
Kind = Literal["side", "both", "whole", "part"]


class _Sides(DataModel):
    heads: tuple[str, str]
    nouns: list[str]
    words: tuple[list[str], list[str]]
    both: list[str]


class _PartsFile(DataModel):
    sides: list[_Sides]
    whole: list[str]
    parts: list[str]
    instead: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two opposites: the front, the lining."""

    pair: int
    first: bool

    @property
    def opposite(self) -> Side:
        """The other one."""
        return Side(self.pair, not self.first)


@dataclass(frozen=True, slots=True)
class Place:
    """A word that names a side, both sides, all of a product or a part of it."""

    kind: Kind
    start: int
    end: int
    word: str
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A piece of a fact's value with the sides and the part that it is said of."""

    fact: Fact
    text: str
    sides: frozenset[Side]
    part: str
    """`` where the fact names none."""

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers of the piece."""
        return tuple(span.quantity for span in quantities(self.text))

    @cached_property
    def terms(self) -> frozenset[str]:
        """What the piece affirms, wider terms included."""
        return frozenset(
            name
            for span in lexicon().find(self.text)
            if not negated(self.text, span.start, span.end)
            for name in lexicon().broader(span.term.name)
        )


def pieces_of(fact: Fact) -> Iterator[Piece]:
    """The pieces of the fact's value. One that names no place stands under the last that did."""
    name = places_in(normalise(fact.attribute).text)
    sides, part = _sides(name), _part(name)
    for text in _PIECES.split(normalise(fact.value).text):
        found = places_in(text)
        sides, part = _sides(found) or sides, _part(found) or part
        if text.strip():
            yield Piece(fact, text.strip(), sides, part)


def places_in(text: str) -> tuple[Place, ...]:
    """The places that normalised `text` names, in order."""
    table = _table()
    return tuple(
        Place(table[match[0]][0], *match.span(), match[0], table[match[0]][1])
        for match in _pattern().finditer(text)
    )


def instead_of() -> tuple[tuple[str, str], ...]:
    """Pairs of values of which one excludes the other."""
    return tuple(_data().instead)


def without_places(attribute: str) -> str:
    """The attribute's name without the side that it names: 摄分辨率 of 前摄分辨率."""
    name = normalise(attribute).text
    for place in reversed(places_in(name)):
        name = name[: place.start] + name[place.end :]
    return name


def _sides(places: tuple[Place, ...]) -> frozenset[Side]:
    return frozenset(side for place in places for side in place.sides)


def _part(places: tuple[Place, ...]) -> str:
    return next((place.word for place in places if place.kind in ("part", "whole")), "")


@cache
def _data() -> _PartsFile:
    return load(_PartsFile, PACKAGE, "lexicons/parts.yaml")


@cache
def _table() -> dict[str, tuple[Kind, tuple[Side, ...]]]:
    found: dict[str, tuple[Kind, tuple[Side, ...]]] = {}
    for pair, data in enumerate(_data().sides):
        ends = (Side(pair, first=True), Side(pair, first=False))
        for word in data.both:
            found[word] = ("both", ends)
        for side, head, words in zip(ends, data.heads, data.words, strict=True):
            for word in (*(head + noun for noun in data.nouns), *words):
                found[word] = ("side", (side,))
    for word in _data().whole:
        found.setdefault(word, ("whole", ()))
    for word in _data().parts:
        found.setdefault(word, ("part", ()))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_table(), key=len, reverse=True)
    bounded = (rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in words)
    return re.compile("|".join(bounded))
