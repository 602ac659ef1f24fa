"""How much of a text stands in the data as it is."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.claims.facts import IDENTITY
from zhanggui.records import Fact
from zhanggui.text.normalise import fold

_SHORTEST = 4


def copied(text: str, facts: Sequence[Fact]) -> float:
    """The share of the characters of `text` that stand in an attribute, in pieces of four and
    more."""
    plain_text = fold(text)
    values = [fold(fact.value) for fact in facts if fact.attribute not in IDENTITY]
    taken = [False] * len(plain_text)
    for start in range(len(plain_text) - _SHORTEST + 1):
        if any(plain_text[start : start + _SHORTEST] in value for value in values):
            taken[start : start + _SHORTEST] = [True] * _SHORTEST
    return sum(taken) / max(1, len(plain_text))
