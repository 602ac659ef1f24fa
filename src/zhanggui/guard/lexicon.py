"""The rules and word lists of the guard, loaded strictly and compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from zhanggui.text.datafile import DataModel, load

PACKAGE = "zhanggui.guard"


class _Rule(DataModel):
    name: str
    weight: float
    patterns: tuple[str, ...]


class _Rules(DataModel):
    rules: tuple[_Rule, ...]
    cues: tuple[str, ...]
    cipher_words: tuple[str, ...]
    morse: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns that speak for an attack, and how loudly."""

    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Disguises:
    """What undoing a disguise needs to know."""

    words: re.Pattern[str]
    morse: Mapping[str, str]


class OffenceWords(DataModel):
    """`offence.yaml`."""

    insults: tuple[str, ...]
    unless: tuple[str, ...]
    groups: tuple[str, ...]
    scorn: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules against injection."""
    found = load(_Rules, PACKAGE, "data/rules.yaml").rules
    return tuple(Rule(one.name, one.weight, any_of(one.patterns)) for one in found)


@cache
def cues() -> re.Pattern[str]:
    """Words that name a machine or an order to one."""
    return any_of(load(_Rules, PACKAGE, "data/rules.yaml").cues)


@cache
def disguises() -> Disguises:
    """The words and codes of `rules.yaml`."""
    found = load(_Rules, PACKAGE, "data/rules.yaml")
    return Disguises(any_of(found.cipher_words), found.morse)


def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern that matches where one of `patterns` does."""
    return re.compile("|".join(f"(?:{one})" for one in patterns))
