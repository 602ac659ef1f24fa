"""The facts of one product, arranged for look-up during verification."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache

import rjieba

from zhanggui.claims.conflicts import Conflict, conflicts_of
from zhanggui.claims.facts import IDENTITY, PRICE, says_no
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.packs import Pack, goods_of, packs_of
from zhanggui.claims.parts import Piece, pieces_of
from zhanggui.claims.vocabulary import (
    aspects,
    attribute_words,
    effects,
    measures,
    opinion_words,
)
from zhanggui.records import Evidence, Fact, Quantity
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.quantities import QuantitySpan, quantities
from zhanggui.text.segment import query_tokens

_DENIED = re.compile(
    r"(?:不可以?|不能|不建议|不支持|不适合|不含|不带)([\u4e00-\u9fff]{2,6}?)(?![\u4e00-\u9fff])"
)
_ASIDE = re.compile(r"\([^()]*\)")
_YES_NO = re.compile(r"^(?:是否|能否|可否|有无|可以|可|能|支持|带|含)+|(?:功能)$")
_LIST = re.compile(r"[、，,;；/|]|\band\b|和")
_ITEM_END = re.compile(r"[;；/。+，,、（(]")
_SIDE = re.compile(r"\s*[×x*]\s*[长宽高深厚]?")
_SIZE = re.compile(r"x{0,4}[sl]|m|[2-6]xl|[a-f]|light|medium|heavy|small|large")
_LISTED = 8
_TAIL = re.compile(r"[^\W\d_]")
_WITHOUT = re.compile(r"(?:无|没有)([\u4e00-\u9fff]{2,5}?)(?:设计|结构|款|版|配方|添加)?")
# C1, USB-A, Type-C: what tells one port of several.
_CODE = re.compile(r"(?:type-?|usb-?)[a-c]\d?(?![a-z0-9])|[a-z]{1,2}\d(?![a-z0-9.])")
_CUT = re.compile(r"[，,；;。、|\n]")
_ITEM = re.compile(r"([^、，,;；×x*+\s\d]{1,12})\s*[×x*]\s*(\d+)")


@dataclass(frozen=True, slots=True)
class KnownQuantity:
    """A quantity of a fact with what it measures there."""

    quantity: Quantity
    fact: Fact
    aspect: str
    """Named in the attribute or in the value before the number; `` if nothing is named."""
    subject: str
    """The part of the product that the attribute's name speaks of: 杯口 in 杯口直径."""
    labels: frozenset[str] = frozenset()
    """Words right before the number in the value: 电池 in 整机1年，电池6个月, L in a size table."""
    beside: tuple[Quantity, ...] = ()
    """The other numbers of the same piece of the value: the 6小时 of 6小时后不低于60℃."""

    def speaks_of(self, text: str) -> bool:
        """Whether normalised `text` names the part: C1口, and C1 alone."""
        if not self.subject:
            return False
        code = _CODE.match(self.subject)
        if code is None:
            return self.subject in text
        return re.search(rf"(?<![a-z0-9]){re.escape(code[0])}(?![a-z0-9])", text) is not None


