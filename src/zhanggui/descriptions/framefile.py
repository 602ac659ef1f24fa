"""What `frames/*.yaml` hold: ways to say attributes, scenes and last sentences of one language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from zhanggui.claims.lexicon import lexicon
from zhanggui.descriptions.channel import PACKAGE
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

Place = Literal["bullet", "body"]

DOTS = " 。．.；;，,"
LIST = re.compile(r"[、/;；]|, | and ")
STATEMENTS = re.compile(r"[;；。]|\.\s+[A-Z]")
"""Several statements in one value: they follow the name as a list does."""
BRACKETS = re.compile(r"[(（][^)）]*[)）]")


class Sayings(DataModel):
    """Ways to say an attribute. `light` adds a remark; `topic` is shared by those that go into
    one line."""

    bullets: list[str]
    body: list[str]
    light: tuple[str, ...] = ()
    topic: str = ""


class Kind(Sayings):
    """The ways for attributes that are alike in name and value; `frames/zh.yaml` tells each key."""

    names: list[str]
    but: tuple[str, ...] = ()
    dimension: str = ""
    least: float = 0.0
    below: float = float("inf")
    listed: bool = False
    simple: bool = False
    material: bool = False
    value: str = ""
    part: str = ""
    short: tuple[str, ...] = ()

    def fits(self, name: str, fact: Fact) -> bool:
        """Whether this kind is the one for `fact` by its name, its value and its numbers."""
        value = fact.value.strip(DOTS)
        named = any(_named(word, name) for word in self.names)
        if not named or any(word_in(word, name) for word in self.but):
            return False
        if self.listed and not LIST.search(value):
            return False
        if self.simple and STATEMENTS.search(value):
            return False
        if self.material and not _is_material(fact, value):
            return False
        if self.value and not re.search(self.value, value, re.IGNORECASE):
            return False
        if not self.dimension:
            return True
        amounts = [one.low for one in fact.quantities if one.dimension == self.dimension]
        return bool(amounts) and self.least <= amounts[0] < self.below


class Scene(DataModel):
    """Where things are used that are called by one of `words`."""

    words: list[str]
    lines: list[str]


class Closing(DataModel):
    """A last sentence for products with an attribute that one of `about` stands in; for all
    without any."""

    line: str
    about: tuple[str, ...] = ()


class FramesFile(DataModel):
    """One language."""

    closed: str
    between: dict[Place, str]
    about: list[str]
    """What the body begins with where no scene fits; {thing} is what the product is called."""
    meaning: dict[str, str]
    closings: list[Closing]
    proper: list[str]
    """First words of a value that stay in capitals within a sentence."""
    countable: list[str]
    """Nouns that want an article."""
    good_without: list[str]
    able: list[str]
    predicates: list[str]
    """Names that say by themselves what a thing is or does: 可机洗, 双面防滑."""
    without: Sayings
    missing: Sayings
    unable: Sayings
    unsuited: Sayings
    unsupported: Sayings
    present: Sayings
    supported: Sayings
    predicate: Sayings
    capable: Sayings
    suited: Sayings
    detailed: Sayings
    allowed: Sayings
    remark: Sayings
    itself: Sayings
    default: Sayings
    presented: list[str]
    kinds: list[Kind]
    broad: list[str]
    """Words of scenes that say little of what a thing is."""
    scenes: list[Scene]


@cache
def frames_file(language: Language) -> FramesFile:
    """The sentences of the house in `language`."""
    return load(FramesFile, PACKAGE, f"frames/{language}.yaml")


def word_in(word: str, text: str) -> bool:
    """Whether `word` stands in `text`, an English one as a whole word."""
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def turned(lines: Sequence[str], turn: int) -> list[str]:
    """`lines` from the one whose turn it is."""
    first = turn % len(lines) if lines else 0
    return [*lines[first:], *lines[:first]]


def _named(word: str, name: str) -> bool:
    if word[:1] == "=":
        return word[1:] == name
    if word[-1:] == "=":
        return name.endswith(word[:-1])
    return not word or word_in(word, name)


def _is_material(fact: Fact, value: str) -> bool:
    """Whether the value's first words are what something is made of: 锌合金, not 硅胶防滑."""
    first = BRACKETS.sub("", re.split(r"[，,]", value)[0]).strip()
    made_of = (term for term in fact.terms if lexicon().kind(term) == "material")
    return any(first.endswith(term) for term in made_of)
