"""Sums, products, shares and differences of the numbers of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from zhanggui.claims.facts import PRICE
from zhanggui.claims.known import Known, KnownQuantity
from zhanggui.records import Fact, Quantity
from zhanggui.text.normalise import normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.segment import query_tokens

_CALENDAR = re.compile(r"[周月年天日]|\b(?:week|month|year|day)")
_CALENDAR_DAYS = (Decimal(7), Decimal(12), Decimal(30), Decimal(365))
# A price per 斤, per kilogram, per 100 g, per 两; per metre.
_WEIGHED = (Decimal(500), Decimal(1000), Decimal(100), Decimal(50))
_METRE = Decimal(100)
_DAILY = re.compile(r"每[日天]|/\s?[日天]|/day|一[日天]|per day|daily|a day")
_ONE_A_DAY = re.compile(r"[一每]天[一1]|one a day|once a day")
_EVERY = re.compile(r"各|每|\beach\b")
_PER_PIECE = re.compile(r"每|/|单|\b(?:each|per)\b")
_PER_HUNDRED = re.compile(r"(?:每|/|per)\s?100\s?(?:克|g|毫升|ml)")
_TIMES = re.compile(r"(\d+)?[^\W\d_]*\s*[×x*]\s*(\d+)?")
_TOLERANCE = re.compile(r"±\s*(\d+(?:\.\d+)?)\s?%")
_FLOATING = re.compile(r"差|浮动|误差|公差|偏差|上下|出入|tolerance|give or take")
_BACK = re.compile(r"找|富余|有余|余下|\b(?:back|change|spare|less|minus|penny|short|shy)\b")
_GAP = re.compile(r"差|缺|欠|离|\b(?:short|shy|less|minus)\b")
_HOUR = re.compile(r"小时|钟头|\bhours?\b")
_SCREEN = re.compile(r"(\d{3,5})\s*[x×*]\s*(\d{3,5})")
_DAY, _KILOJOULES = Decimal(86_400), Decimal("3.6")
_PAIR, _HUNDRED, _SQUARE = Decimal(2), Decimal(100), Decimal(10_000)
_MOST, _MANY, _PIECES = 1000, 60, 10_000
# What pieces have a share of; a time or an age they have whole.
_SHARED = ("currency:", "mass", "volume", "energy", "iu")
# What two pieces do not have twice.
_SINGLE = frozenset(("temperature", "age", "ph", "size", "year", "mesh", "denier", "discount"))
_WHOLE = {"ratio": (Decimal(100),), "degree": (Decimal(360), Decimal(180))}

Result = tuple[Decimal, Fact]


@dataclass(frozen=True, slots=True)
class Sums:
    """What may be calculated for one number of a text."""

    dimension: str
    own: Sequence[KnownQuantity]
    """The quantities of the facts that are of its kind."""
    ways: frozenset[str]
    """The ways that the text speaks of (`arithmetic.yaml`)."""
    others: Sequence[Quantity]
    """The other numbers of the sentence."""
    said: str
    """The clause without the number."""
    known: Known

    def values(self) -> Iterator[Result]:
        """The values with the facts that they follow from."""
        yield from self._multiples(self.own)
        if "each" in self.ways:
            yield from self._shares()
        if "total" in self.ways:
            yield from self._totals()
        if self.ways & {"difference", "reach"}:
            yield from self._differences()
        yield from self._gaps()
        if "rest" in self.ways:
            for whole in _WHOLE.get(self.dimension, ()):
                yield from ((whole - one.quantity.low, one.fact) for one in self.own)
        if _FLOATING.search(self.said):
            yield from self._tolerances()
        yield from self._sizes()
        yield from self._parts()
        if self.dimension == "energy" and _HOUR.search(self.said):
            for one in self._of("power"):
                yield one.quantity.high * _KILOJOULES, one.fact
        if self.dimension == "time" and "lasting" in self.ways:
            yield from self._days()

    def _of(self, dimension: str) -> Sequence[KnownQuantity]:
        return self.known.quantities.get(dimension, ())

    @property
    def _told(self) -> set[Decimal]:
        """The counts of the sentence."""
        return {
            one.low for one in self.others if one.dimension.startswith("count:") and one.low > 1
        }

    def _multiples(self, own: Sequence[KnownQuantity]) -> Iterator[Result]:
        """What several pieces have: how many there are stands in the data or in the sentence."""
        if self.dimension in _SINGLE:
            return
        for one in own:
            if one.quantity.dimension.startswith("count:") and one.fact.kind == "identity":
                continue
            for count in self._times(one):
                yield one.quantity.low * count, one.fact
                yield one.quantity.high * count, one.fact

    def _times(self, one: KnownQuantity) -> set[Decimal]:
        """How often the quantity may be meant."""
        value, counts = normalise(one.fact.value).text, self._counts()
        by = self._told & counts
        if "each" not in self.ways or "total" in self.ways:
            sides = {side for match in _TIMES.finditer(value) for side in match.groups() if side}
            by |= {Decimal(side) for side in sides} & (counts | {_PAIR})
        if "total" in self.ways:
            by |= counts
        if "pair" in self.ways:
            by.add(_PAIR)
        if _DAILY.search(f"{value} {one.fact.attribute}"):
            by |= {each.low for each in one.fact.quantities if each.dimension.startswith("count:")}
        if _PER_PIECE.search(f"{value} {normalise(one.fact.attribute).text}"):
            by |= self._told
        if _EVERY.search(value) and "each" not in self.ways:
            by |= {value_of(match) for match in NUMBER.finditer(value)}
        if _PER_HUNDRED.search(value):
            by |= {
                each.quantity.low / _HUNDRED
                for each in (*self._of("mass"), *self._of("volume"))
                if not _PER_HUNDRED.search(normalise(each.fact.value).text)
            }
        return by - {one.quantity.low}

    def _counts(self, said: str = "") -> set[Decimal]:
        """How many pieces the facts count; those whose measure word is in `said`, if given."""
        found = {
            one.quantity.low
            for name, quantities in self.known.quantities.items()
            if name.startswith("count:")
            for one in quantities
            if 1 < one.quantity.low == one.quantity.high <= _MOST
            and (not said or one.quantity.unit in said)
        }
        return found if said and not said.isascii() else found | self.known.tallies

    def _shares(self) -> Iterator[Result]:
        """What one piece, one 斤 or one day has of the whole."""
        if not self.dimension.startswith(_SHARED):
            return
        own, by = self.own, self._counts(self.said)
        if self.dimension.startswith("currency:"):
            own = [one for one in own if one.fact.attribute == PRICE]
            by = self._priced()
        calendar = _CALENDAR_DAYS if _CALENDAR.search(self.said) else ()
        for one in own:
            yield from ((one.quantity.low / count, one.fact) for count in (*by, *calendar))
            yield from ((one.quantity.low * count, one.fact) for count in calendar)

    def _priced(self) -> set[Decimal]:
        """What a price may be told for: pieces, people, a 斤, a metre."""
        counts = self._counts()
        by = counts | self._told
        by |= {left * right for left, right in combinations(counts, 2) if left * right <= _PIECES}
        people = (
            end for one in self._of("count:人") for end in (one.quantity.low, one.quantity.high)
        )
        by |= {end for end in people if end > 1}
        for name, units in (("mass", _WEIGHED), ("volume", _WEIGHED), ("length", (_METRE,))):
            amounts = self._of(name)
            single = [one.quantity.low for one in amounts if one.quantity.low == one.quantity.high]
            packed = [total for total, _ in self._multiples(amounts)]
            by |= {total / unit for total in (*single, *packed) for unit in units if total > unit}
        return by

    def _totals(self) -> Iterator[Result]:
        """Sums within a fact: 30%, 25% and 20% of a list are 75%."""
        for start, one in enumerate(self.own):
            total = one.quantity.low
            for other in self.own[start + 1 :]:
                if other.fact != one.fact:
                    break
                total += other.quantity.low
                yield total, one.fact
                yield one.quantity.low + other.quantity.low, one.fact

    def _differences(self) -> Iterator[Result]:
        """How far a range reaches and what two numbers of a fact differ in; where the text
        compares, those of two facts too."""
        yield from ((one.quantity.high - one.quantity.low, one.fact) for one in self.own)
        if len(self.own) <= _MANY:
            for left, right in combinations(self.own, 2):
                if left.fact == right.fact or "difference" in self.ways:
                    yield abs(left.quantity.low - right.quantity.low), left.fact

    def _gaps(self) -> Iterator[Result]:
        """What is given back or lacks to another number of the sentence: 一百块找你两毛."""
        cue = _BACK if self.dimension.startswith("currency:") else _GAP
        if not cue.search(self.said):
            return
        told = [one.low for one in self.others if one.dimension == self.dimension]
        for one in self.own:
            for other in told:
                yield abs(one.quantity.low - other), one.fact
                yield one.quantity.low + other, one.fact

    def _tolerances(self) -> Iterator[Result]:
        for one in self.own:
            low, high = one.quantity.low, one.quantity.high
            yield (high - low) / 2, one.fact
            if share := _TOLERANCE.search(normalise(one.fact.value).text):
                yield (low + high) / 2 * Decimal(share[1]) / 100, one.fact

    def _sizes(self) -> Iterator[Result]:
        """Areas and volumes of sizes, the pixels of a screen."""
        lengths = self._of("length")
        if self.dimension == "area":
            for left, right in pairwise(lengths):
                if left.fact == right.fact:
                    yield left.quantity.low * right.quantity.low / _SQUARE, left.fact
        if self.dimension == "volume":
            for (first, second), (_, third) in pairwise(pairwise(lengths)):
                if first.fact == third.fact:
                    product = first.quantity.low * second.quantity.low * third.quantity.low
                    yield product, first.fact
        if self.dimension == "resolution":
            for fact in self.known.facts:
                for match in _SCREEN.finditer(normalise(fact.value).text):
                    yield Decimal(match[1]) * Decimal(match[2]), fact

    def _parts(self) -> Iterator[Result]:
        """The weight of a share that the text names: 一包里坚果15克 of 25g and 坚果占比 60%."""
        if self.dimension not in ("mass", "volume"):
            return
        for part in self._of("ratio"):
            names = {*part.labels, *query_tokens(part.fact.attribute)}
            if any(len(word) > 1 and word in self.said for word in names):
                for one in self.own:
                    yield one.quantity.low * part.quantity.low / 100, part.fact

    def _days(self) -> Iterator[Result]:
        """How long a pack lasts by what a day takes of it."""
        daily = [one for one in self.known.facts if _DAILY.search(f"{one.value} {one.attribute}")]
        doses = [(one, fact) for fact in daily for one in fact.quantities if one.low > 0]
        for dose, fact in doses:
            if dose.dimension in ("mass", "volume"):
                for whole in self._of(dose.dimension):
                    yield whole.quantity.low / dose.low * _DAY, fact
                    yield whole.quantity.low / dose.high * _DAY, fact
        counted = {dose.low for dose, _ in doses if dose.dimension.startswith("count:")}
        counted |= {Decimal(1)} if _ONE_A_DAY.search(self.said) else set()
        for name, found in self.known.quantities.items():
            if name.startswith("count:"):
                for one in found:
                    yield from ((one.quantity.low / dose * _DAY, one.fact) for dose in counted)