class Known:
    """Facts by dimension, by term and as folded text."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = tuple(facts)
        self.quantities: dict[str, list[KnownQuantity]] = {}
        self.listed: list[tuple[str, Decimal, Fact]]
        """(thing, how many, fact) of lists such as 杯刷×1."""
        self.items: list[tuple[str, Decimal, Fact]]
        """Those of package lists, which are complete."""
        self.denials: list[tuple[str, Fact]]
        """What a fact says is not there or may not be done: 直火 of 不可直火."""
        self.keys: list[tuple[Quantity, Fact]]
        """Numbers in the attributes' names, which the value is for: the 1.5m of 1.5m床规格."""
        self.affirmed: dict[str, Fact] = {}
        self.denied: dict[str, Fact] = {}
        self.kinds: dict[str, list[Fact]] = {}
        self.folded = tuple((fold(f"{fact.attribute} {fact.value}"), fact) for fact in self.facts)
        self.plain = tuple(normalise(f"{fact.attribute} {fact.value}").text for fact in self.facts)
        self.all_text = "\n".join(text for text, _ in self.folded)
        self.subjects = {
            subject: fact for fact in self.facts if (subject := subject_of(fact.attribute))
        }
        for fact in self.facts:
            self._add(fact)
        self.listed = [
            (match[1], Decimal(match[2]), fact)
            for fact in self.facts
            for match in _ITEM.finditer(normalise(fact.value).text)
        ]
        self.items = [item for item in self.listed if item[2].kind == "package"]
        self._lists = [
            (fact, len([piece for piece in _LIST.split(fact.value) if piece.strip()]))
            for fact in self.facts
            if fact.kind not in ("identity", "package")
        ]
        self.keys = [
            (span.quantity, fact) for fact in self.facts for span in quantities(fact.attribute)
        ]
        self.denials = [(phrase, fact) for fact in self.facts for phrase in _denied_phrases(fact)]
        self.names = {
            normalise(fact.attribute).text: fact
            for fact in self.facts
            if fact.attribute not in IDENTITY
        }
        self.tells_suitability = any(
            fact.kind == "audience" or "适" in fact.attribute or "suit" in fact.attribute.lower()
            for fact in self.facts
        )
        self.words = frozenset(
            token for fact in self.facts for token in query_tokens(f"{fact.attribute} {fact.value}")
        )

    def _add(self, fact: Fact) -> None:
        self.kinds.setdefault(fact.kind, []).append(fact)
        for known in _known_quantities(fact):
            self.quantities.setdefault(known.quantity.dimension, []).append(known)
        for term in fact.terms:
            if term.startswith("!"):
                self.denied.setdefault(term[1:], fact)
                continue
            for name in lexicon().broader(term):
                current = self.affirmed.get(name)
                if current is None or (current.attribute in IDENTITY and name == term):
                    self.affirmed[name] = fact

    @cached_property
    def price(self) -> Fact | None:
        """The price, where the facts have it."""
        return next((one for one in self.facts if one.attribute == PRICE and one.quantities), None)

    @cached_property
    def goods(self) -> str:
        """What the product is called: title and category."""
        return goods_of(self.facts)

    @cached_property
    def packs(self) -> frozenset[Pack]:
        """How many pieces the facts say that a pack holds."""
        return packs_of(self.facts)

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the facts disagree among themselves."""
        return conflicts_of(self.facts)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of all values with the sides and parts that they are said of."""
        return tuple(piece for fact in self.facts for piece in pieces_of(fact))

    def listing(self, count: Decimal) -> Fact | None:
        """The first fact that lists exactly `count` things: 3 for S/M/L各一对."""
        if not 1 < count <= _LISTED:
            return None
        return next((fact for fact, many in self._lists if many == count), None)

    def holding_apart(self, word: str) -> Fact | None:
        """The first fact with the parts of `word` near each other: LED灯 in LED工作灯."""
        parts = query_tokens(word)
        if len(parts) < 2:
            return None
        if word.isascii():
            words = [part for part in parts if part.strip()]
            return next(
                (fact for text, fact in self.folded if all(part in text for part in words)), None
            )
        pattern = re.compile(r"[^，。；、,;]{0,4}".join(map(re.escape, parts)))
        return next((fact for folded, fact in self.folded if pattern.search(folded)), None)

    def numbering(self, number: str) -> Fact | None:
        """The first fact in which `number` stands by itself, whatever its unit."""
        pattern = re.compile(rf"(?<![\d.]){re.escape(number)}(?:\.0+)?(?![\d]|\.\d)")
        pairs = zip(self.plain, self.facts, strict=True)
        return next((fact for plain, fact in pairs if pattern.search(plain)), None)

    def holding_capitals(self, word: str) -> Fact | None:
        """The first fact that has `word` in capitals: PET, which somebody's pets are not."""
        pattern = re.compile(rf"(?<![A-Za-z]){word}(?![A-Za-z])")
        return next((fact for fact in self.facts if pattern.search(fact.value)), None)

    def holding(self, text: str) -> Fact | None:
        """The first fact whose text contains `text` (folded)."""
        if not text or text not in self.all_text:
            return None
        return next((fact for folded, fact in self.folded if text in folded), None)


def _denied_phrases(fact: Fact) -> list[str]:
    value = normalise(fact.value).text
    if fact.kind == "quantity":
        # 尺寸: 240×150mm（不含天线） says how it was measured.
        value = _ASIDE.sub("", value)
    found = (match[1] for match in _DENIED.finditer(value))
    phrases = [phrase for phrase in found if phrase not in opinion_words()]
    phrases += [name for piece in _LIST.split(value) if (name := _lacking(piece))]
    name = asked(fact)
    return [*phrases, name] if len(name) > 1 else phrases


def asked(fact: Fact) -> str:
    """What an attribute asks for whose value says no: 糖 of 是否含糖: 不含; else ``."""
    return _YES_NO.sub("", normalise(fact.attribute).text) if says_no(fact.value) else ""


def _lacking(piece: str) -> str:
    """The thing that a piece of a value says is lacking: 芯片 of 无芯片设计; `` for 无负担."""
    match = _WITHOUT.fullmatch(piece.strip())
    if match is None or match[1] in (opinion_words() | effects().moods):
        return ""
    tags = [tag for _, tag in rjieba.tag(match[1])]
    return match[1] if all(tag.startswith("n") for tag in tags) else ""


def evidence_of(fact: Fact) -> Evidence:
    """The evidence that `fact` gives."""
    return Evidence(fact.attribute, fact.value)


