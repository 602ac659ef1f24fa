"""Counts of things: of what the product has they must be right, of others they say little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from zhanggui.claims.agreement import agrees
from zhanggui.claims.known import Known, KnownQuantity
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.vocabulary import attribute_words, opinion_words
from zhanggui.records import Fact
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.quantities import QuantitySpan

OWN = re.compile(r"我(?!们)|本人|上一(?![代款])|\b(?:i|my)\b")
"""Words before a number that is the writer's own: 我平时穿37."""
_PAIR = 2
_SEGMENT = re.compile(r"[、，,;；]")
_ITEMS = re.compile(r"[、，,;；/|]|和")
_SPOKEN_MOST = 12
# Counts that say what the product can do, however small.
_MEASURED = frozenset(("count:档", "count:层", "count:核", "count:页", "count:色"))
_NUMERAL = re.compile(
    r"[一二两三四五六七八九十]+"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b",
    re.IGNORECASE,
)
_ENGLISH_THING = re.compile(r"[ -]*([a-z]{4,})(?: ([a-z]{4,}))?")
_EACH_SIDE = re.compile(r"每[耳侧边只头]|each")
# Measure words that count few kinds of things; 个 and 种 count everything.
_TELLING = "支片粒颗袋包瓶罐盒双层页本卷块格台档段节枚"
_OTHERS = re.compile(r"(?:面包|饼干|吐司|药|人|手机屏|叶|蛋|糖|肉)")
_UP_TO = re.compile(r"\s*[个根只条支片颗粒把张件枚本块瓶盒款种]?\s*")
_THING = re.compile(
    r"(?:的|大|小|独立|内|外|分隔|可拆|隐藏|隐形|立体|收纳|功能|不锈钢)*([\u4e00-\u9fff]{1,4})"
)


def count_mark(
    clause: Clause, span: QuantitySpan, candidates: list[KnownQuantity], known: Known
) -> Mark | Literal["idle"] | None:
    """The verdict on a count; `idle` if it counts nothing of the product, None if no rule for
    counts decides it."""
    if _enumerated(clause, span):
        return "idle"
    sure = _item(clause, span, known) or _counted(clause, span, known)
    sure = sure or _listed(clause, span, known) or _told(clause, span, known)
    measured = span.quantity.dimension in _MEASURED
    if sure is not None or measured or not is_small_count(span, clause):
        return sure
    return _small_count(clause, span, candidates, known) or "idle"


def _enumerated(clause: Clause, span: QuantitySpan) -> bool:
    """Whether it counts what the words before it list: 蔓越莓、蓝莓、葡萄三种."""
    before = clause.lead + clause.norm[: clause.to_norm(span.start)]
    items = before.count("、") + before.count("和") + 1
    return span.quantity.dimension.startswith("count:") and items == span.quantity.low > 1


def _item(clause: Clause, span: QuantitySpan, known: Known) -> Mark | None:
    """A count of a thing that the package list counts too: 两片香片 and 香片×2."""
    if not span.quantity.dimension.startswith("count:"):
        return None
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    for thing, number, fact in known.listed:
        if number == span.quantity.low and (thing in clause.norm or fact.attribute in clause.norm):
            return Mark(start, end, "supported", fact)
    for fact in known.facts:
        # Compartments: 2 says how many there are.
        if fact.value.strip() == str(span.quantity.low) and fold(fact.attribute) in fold(
            clause.text[span.start :]
        ):
            return Mark(start, end, "supported", fact)
    for thing, number, fact in known.items:
        if clause.norm.startswith(thing, end) or clause.norm[end:].lstrip("的").startswith(thing):
            if number == span.quantity.low:
                return Mark(start, end, "supported", fact)
            return contradicted(start, end, fact)
    return None


def _counted(clause: Clause, span: QuantitySpan, known: Known) -> Mark | None:
    """A count of a thing that stands with its number in a fact: 48个批头 and 批头48, 17个音."""
    amount = span.quantity
    if not amount.dimension.startswith("count:") or amount.low != amount.high:
        return None
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    thing = _THING.match(clause.norm[end:])
    number = f"{amount.low.normalize():f}"
    for size in (3, 2, 1) if thing else ():
        word = thing[1][:size] if thing else ""
        if len(word) == size:
            for said in (number + word, f"{word}{number}", f"{word}×{number}"):
                fact = known.holding(said)
                if fact is not None:
                    return Mark(start, end, "supported", fact)
    if amount.unit == "支" and (fact := known.holding(f"{number}s")) is not None:
        return Mark(start, end, "supported", fact)
    return None


def _listed(clause: Clause, span: QuantitySpan, known: Known) -> Mark | None:
    """A count of the kinds that a fact lists: 两档转速 of 低速0-400rpm，高速0-1350rpm."""
    if not span.quantity.dimension.startswith("count:"):
        return None
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    for word in _things(clause.norm[end:]):
        for fact in known.facts:
            named = word in normalise(fact.attribute).text
            if named and _many(fact) == span.quantity.low > 1:
                return Mark(start, end, "supported", fact)
    return None


