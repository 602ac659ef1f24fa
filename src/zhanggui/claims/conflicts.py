"""Data that disagree with themselves: 容量 350ml and 容积 500ml, or 500ml in the title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from zhanggui.claims.agreement import agrees
from zhanggui.claims.facts import IDENTITY, TITLE, facts_of
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.records import Fact, Product, Quantity
from zhanggui.text.normalise import normalise
from zhanggui.text.quantities import quantities

_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
_WORD_KINDS = ("material", "origin")
# Measures that a title gives of the whole product. Its lengths may be of a part (1.8米床).
_TITLED = ("volume", "mass", "power", "charge")
_MOST_PIECES = 200
_ROUNDED = 20


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two facts of which only one can be true."""

    left: Fact
    right: Fact
    sort: str
    """The dimension of their numbers, or the kind of their words."""

    @property
    def why(self) -> str:
        """Both values, for people."""
        pair = (self.left, self.right)
        said = "，".join(f"{fact.attribute}是{fact.value}" for fact in pair)
        return f"资料自相矛盾：{said}"

    def holds(self, text: str, fact: Fact) -> bool:
        """Whether `text`, proved by `fact`, leans on one of the two values."""
        if fact not in (self.left, self.right):
            return False
        if any(span.quantity.dimension == self.sort for span in quantities(text)):
            return True
        if fact.attribute in IDENTITY:
            return False
        found = lexicon().find(normalise(text).text)
        return any(span.term.kind == self.sort for span in found)


def conflicts_of(facts: Sequence[Fact]) -> tuple[Conflict, ...]:
    """The pairs of `facts` that disagree about one thing."""
    return tuple(_conflicts(facts))


def without_conflicts(product: Product) -> Product:
    """`product` without the attributes, and the numbers of its title, that disagree."""
    found = conflicts_of(facts_of(product))
    if not found:
        return product
    gone = {fact.attribute for one in found for fact in (one.left, one.right)}
    title = product.title
    for one in found:
        if TITLE in (one.left.attribute, one.right.attribute):
            title = _without_numbers(title, one.sort)
    kept = {name: value for name, value in product.attributes.items() if name.strip() not in gone}
    return replace(product, title=title, attributes=kept)


def _without_numbers(title: str, dimension: str) -> str:
    for span in reversed(quantities(title)):
        if span.quantity.dimension == dimension:
            title = f"{title[: span.start]} {title[span.end :]}"
    return " ".join(title.split())


def _conflicts(facts: Sequence[Fact]) -> Iterator[Conflict]:
    named = [(group, fact) for fact in facts if (group := _group(fact)) is not None]
    for (first, left), (second, right) in combinations(named, 2):
        if first == second and (sort := _disagree(left, right)):
            yield Conflict(left, right, sort)
    for title in (fact for fact in facts if fact.attribute == TITLE):
        for _, fact in named:
            if sort := _titled(title, fact, facts):
                yield Conflict(title, fact, sort)


def _group(fact: Fact) -> str | None:
    """The name under which all words for the same attribute stand; None for those of no group."""
    if fact.attribute in IDENTITY:
        return None
    return _groups().get(normalise(_BRACKETS.sub("", fact.attribute)).text.strip())


@cache
def _groups() -> dict[str, str]:
    return {word: words[0] for words in attribute_words().same for word in words}


def _disagree(left: Fact, right: Fact) -> str:
    dimensions = {one.dimension for one in left.quantities}
    for dimension in sorted(dimensions & {one.dimension for one in right.quantities}):
        if not _meet(_of(left, dimension), _of(right, dimension)):
            return dimension
    for kind in _WORD_KINDS:
        mine, other = _terms(left, kind), _terms(right, kind)
        if mine and other and not _related(mine, other):
            return kind
    return ""


def _titled(title: Fact, fact: Fact, facts: Sequence[Fact]) -> str:
    for dimension in _TITLED:
        said, own = _of(title, dimension), _of(fact, dimension)
        if len(said) != 1 or len(own) != 1:
            continue
        others = [
            amount
            for one in facts
            if one.attribute not in IDENTITY
            for amount in _of(one, dimension)
        ]
        counts = [
            amount
            for one in facts
            for amount in one.quantities
            if amount.dimension.startswith("count:") and 1 < amount.low <= _MOST_PIECES
        ]
        if not _meet(said, others) and not _product(said[0], others, counts):
            return dimension
    return ""


def _of(fact: Fact, dimension: str) -> list[Quantity]:
    return [one for one in fact.quantities if one.dimension == dimension]


def _meet(left: Sequence[Quantity], right: Sequence[Quantity]) -> bool:
    return any(
        agrees(one, other) or agrees(other, one) or _close(one, other)
        for one in left
        for other in right
    )


def _close(left: Quantity, right: Quantity) -> bool:
    return abs(left.low - right.low) * _ROUNDED <= max(abs(left.low), abs(right.low))


def _product(said: Quantity, others: Sequence[Quantity], counts: Sequence[Quantity]) -> bool:
    """Whether the title gives the sum of several pieces, or of one of them."""
    sums = sum(other.low for other in others)
    return said.low == sums or any(
        said.low in (other.low * count.low, other.low / count.low)
        for other in others
        for count in counts
    )


def _terms(fact: Fact, kind: str) -> list[str]:
    return [term for term in fact.terms if lexicon().kind(term) == kind]


def _related(left: Sequence[str], right: Sequence[str]) -> bool:
    wider = lexicon().broader
    return any(one in wider(other) or other in wider(one) for one in left for other in right)
