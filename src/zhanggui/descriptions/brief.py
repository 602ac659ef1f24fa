"""What a description should bring across: which facts in the bullets and which in the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from zhanggui.claims.facts import IDENTITY
from zhanggui.descriptions.channel import PACKAGE, Channel
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

_LONGEST = 120
_NUMBER = re.compile(r"\d{1,9}(?=\D*$)")


class _BriefFile(DataModel):
    late: list[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """A product, told in the language of the text, the facts to cover and the channel."""

    product: Product
    facts: tuple[Fact, ...]
    channel: Channel
    language: Language
    variant: int = 1
    """Which of several different descriptions; they differ in emphasis and in wording."""

    @property
    def turn(self) -> int:
        """Which of several ways to say a thing comes first: neighbours in a catalogue
        (P001, P002) take different ones."""
        found = _NUMBER.search(self.product.id)
        number = int(found[0]) if found else crc32(self.product.id.encode())
        return number + self.variant - 1

    @property
    def led(self) -> tuple[Fact, ...]:
        """The facts in the order in which to tell them; a further variant leads with others."""
        first = (self.variant - 1) * 2 % len(self.facts) if self.facts else 0
        return (*self.facts[first:], *self.facts[:first])


def looked_up(attribute: str) -> bool:
    """Whether a buyer looks the attribute up rather than reads about it: it never leads."""
    late = load(_BriefFile, PACKAGE, "brief.yaml").late
    return any(word in attribute.lower() for word in late)


def brief(
    product: Product,
    facts: Sequence[Fact],
    channel: Channel,
    language: Language,
    variant: int = 1,
) -> Brief:
    """The facts to cover: the source's order, looked-up ones last, overlong ones left out."""
    usable = [
        fact for fact in facts if fact.attribute not in IDENTITY and len(fact.value) <= _LONGEST
    ]
    # What the channel asks for is told even where it is looked up.
    asked = usable[: channel.facts]
    ranked = sorted(asked, key=lambda fact: looked_up(fact.attribute))
    return Brief(product, tuple(ranked), channel, language, variant)