def _told(clause: Clause, span: QuantitySpan, known: Known) -> Mark | None:
    """A count that the fact of the thing holds: 鼻桥有三个尺寸, two speeds."""
    if not span.quantity.dimension.startswith("count:"):
        return None
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    counted = _fact_counting(clause.norm[end:], known)
    if counted is not None and span.quantity.low in counted[1]:
        return Mark(start, end, "supported", counted[0])
    for name, fact in known.names.items():
        named = len(name) > 1 and name in clause.norm[:start]
        if named and span.quantity.low in (*_numbers(normalise(fact.value).text), _many(fact)):
            return Mark(start, end, "supported", fact)
    return None


def is_small_count(span: QuantitySpan, clause: Clause) -> bool:
    """Whether it is a count in words, up to a dozen: 三个, two."""
    amount = span.quantity
    number = _NUMERAL.match(clause.text, span.start)
    return bool(
        amount.dimension.startswith("count:")
        and number
        and amount.low == amount.high <= _SPOKEN_MOST
    )


def _small_count(
    clause: Clause, span: QuantitySpan, candidates: list[KnownQuantity], known: Known
) -> Mark | None:
    """Two of what? Of a thing that a fact counts it must be right; else it says little."""
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    for one in candidates:
        if agrees(span.quantity, one.quantity):
            return Mark(start, end, "supported", one.fact)
    counted = _fact_counting(clause.norm[end:], known)
    if OWN.search(clause.norm[:start]):
        return None
    if counted is not None:
        fact, numbers = counted
        if span.quantity.low in (*numbers, *_sizes(clause.norm[end:], fact)):
            return Mark(start, end, "supported", fact)
        return contradicted(start, end, fact)
    other = _own_measure(clause, span, candidates)
    if other is not None:
        return contradicted(start, end, other)
    listed = known.listing(span.quantity.low)
    if listed is not None:
        return Mark(start, end, "supported", listed)
    before = clause.norm[:start]
    if before.endswith(("一共", "总共", "加起来", "共")):
        return None
    owned = attribute_words().counts.owned
    enumerated = before.count("、") + before.count("和") + 1 >= span.quantity.low
    if span.quantity.low < _PAIR or not before.endswith(owned) or enumerated:
        return None
    return Mark(start, end, "unsupported", None, "商品资料里没有这个数目")


def _own_measure(
    clause: Clause, span: QuantitySpan, candidates: list[KnownQuantity]
) -> Fact | None:
    """The only fact with this very measure word, where it is a telling one: 8支 for 十支."""
    amount = span.quantity
    if amount.unit[:1] not in _TELLING or amount.low < _PAIR:
        return None
    if _OTHERS.match(clause.norm, clause.to_norm(span.end)):
        return None
    own = [one for one in candidates if one.quantity.unit[:1] == amount.unit[:1]]
    facts = {one.fact.attribute for one in own if one.fact.kind != "identity"}
    values = {one.quantity.low for one in own}
    made = {left * right for left in values for right in (*values, Decimal(2))}
    made |= {left + right for left in values for right in values}
    # 两瓶一袋 tells of a part of the six.
    part = any(value > amount.low and value % amount.low == 0 for value in values)
    return own[0].fact if len(facts) == 1 and amount.low not in made and not part else None


def _fact_counting(after: str, known: Known) -> tuple[Fact, list[Decimal]] | None:
    """The fact that names the thing that `after` begins with, and all its numbers."""
    for word in _things(after):
        if word in opinion_words():
            continue
        for fact in known.facts:
            text = normalise(f"{fact.attribute} {fact.value}").text
            if word not in text or fact.kind == "identity":
                continue
            beside = _beside(word, text)
            numbers = beside or _numbers(text)
            if numbers:
                return fact, numbers
    return None


def _numbers(text: str) -> list[Decimal]:
    """The numbers of a value, and what they are together: 3 of 外袋2个 内袋1个, 4 of 每耳2个."""
    found = [value_of(match) for match in NUMBER.finditer(text)]
    if len(found) > 1:
        found.append(sum(found, Decimal(0)))
    return [*found, *(number * 2 for number in found[:1] if _EACH_SIDE.search(text))]


def _many(fact: Fact) -> int:
    """How many things the value lists."""
    return len([piece for piece in _ITEMS.split(fact.value) if piece.strip()])


def _sizes(after: str, fact: Fact) -> Iterator[Decimal]:
    """How many sizes the fact lists of the thing: 3 of 耳塞套S/M/L各一对."""
    for word in _things(after):
        for piece in _SEGMENT.split(normalise(fact.value).text):
            if word in piece and "/" in piece:
                yield Decimal(piece.count("/") + 1)


def _things(after: str) -> Iterator[str]:
    """What is counted, the longer word first."""
    thing = _THING.match(after)
    for size in (3, 2) if thing else ():
        if thing and len(thing[1]) >= size:
            yield thing[1][:size]
    english = _ENGLISH_THING.match(after)
    if english:
        yield from (word.removesuffix("s") for word in english.groups() if word)


def _beside(word: str, text: str) -> list[Decimal]:
    """The numbers right before and after `word`: 批头48, 4个人仔, 20 tones."""
    found = []
    for match in NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        follows = _UP_TO.sub("", after, count=1).startswith(word)
        if follows or before.rstrip("×x*:： ").endswith(word):
            found.append(value_of(match))
    return found
