"""Sums, products, shares and differences of the numbers of the facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from zhanggui.claims.facts import PRICE
from zhanggui.claims.known import Known, KnownQuantity
from zhanggui.claims.packs import Pack, is_piece
from zhanggui.records import Fact, Quantity
from zhanggui.text.normalise import normalise
from zhanggui.text.quantities import quantities
from zhanggui.text.segment import query_tokens
from zhanggui.text.units import unit_table

_CALENDAR = re.compile(r"[周月年天日]|\b(?:week|month|year|day)")
_CALENDAR_DAYS = (Decimal(7), Decimal(12), Decimal(30), Decimal(365))
# A price per 斤, per kilogram, per 100 g, per 两; per metre.
_WEIGHED = (Decimal(500), Decimal(1000), Decimal(100), Decimal(50))
_METRE = Decimal(100)
_WEIGHT = re.compile(r"[斤克两升]|\b(?:k?g|ml|oz|ounces?|lbs?|pounds?|lit(?:er|re)s?)\b")
_REACH = re.compile(r"米|\b(?:met(?:er|re)s?|m)\b")
_DAILY = re.compile(r"每[日天]|/\s?[日天]|/day|一[日天]|per day|daily|a day")
# 每日2粒, 2粒/天, two capsules a day: the numbers right beside.
_A_DAY_BEFORE = re.compile(r"(?:(?:每|一)[日天](?:口服|服用|食用|吃|用|喝)?|daily:?)\s?$")
_A_DAY_BEHIND = re.compile(r"\s?(?:/\s?(?:[日天]|day)|每[日天]|per day|daily|a day)")
_TAKEN = re.compile(r"[每一]次(?:口服|服用|食用|吃|用|喝)?\s?$")
_ONE_A_DAY = re.compile(r"[一每]天[一1]([\u4e00-\u9fff])")
_EVERY = re.compile(r"各|每|\beach\b")
_PER_PIECE = re.compile(r"每|/|单[个只片支瓶包颗件双条盒袋枚粒罐块张]|\b(?:each|per)\b")
_PER_HUNDRED = re.compile(r"(?:每|/|per)\s?100\s?(?:克|g|毫升|ml)")
# 480ml|×15瓶, 15瓶×|480ml: how many of an amount a pack holds.
_TIMES_BEHIND = re.compile(
    r"(?:\s?/?\s?[瓶罐袋包盒片块支条])?\s*[×x*]\s*(\d{1,3})(?![\d.]|\s?(?:[a-z]*m\b|[厘毫]?米))"
)
_TIMES_BEFORE = re.compile(r"(?<![\d.])(\d{1,3})\s?[\u4e00-\u9fff]{0,2}\s*[×x*]\s*$")
_TOLERANCE = re.compile(r"±\s*(\d+(?:\.\d+)?)\s?%")
_FLOATING = re.compile(r"差|浮动|误差|公差|偏差|上下|出入|tolerance|give or take")
_BACK = re.compile(
    r"有找|找(?:你|您|零|回)|找(?=[\s\d一二两三四五六七八九十]|$)|富余|有余|余下|\b(?:change|minus|penny|short|shy)\b"
)
_GAP = re.compile(r"差|缺|欠|离|\b(?:short|shy|minus)\b")
_HOUR = re.compile(r"小时|钟头|\bhours?\b")
_SCREEN = re.compile(r"(\d{3,5})\s*[x×*]\s*(\d{3,5})")
_DAY, _KILOJOULES = Decimal(86_400), Decimal("3.6")
_PAIR, _HUNDRED, _SQUARE = Decimal(2), Decimal(100), Decimal(10_000)
_MOST, _MANY, _PIECES = 1000, 60, 10_000
# What pieces have a share of; a time or an age they have whole.
_SHARED = ("currency:", "mass", "volume", "energy", "iu")
# What several pieces have together; no time, power or warranty grows with their number.
_ADDED = ("mass", "volume", "energy", "iu")
_LOAD = "承重"
# What numbers of one fact may be summed to: shares and counts too.
_SUMMED = (*_ADDED, "length", "ratio", "count:", "currency:")
# What a part's name has beside the part: 羽绒 of 羽绒含量.
_SHARE_WORDS = frozenset("含量率比例成分占度的总、，,;；:： ")
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
    packs: frozenset[Pack]
    """How many packs or pieces the sentence counts."""
    known: Known

    def values(self) -> Iterator[Result]:
        """The values with the facts that they follow from."""
        yield from self._multiples(self.own)
        if "each" in self.ways:
            yield from self._shares()
        if "total" in self.ways and self.dimension.startswith(_SUMMED):
            yield from self._totals()
        if self.ways & {"difference", "reach"}:
            yield from self._differences()
        yield from self._gaps()
        if "rest" in self.ways:
            for whole in _WHOLE.get(self.dimension, ()):
                yield from (
                    (whole - one.quantity.low, one.fact)
                    for one in self.own
                    if not self._names_part(one)
                )
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

    def _names_part(self, one: KnownQuantity) -> bool:
        """Whether the clause names what the number is the share of: 羽绒才10% of 羽绒90%."""
        names = f"{one.fact.attribute} {one.fact.value}"
        if len(one.beside):
            names = f"{one.fact.attribute} {' '.join(one.labels)}"
        if self.said.isascii():
            return any(word in self.said for word in query_tokens(names) if len(word) > 1)
        return any(char in self.said for char in set(normalise(names).text) - _SHARE_WORDS)

    def _multiples(self, own: Sequence[KnownQuantity]) -> Iterator[Result]:
        """What several pieces have: how many there are stands in the data or in the sentence."""
        for one in own:
            for count in self._times(one) if self._is_added(one) else ():
                yield one.quantity.low * count, one.fact
                yield one.quantity.high * count, one.fact

    def _is_added(self, one: KnownQuantity) -> bool:
        """Whether several pieces have the more of it the more they are."""
        dimension = one.quantity.dimension
        if dimension == "length":
            return "joined" in self.ways
        if dimension.startswith("currency:"):
            name = normalise(f"{one.fact.value} {one.fact.attribute}").text
            return _PER_PIECE.search(name) is not None
        if dimension.startswith("count:"):
            pieces = is_piece(dimension) or dimension == "count:页"
            return pieces and one.fact.kind != "identity"
        if dimension == "charge":
            return "total" in self.ways and bool(self._written(one))
        return dimension in _ADDED and one.aspect != _LOAD

    def _times(self, one: KnownQuantity) -> set[Decimal]:
        """How often the quantity may be meant; never as often as a number of its own dimension."""
        value, packs = normalise(one.fact.value).text, self.known.packs
        name = f"{value} {normalise(one.fact.attribute).text}"
        by = set[Decimal]()
        if "each" not in self.ways or "total" in self.ways:
            by |= self._written(one)
        if "total" in self.ways:
            by |= {low for dimension, low in packs if dimension != one.quantity.dimension}
        if _PER_PIECE.search(name):
            by |= {low for dimension, low in self.packs if dimension != one.quantity.dimension}
            by |= {_PAIR} if "pair" in self.ways else set()
        if _DAILY.search(name) and _DAILY.search(self.said):
            by |= {dose for kind, dose in _doses(one.fact) if kind != one.quantity.dimension}
        if _EVERY.search(value) and "each" not in self.ways:
            by |= {_PAIR} if "双" in value else set()
            by |= {
                each.low
                for each in one.fact.quantities
                if is_piece(each.dimension) and each.dimension != one.quantity.dimension
            }
        if (
            self.ways & {"each", "total"}
            and _PER_HUNDRED.search(value)
            and one.quantity.low != _HUNDRED
        ):
            by |= {
                each.quantity.low / _HUNDRED
                for each in (*self._of("mass"), *self._of("volume"))
                if each.aspect != _LOAD and not _PER_HUNDRED.search(normalise(each.fact.value).text)
            }
        return by - {Decimal(1)}

    def _written(self, one: KnownQuantity) -> set[Decimal]:
        """What the value itself multiplies the amount by: 15 for 480ml of 480ml×15瓶."""
        found = set[Decimal]()
        if one.quantity.dimension == "length":
            return found
        for span in quantities(one.fact.value):
            if span.quantity == one.quantity:
                behind = _TIMES_BEHIND.match(normalise(one.fact.value[span.end :]).text)
                before = _TIMES_BEFORE.search(normalise(one.fact.value[: span.start]).text)
                found |= {Decimal(match[1]) for match in (behind, before) if match}
        return found

    def _counts(self) -> set[Decimal]:
        """How many pieces the facts count whose measure word the clause has."""
        if self.said.isascii():
            return {low for _, low in self.known.packs}
        return {
            one.quantity.low
            for name, found in self.known.quantities.items()
            if name.startswith("count:")
            for one in found
            if 1 < one.quantity.low == one.quantity.high <= _MOST and one.quantity.unit in self.said
        }

    def _shares(self) -> Iterator[Result]:
        """What one piece, one 斤 or one day has of the whole."""
        if not self.dimension.startswith(_SHARED):
            return
        own, by = self.own, self._counts()
        if self.dimension.startswith("currency:"):
            own = [one for one in own if one.fact.attribute == PRICE]
            by = self._priced()
        calendar = _CALENDAR_DAYS if _CALENDAR.search(self.said) else ()
        for one in own:
            yield from ((one.quantity.low / count, one.fact) for count in (*by, *calendar))
            yield from ((one.quantity.low * count, one.fact) for count in calendar)

    def _priced(self) -> set[Decimal]:
        """What a price may be told for: pieces, people, a 斤, a metre."""
        counts = {low for _, low in self.known.packs}
        by = counts | {low for _, low in self.packs}
        by |= {left * right for left, right in combinations(counts, 2) if left * right <= _PIECES}
        people = (
            end for one in self._of("count:人") for end in (one.quantity.low, one.quantity.high)
        )
        by |= {end for end in people if end > 1}
        for name, units, cue in (
            ("mass", _WEIGHED, _WEIGHT),
            ("volume", _WEIGHED, _WEIGHT),
            ("length", (_METRE,), _REACH),
        ):
            amounts = self._of(name) if cue.search(self.said) else ()
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
        """How far a range reaches and what two numbers differ in where the clause names both."""
        reach = "reach" in self.ways
        if reach:
            yield from ((one.quantity.high - one.quantity.low, one.fact) for one in self.own)
        for left, right in combinations(self.own, 2) if len(self.own) <= _MANY else ():
            if left.fact == right.fact:
                said = (reach and not (left.labels or right.labels)) or self._labels_both(
                    left, right
                )
            else:
                said = "difference" in self.ways and self._names_both(left, right)
            if said:
                yield abs(left.quantity.low - right.quantity.low), left.fact

    def _labels_both(self, left: KnownQuantity, right: KnownQuantity) -> bool:
        return all(any(label in self.said for label in one.labels) for one in (left, right))

    def _names_both(self, left: KnownQuantity, right: KnownQuantity) -> bool:
        """Whether each of two facts has a word in the clause that the other one lacks."""
        words = [
            {word for word in query_tokens(one.fact.attribute) if len(word) > 1}
            for one in (left, right)
        ]
        own = (words[0] - words[1], words[1] - words[0])
        return all(any(word in self.said for word in names) for names in own)

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
        doses = [dose for fact in daily for dose in _doses(fact)]
        if (alone := _ONE_A_DAY.search(self.said)) and (unit := unit_table().units.get(alone[1])):
            doses.append((unit.dimension, Decimal(1)))
        for dimension, dose in doses:
            if is_piece(dimension) or dimension in ("mass", "volume"):
                for whole in self._of(dimension):
                    if whole.fact not in daily and whole.aspect != _LOAD:
                        yield whole.quantity.low / dose * _DAY, whole.fact


def _doses(fact: Fact) -> Iterator[Pack]:
    """What a day takes by the fact, with its dimension: 2粒 of 每日2粒, 4粒 of 每日2次，每次2粒."""
    times, name = Decimal(0), normalise(fact.attribute).text
    for span in quantities(fact.value):
        amount = span.quantity
        before = normalise(fact.value[: span.start]).text
        beside = _A_DAY_BEFORE.search(before) or _A_DAY_BEHIND.match(
            normalise(fact.value[span.end :]).text
        )
        whole = span.start == 0 and _A_DAY_BEFORE.search(name.replace("用量", ""))
        if (beside or whole) and amount.low > 0:
            if amount.dimension == "count:次":
                times = amount.low
                continue
            yield from ((amount.dimension, end) for end in {amount.low, amount.high})
        elif times and _TAKEN.search(before) and amount.low > 0:
            yield amount.dimension, amount.low * times
