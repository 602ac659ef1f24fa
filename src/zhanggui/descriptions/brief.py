"""What a description should bring across: which facts in the bullets and which in the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.claims.facts import IDENTITY
from zhanggui.descriptions.channel import PACKAGE, Channel
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

_LONGEST = 120
_LONG = 24


class _BriefFile(DataModel):
    late: list[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """A product, the facts to cover and the channel."""

    product: Product
    facts: tuple[Fact, ...]
    channel: Channel
    language: Language

    @property
    def translated(self) -> bool:
        """Whether the product's data is in another language than the text."""
        attributes = self.product.attributes
        told = " ".join((self.product.title, *attributes, *attributes.values()))
        return language_of(told) != self.language

    @property
    def bullet_facts(self) -> tuple[Fact, ...]:
        """The facts for the bullets, one each, in the source's order.

        Long values go there first: in the body they would read like a list.
        """
        limit = self.channel.bullets.limit
        short_enough = [one for one in self.facts if len(one.attribute + one.value) < limit]
        ranked = sorted(short_enough, key=lambda one: len(one.value) <= _LONG)
        chosen = ranked[: self._bullets]
        return tuple(fact for fact in self.facts if fact in chosen)

    @property
    def body_facts(self) -> tuple[Fact, ...]:
        """The facts for the body: those that no bullet tells."""
        bullets = self.bullet_facts
        return tuple(fact for fact in self.facts if fact not in bullets)

    @property
    def _bullets(self) -> int:
        # With few facts the bullets get the larger half, so that the body still has its own.
        return min(self.channel.bullets.most, (len(self.facts) + 1) // 2)


def brief(product: Product, facts: Sequence[Fact], channel: Channel) -> Brief:
    """The facts to cover: the source's order, looked-up ones last, overlong ones left out."""
    late = load(_BriefFile, PACKAGE, "brief.yaml").late
    usable = [
        fact for fact in facts if fact.attribute not in IDENTITY and len(fact.value) <= _LONGEST
    ]
    ranked = sorted(usable, key=lambda fact: any(word in fact.attribute.lower() for word in late))
    chosen = tuple(ranked[: channel.facts])
    return Brief(product, chosen, channel, channel.language_for(product))
