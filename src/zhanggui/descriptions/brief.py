"""What a description should bring across, and the same told without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.claims.facts import IDENTITY
from zhanggui.descriptions.channel import PACKAGE, Channel
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

_LONGEST = 120


class _Frames(DataModel):
    bullet: str
    opening: str
    sentence: str
    joiner: str
    closing: str
    filler: str


class _Template(DataModel):
    zh: _Frames
    en: _Frames
    late: list[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """A product, the facts to cover and the channel."""

    product: Product
    facts: tuple[Fact, ...]
    channel: Channel
    language: Language

    @property
    def bullet_facts(self) -> tuple[Fact, ...]:
        """The facts for the bullets, one each; the body tells the others."""
        return self.facts[: self._bullets]

    @property
    def body_facts(self) -> tuple[Fact, ...]:
        """The facts for the body."""
        return self.facts[self._bullets :] or self.facts

    @property
    def _bullets(self) -> int:
        # With few facts the bullets get the larger half, so that the body still has its own.
        return min(self.channel.bullets.most, (len(self.facts) + 1) // 2)


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of a description."""

    title: str
    bullets: tuple[str, ...]
    body: str

    def parts(self) -> dict[str, str]:
        """Part name → text, as claims and violations name the parts."""
        bullets = {f"bullets.{index}": text for index, text in enumerate(self.bullets)}
        return {"title": self.title, **bullets, "body": self.body}


def brief(product: Product, facts: Sequence[Fact], channel: Channel) -> Brief:
    """The facts to cover: the source's order, looked-up ones last, overlong ones left out."""
    late = load(_Template, PACKAGE, "template.yaml").late
    usable = [
        fact for fact in facts if fact.attribute not in IDENTITY and len(fact.value) <= _LONGEST
    ]
    ranked = sorted(usable, key=lambda fact: any(word in fact.attribute.lower() for word in late))
    chosen = tuple(ranked[: channel.facts])
    return Brief(product, chosen, channel, channel.language_for(product))


def fact_bullet(fact: Fact, language: Language) -> str:
    """One fact as a bullet, in its own words."""
    frames = _frames(language)
    return frames.bullet.format(attribute=fact.attribute, value=fact.value)


def filler(facts: Sequence[Fact], language: Language) -> str:
    """A sentence that states `facts` in their own words."""
    frames = _frames(language)
    pieces = [frames.sentence.format(attribute=one.attribute, value=one.value) for one in facts]
    return frames.filler.format(facts=frames.joiner.join(pieces))


def listing(task: Brief) -> Copy:
    """The attribute listing: the product's own title, its facts as bullets and as one sentence."""
    frames, channel = _frames(task.language), task.channel
    bullets = [fact_bullet(fact, task.language) for fact in task.facts]
    fitting = [text for text in bullets if len(text) <= channel.bullets.limit]
    chosen = fitting[: channel.bullets.most]
    rest = [fact for fact in task.facts if fact_bullet(fact, task.language) not in chosen]
    rest = rest or list(task.facts[: channel.bullets.least])
    pieces = [frames.sentence.format(attribute=one.attribute, value=one.value) for one in rest]
    body = frames.opening.format(title=task.product.title)
    for index, piece in enumerate(pieces):
        addition = (frames.joiner if index else "") + piece
        if len(body + addition + frames.closing) > channel.body.limit:
            break
        body += addition
    return Copy(task.product.title, tuple(chosen), body + frames.closing)


def _frames(language: Language) -> _Frames:
    template = load(_Template, PACKAGE, "template.yaml")
    return template.en if language == "en" else template.zh
