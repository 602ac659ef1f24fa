"""Which product of a family a question names by its size or model: 那350的呢 on the page of the
500 ml one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhanggui.answers.lexicon import words
from zhanggui.answers.scope import heads
from zhanggui.answers.screening import readable
from zhanggui.records import Product
from zhanggui.text.quantities import quantities

_NUMBER = re.compile(r"(?<![a-z\d.])\d+(?:\.\d+)?(?![\d.]*\d)")
_MODEL = re.compile(
    r"(?<![a-z\d])(?:[a-z]+[a-z\d]*(?:[+-][a-z\d]+)*|\d+[a-z]+\d[a-z\d]*)(?![a-z\d])"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_VALUE = re.compile(r"\s*(?:约|about )?\s*(\d+(?:\.\d+)?)\s*[a-z\u3400-\u9fff]{0,3}\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells a product from its siblings: an amount, a bare number, a size or a model."""

    word: str = ""
    """A size or a model; empty for a number."""
    number: Decimal = Decimal(0)
    dimension: str = ""
    """Empty for a number without its unit."""

    def among(self, marks: Sequence[Mark]) -> bool:
        """Whether one of `marks`, which have their units, is this one."""
        return any(self.word == one.word and self._same(one) for one in marks)

    def like(self, marks: Sequence[Mark]) -> bool:
        """Whether one of `marks` is of the same sort, so that this could stand in its place."""
        return any(
            bool(self.word) == bool(one.word) and self.dimension in ("", one.dimension)
            for one in marks
            if not self.word or self.word in words().variants.sizes
        )

    def _same(self, one: Mark) -> bool:
        return self.number == one.number and self.dimension in ("", one.dimension)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mark in a question, and whether the words around it can only mean a product (350的呢),
    or may (350多重)."""

    mark: Mark
    sure: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pointed:
    """The product that a question points at; None where it points at none, or at several."""

    product: Product | None


def pointed_at(
    product: Product, text: str, every: Callable[[], Sequence[Product]]
) -> Pointed | None:
    """What the readable `text` of a question about `product` points at; None for nothing, or for
    `product` itself. `every` gives the shop's products where they are needed."""
    found = list(mentions(text))
    own = marks_of(product.title)
    other = [one for one in found if not one.mark.among(own)]
    if not other:
        return None
    family = [one for one in every() if one.id != product.id and is_sibling(one, product)]
    if named := [one.mark for one in other if any(_titled(one.mark, kin) for kin in family)]:
        held = [kin for kin in family if all(_titled(mark, kin) for mark in named)]
        return Pointed(held[0] if len(held) == 1 and len(other) == len(found) else None)
    known = [mark for value in product.attributes.values() for mark in marks_of(value)]
    known += _price(product)
    strange = [one.mark for one in other if one.sure and not one.mark.among(known)]
    held = [kin for kin in family if strange and all(_valued(one, kin, product) for one in strange)]
    if len(held) == 1 and len(other) == len(found):
        return Pointed(held[0])
    return Pointed(None) if held or any(mark.like(own) for mark in strange) else None


def without_marks(text: str, product: Product, *, siblings: bool = False) -> str:
    """A readable question without what only says which product is meant: 的多重 for 350的多重; with
    `siblings` also without what would say that another of the family is."""
    own = [*marks_of(product.title), *_price(product)]
    for one in reversed(sorted(mentions(text), key=lambda mention: mention.start)):
        if one.mark.among(own) or (siblings and one.mark.like(own)):
            text = f"{text[: one.start]} {text[one.end :]}"
    return text


def is_sibling(one: Product, product: Product) -> bool:
    """Whether two products of a shop are of one brand and called the same."""
    if readable(one.brand) != readable(product.brand):
        return False
    left, right = heads(one.title, one.brand), heads(product.title, product.brand)
    return bool(left and right) and 2 * len(left & right) >= min(len(left), len(right))


def marks_of(text: str) -> list[Mark]:
    """The amounts, numbers, sizes and models that a title or a value names; an amount also as its
    bare number."""
    form = readable(text)
    found = [mark for mark, _, _ in _placed(form, sizes=words().variants.named_size)]
    return [*found, *(Mark(number=Decimal(number)) for number in _NUMBER.findall(form))]


def mentions(text: str) -> Iterator[Mention]:
    """The marks in a readable question that may mean a product: not 满350, not 能装500ml."""
    variants = words().variants
    for mark, start, end in _placed(text, sizes=variants.said_size):
        if variants.not_after_pattern.search(text[:start]):
            continue
        sure = variants.follow_pattern.match(text, end) is not None
        if sure or variants.lead_pattern.search(text[:start]):
            yield Mention(mark, sure, start, end)


def _placed(form: str, *, sizes: re.Pattern[str]) -> Iterator[tuple[Mark, int, int]]:
    """The marks of a readable text with where they stand; a number with a unit is one mark."""
    taken: list[range] = []
    for span in quantities(form):
        amount = span.quantity
        taken.append(range(span.start, span.end))
        if amount.low == amount.high and amount.bound == "exact":
            yield Mark(number=amount.low, dimension=amount.dimension), span.start, span.end
    for match in _NUMBER.finditer(form):
        if not any(match.start() in inside for inside in taken):
            yield Mark(number=Decimal(match[0])), match.start(), match.end()
    for match in _MODEL.finditer(form):
        # Of an English title only what holds a digit is a model; the rest are its words.
        model = _HAN.search(form) or any(char.isdigit() for char in match[0])
        if model and not any(match.start() in inside for inside in taken):
            yield Mark(word=match[0]), match.start(), match.end()
    for match in sizes.finditer(form):
        yield Mark(word=match["size"]), match.start(), match.end()


def _titled(mark: Mark, product: Product) -> bool:
    return mark.among(marks_of(product.title))


def _valued(mark: Mark, product: Product, beside: Product) -> bool:
    """Whether the mark is the price, or all that an attribute says which `beside` has as well."""
    return mark.among(_price(product)) or any(
        _VALUE.fullmatch(readable(value)) is not None and mark.among(marks_of(value))
        for name, value in product.attributes.items()
        if name in beside.attributes
    )


def _price(product: Product) -> list[Mark]:
    return [] if product.price is None else [Mark(number=product.price, dimension="currency")]
