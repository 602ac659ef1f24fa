"""The table of units (`units.yaml`), ready for matching."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from zhanggui.text.datafile import DataModel, load


class _UnitData(DataModel):
    names: list[str]
    factor: Decimal
    offset: Decimal = Decimal(0)
    inexact: bool = False
    cased: tuple[str, ...] = ()
    least: Decimal = Decimal(0)
    followed_by: str = ""


class _BoundData(DataModel):
    before: dict[str, list[str]]
    part_of: tuple[str, ...]
    between: dict[str, list[str]]
    after: dict[str, list[str]]


class _UnitsFile(DataModel):
    dimensions: dict[str, list[_UnitData]]
    not_before: dict[str, str]
    not_after: str
    pair_units: list[str]
    currency_signs: dict[str, str]
    bounds: _BoundData


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `(number + offset) * factor` is the value in the dimension's base unit."""

    dimension: str
    factor: Decimal
    offset: Decimal
    inexact: bool
    cased: frozenset[str]
    least: Decimal
    followed_by: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class UnitTable:
    """All units with the patterns that find them and the words that bound a number."""

    units: dict[str, Unit]
    pattern: re.Pattern[str]
    """A unit's name where it stands as a whole word."""
    not_after: str
    pair_units: frozenset[str]
    currency_signs: dict[str, str]
    before: tuple[tuple[str, str], ...]
    """(word, bound), longest word first; `between` and `after` likewise."""
    words_before: tuple[str, ...]
    words_after: tuple[str, ...]
    """The words of both alone."""
    part_of: tuple[str, ...]
    """Words that only end with a word of `before`."""
    between: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@cache
def unit_table() -> UnitTable:
    """The table of `units.yaml`."""
    data = load(_UnitsFile, "zhanggui.text", "units.yaml")
    units = {
        name: Unit(
            dimension,
            unit.factor,
            unit.offset,
            unit.inexact,
            frozenset(unit.cased),
            unit.least,
            re.compile(unit.followed_by) if unit.followed_by else None,
        )
        for dimension, entries in data.dimensions.items()
        for unit in entries
        for name in unit.names
    }
    return UnitTable(
        units,
        _pattern(units, data.not_before),
        data.not_after,
        frozenset(data.pair_units),
        data.currency_signs,
        _bounds(data.bounds.before),
        tuple(word for words in data.bounds.before.values() for word in words),
        tuple(word for words in data.bounds.after.values() for word in words),
        data.bounds.part_of,
        _bounds(data.bounds.between),
        _bounds(data.bounds.after),
    )


def _pattern(units: dict[str, Unit], not_before: dict[str, str]) -> re.Pattern[str]:
    pieces = []
    for name in sorted(units, key=len, reverse=True):
        piece = re.escape(name)
        if name[-1].isascii() and name[-1].isalpha():
            piece += r"(?![a-z])"
        elif name in not_before:
            piece += f"(?![{re.escape(not_before[name])}])"
        pieces.append(piece)
    return re.compile("|".join(pieces))


def _bounds(words: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    pairs = [(word, bound) for bound, entries in words.items() for word in entries]
    return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))
