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
_LONG = 24
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
    def bullet_facts(self) -> tuple[Fact, ...]:
        """The facts for the bullets, in the source's order; a further variant leads with others.

        Long values go there first: in the body they would read like a list.
        """
        limit = self.channel.bullets.limit
        ordered = self._led()
        short_enough = [one for one in ordered if len(one.attribute + one.value) < limit]
        ranked = sorted(short_enough, key=lambda one: len(one.value) <= _LONG)
        chosen = ranked[: self._bullets]
        return tuple(fact for fact in ordered if fact in chosen)

    @property
    def body_facts(self) -> tuple[Fact, ...]:
        """The facts for the body: those that no bullet tells."""
        bullets = self.bullet_facts
        return tuple(fact for fact in self._led() if fact not in bullets)

    def _led(self) -> tuple[Fact, ...]:
        first = (self.variant - 1) * 2 % len(self.facts) if self.facts else 0
        return (*self.facts[first:], *self.facts[:first])

    @property
    def _bullets(self) -> int:
        # With few facts the bullets get the larger half, so that the body still has its own.
        limits = self.channel.bullets
        return min(limits.most, max(limits.least, (len(self.facts) + 1) // 2))


def brief(
    product: Product,
    facts: Sequence[Fact],
    channel: Channel,
    language: Language,
    variant: int = 1,
) -> Brief:
    """The facts to cover: the source's order, looked-up ones last, overlong ones left out."""
    late = load(_BriefFile, PACKAGE, "brief.yaml").late
    usable = [
        fact for fact in facts if fact.attribute not in IDENTITY and len(fact.value) <= _LONGEST
    ]
    ranked = sorted(usable, key=lambda fact: any(word in fact.attribute.lower() for word in late))
    return Brief(product, tuple(ranked[: channel.facts]), channel, language, variant)