def aspect_in(text: str, dimension: str, *, near: int | None = None) -> str:
    """What a number of `dimension` measures by the words of `text`; the one nearest to the
    offset `near`, words before it preferred; `` if none is named."""
    best, best_rank = "", 10_000
    taken: list[tuple[int, int]] = []
    for word, aspect in aspects().get(dimension, ()):
        start = text.rfind(word) if near is None else _nearest(text, word, near)
        if start < 0 or not _whole(text, start, word):
            continue
        if any(begin < start + len(word) and start < end for begin, end in taken):
            continue
        taken.append((start, start + len(word)))
        rank = _distance(start, start + len(word), near if near is not None else len(text))
        if rank < best_rank:
            best, best_rank = aspect, rank
    return best


def _whole(text: str, start: int, word: str) -> bool:
    if not word.isascii():
        return True
    end = start + len(word)
    return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())


def _nearest(text: str, word: str, near: int) -> int:
    before, after = text.rfind(word, 0, near), text.find(word, near)
    if before < 0 or after < 0:
        return max(before, after)
    distance = _distance(before, before + len(word), near)
    return before if distance <= _distance(after, after + len(word), near) else after


def _distance(start: int, end: int, near: int) -> int:
    return near - end if end <= near else (start - near) + 3


@lru_cache(maxsize=4096)
def subject_of(attribute: str) -> str:
    """The attribute's name without aspect and generic words: 杯口 in 杯口直径, `` in 材质."""
    name = normalise(attribute).text
    for word in sorted(attribute_words().generic, key=len, reverse=True):
        name = name.replace(word, "")
    for pairs in aspects().values():
        for word, _ in pairs:
            if not word.isascii():
                name = name.replace(word, "")
    name = "".join(char for char in name if char.isalnum())
    return name if len(name) >= 2 and not name.isdigit() else ""


def _known_quantities(fact: Fact) -> list[KnownQuantity]:
    if fact.kind == "colour":
        # 三种颜色 and 三色 count what the value lists.
        many = Decimal(len([piece for piece in _LIST.split(fact.value) if piece.strip()]))
        listed = [Quantity(many, many, kind, "色") for kind in ("count:款", "count:色")]
        return [KnownQuantity(amount, fact, "", "") for amount in (*listed, *fact.quantities)]
    spans = quantities(fact.value)
    subject = subject_of(fact.attribute) if fact.attribute not in IDENTITY else ""
    name = without_compounds(normalise(fact.attribute).text)
    if not spans:
        return [
            KnownQuantity(amount, fact, aspect_in(name, amount.dimension), subject)
            for amount in fact.quantities
        ]
    known: list[KnownQuantity] = []
    # 82%锦纶 18%氨纶 names after the number what 锦纶82%、氨纶18% names before it.
    after = spans[0].start == 0 and bool(_TAIL.search(fact.value[spans[-1].end :]))
    for index, span in enumerate(spans):
        begin = spans[index - 1].end if index else 0
        before = normalise(fact.value[begin : span.start]).text
        dimension = span.quantity.dimension
        bare = without_compounds(before)
        aspect = aspect_in(bare, dimension) or aspect_in(name, dimension)
        labels: frozenset[str] = frozenset()
        if len(spans) == 1:
            labels = frozenset(word for word in _labels(before) if _SIZE.fullmatch(word))
        else:
            end = spans[index + 1].start if index + 1 < len(spans) else len(fact.value)
            behind = _ITEM_END.split(normalise(fact.value[span.end : end]).text)[0]
            labels = frozenset(_labels(behind if after else before))
        if known and _SIDE.fullmatch(before):
            labels = known[-1].labels
        beside = _beside(fact.value, index, spans)
        known.append(KnownQuantity(span.quantity, fact, aspect, subject, labels, beside))
    return known


def _beside(value: str, index: int, spans: list[QuantitySpan]) -> tuple[Quantity, ...]:
    span = spans[index]
    return tuple(
        other.quantity
        for other in spans
        if other is not span
        and not _CUT.search(value, min(span.end, other.end), max(span.start, other.start))
    )


def _labels(before: str) -> Iterator[str]:
    """The words that say which of several numbers this one is: a part, a size."""
    generic = attribute_words().generic
    yield from (match[0] for match in _CODE.finditer(_ITEM_END.split(before)[-1]))
    for word in query_tokens(_ITEM_END.split(before)[-1]):
        size = bool(_SIZE.fullmatch(word))
        alone = word == _ITEM_END.split(before)[-1].strip("、，, ")
        part = (len(word) > 1 or alone) and not word.isascii() and word not in generic
        if (size or part) and word not in measures():
            yield word


def without_compounds(text: str) -> str:
    """`text` with words blanked that only look as if they named a measure: 充电盒, 充电宝."""
    return _compounds().sub(lambda match: " " * len(match[0]), text)


@cache
def _compounds() -> re.Pattern[str]:
    return re.compile("|".join(attribute_words().compounds))
