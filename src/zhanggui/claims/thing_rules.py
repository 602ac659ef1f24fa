"""English counts of things that the facts count by name: nine pockets, three HDMI inputs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from zhanggui.claims.count_rules import OWN
from zhanggui.claims.facts import IDENTITY, PRICE
from zhanggui.claims.known import Known
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.records import Fact
from zhanggui.text.normalise import normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.quantities import quantities

_AFTER = re.compile(r"[ -]+([a-z]+)(?:[ -]([a-z]+))?(?:[ -]([a-z]+))?")
_STOP = frozenset(
    ("of", "the", "a", "an", "and", "or", "for", "in", "on", "at", "to", "with", "from", "by")
) | frozenset(
    ("per", "more", "less", "than", "is", "are", "that", "which", "you", "your", "it", "its")
)
_LIST = re.compile(r"[/,;]| and ")
_PORTION = re.compile(r"\b(?:per|each|servings?|dose|daily)\b")
_COUNTED = re.compile(r"[a-z\d][ -]+[a-z]{4}")
_LEAST = 2
_LETTERS = 3
_STEM = 5
_RANGE = re.compile(r"\d\s?(?:-|–|to)\s?\d")


def thing_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every bare number before a noun that a fact counts."""
    if _COUNTED.search(clause.norm) is None:
        return []
    taken = [
        (clause.to_norm(one.start), clause.to_norm(one.end)) for one in quantities(clause.text)
    ]
    marks = []
    for match in NUMBER.finditer(clause.norm):
        start, end = match.span()
        if match["chinese"] or any(begin < end and start < stop for begin, stop in taken):
            continue
        value, words = value_of(match), _words(clause.norm, end)
        if value < _LEAST or not words or OWN.search(clause.norm[:start]):
            continue
        found = _counting(words, clause.norm, known)
        held = next((fact for fact, numbers in found if _holds(fact, numbers, value)), None)
        if held is not None:
            marks.append(Mark(start, end, "supported", held))
        elif found and not any(_PORTION.search(_said(fact)) for fact, _ in found):
            # Two scoops are two of what one serving has.
            marks.append(contradicted(start, end, found[0][0]))
    return marks


def _said(fact: Fact) -> str:
    return normalise(f"{fact.attribute} {fact.value}").text


def _holds(fact: Fact, numbers: Sequence[Decimal], value: Decimal) -> bool:
    ranges = _RANGE.search(fact.value) is not None
    return value in numbers or (ranges and min(numbers) <= value <= max(numbers))


def _words(text: str, end: int) -> list[str]:
    """The nouns that may be what is counted: the words behind the number up to a little one."""
    match = _AFTER.match(text, end)
    words: list[str] = []
    for word in match.groups() if match else ():
        if word is None or word in _STOP:
            break
        words.append(_singular(word))
    return [word for word in words if len(word) > _LETTERS]


def _nouns(text: str, end: int) -> frozenset[str]:
    """Of the words behind a number those that it counts: plurals, and the last one."""
    match = _AFTER.match(text, end)
    plain = [word for word in (match.groups() if match else ()) if word and word not in _STOP]
    plural = [_singular(word) for word in plain if word.endswith("s")]
    return frozenset(plural or _words(text, end)[-1:])


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _counting(
    words: Sequence[str], said: str, known: Known
) -> list[tuple[Fact, Sequence[Decimal]]]:
    """The facts that count one of `words`, each with its numbers: those whose value has a number
    before the noun, and those whose name ends with it, if `said` has the rest of the name."""
    found: list[tuple[Fact, Sequence[Decimal]]] = []
    for fact in known.facts:
        if fact.attribute in IDENTITY or fact.attribute == PRICE:
            continue
        name, beside, numbers = _counts(fact.attribute, fact.value)
        rest = normalise(fact.attribute).text.split()[:-1]
        named = name in words and all(word[:_STEM] in said for word in rest)
        if name and named and numbers:
            found.append((fact, numbers))
        elif told := [number for number, nouns in beside if not nouns.isdisjoint(words)]:
            found.append((fact, told))
    return found


@lru_cache(maxsize=4096)
def _counts(
    attribute: str, value: str
) -> tuple[str, tuple[tuple[Decimal, frozenset[str]], ...], tuple[Decimal, ...]]:
    """What the attribute counts (`pocket`, or ``), its numbers with the nouns behind each, and
    all the numbers that may be how many there are."""
    text = normalise(value).text
    last = normalise(attribute).text.split()[-1:]
    name = _singular(last[0]) if last and last[0].endswith("s") and last[0].isascii() else ""
    matches = [match for match in NUMBER.finditer(text) if not match["chinese"]]
    beside = tuple((value_of(match), _nouns(text, match.end())) for match in matches)
    numbers = [number for number, _ in beside]
    if quantities(value):
        return "", beside, ()
    if not numbers:
        many = len([piece for piece in _LIST.split(text) if piece.strip()])
        numbers = [Decimal(many)] if many > 1 else []
    return name, beside, (*numbers, sum(numbers, Decimal(0)))
