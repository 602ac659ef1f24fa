"""How many pieces a pack holds: the only numbers of the data that others are multiplied by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

import rjieba

from zhanggui.claims.facts import BRAND, CATEGORY, TITLE
from zhanggui.claims.lexicon import PACKAGE
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import normalise
from zhanggui.text.quantities import QuantitySpan, quantities

Pack = tuple[str, Decimal]
"""The dimension of the measure word and the number: ("count:瓶", 15)."""

BARE = "count"
"""The dimension of a number without a measure word: 3 candles, Tins: 8."""

_TALLY = re.compile(r"(?:about )?(\d{1,3})(?:\s+([a-z]{3,})|$)")
_THING = re.compile(r"(?:装|的|大|小|独立)*([\u4e00-\u9fff]{1,4})")
_OWNER = re.compile(r"([\u4e00-\u9fff])$")
_MOST = 1000


class _Packs(DataModel):
    kinds: list[str]
    attributes: list[str]
    before: list[str]
    english: list[str]


@cache
def _data() -> _Packs:
    return load(_Packs, PACKAGE, "lexicons/packs.yaml")


@cache
def _attribute() -> re.Pattern[str]:
    return re.compile("|".join(_data().attributes))


@cache
def _before() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(_data().before)})$")


def is_piece(dimension: str) -> bool:
    """Whether the dimension counts packs or what is in them, not layers, colours or people."""
    return dimension in _data().kinds


def packs_of(facts: Sequence[Fact]) -> frozenset[Pack]:
    """The counts of packs in the facts; not those of a part: 2个盖子 of a cup."""
    goods = goods_of(facts)
    return frozenset(pack for fact in facts for pack in _of_fact(fact, goods))


def told_packs(text: str, goods: str) -> frozenset[Pack]:
    """The packs that a text counts; `goods` are the words of title and category."""
    return frozenset(
        (span.quantity.dimension, span.quantity.low)
        for span in quantities(text)
        if _counts_packs(span) and _is_of_goods(normalise(text[span.end :]).text, goods)
    )


def goods_of(facts: Sequence[Fact]) -> str:
    """What the product is called: title and category."""
    named = (fact.value for fact in facts if fact.attribute in (TITLE, CATEGORY))
    return normalise(" ".join(named)).text


def is_pack_word(word: str, goods: str) -> bool:
    """Whether an English noun names a pack or the goods: tin, and candle of a candle set."""
    stem = word.removesuffix("s")
    return stem in _data().english or any(stem == one.removesuffix("s") for one in goods.split())


def _of_fact(fact: Fact, goods: str) -> Iterator[Pack]:
    name, value = normalise(fact.attribute).text, normalise(fact.value).text
    whole = fact.kind == "identity" or _attribute().search(name) is not None or name in goods
    if fact.attribute == BRAND:
        return
    tally = _TALLY.match(value)
    if tally and 1 < int(tally[1]) <= _MOST:
        word = (tally[2] or name).removesuffix("s")
        if word in _data().english or word in goods.split() or (not tally[2] and whole):
            yield BARE, Decimal(tally[1])
    for span in quantities(fact.value) if whole else ():
        before = normalise(fact.value[: span.start]).text.rstrip()
        owner = _OWNER.search(before)
        owned = owner is not None and owner[1] not in goods and not _before().search(before)
        after = normalise(fact.value[span.end :]).text
        if _counts_packs(span) and not owned and _is_of_goods(after, goods):
            yield span.quantity.dimension, span.quantity.low
    if whole and not quantities(fact.value):
        yield from ((one.dimension, one.low) for one in fact.quantities if is_piece(one.dimension))


def _counts_packs(span: QuantitySpan) -> bool:
    amount = span.quantity
    return is_piece(amount.dimension) and 1 < amount.low == amount.high <= _MOST


def _is_of_goods(after: str, goods: str) -> bool:
    """Whether what is counted is the product or stays unnamed: 15瓶, 6个装, 4罐茶."""
    thing = _THING.match(after)
    if thing is None:
        return True
    word, tag = rjieba.tag(thing[1])[0]
    return word in goods or not tag.startswith("n")
