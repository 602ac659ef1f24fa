"""Gifts, awards, comparisons, sales figures, promises: claims by the way they are spoken."""

from __future__ import annotations

import re
from decimal import Decimal

import rjieba

from zhanggui.claims.agreement import agrees
from zhanggui.claims.count_rules import OWN
from zhanggui.claims.derived import ratio
from zhanggui.claims.idle_rules import is_name
from zhanggui.claims.known import Known
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.vocabulary import Cue, cues
from zhanggui.records import Fact
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.quantities import quantities

_CODE = re.compile(
    r"(?<![a-z0-9.\-])(?:[a-z]+[a-z.\-]*\d[a-z0-9+.\-]*|\d+[a-z][a-z0-9+\-]*|\d+(?:\.\d+)?)(?![a-z0-9])"
)
_ROUNDING, _PRICE_ROUNDED = ("about", "under", "max"), Decimal("0.15")
_NONE = re.compile(r"没有?|不含")
_STANDARD = re.compile(
    r"(?<![a-z])(?P<number>(?:gb|yy|qb|fz|jb|sb|ny|ly|db|wm|gh)(?:/t)?\s?z?\s?\d[\d.]*)-(?:19|20)\d\d(?!\d)"
)
_TO_NUMBER = re.compile(r"\s*(?:高达|可达|达到?|约?为|是|约|[:：])?\s*")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}$")
_AMOUNT = re.compile(
    r"[一二两三四五六七八九十\d]+|[个只件支条把张份套双瓶包片枚块根]|精美|专属|同款|\s"
)


_NO = re.compile(r"无|没有?|零|0|不含")
_LEAD = re.compile(
    r"(?:还有|还|有|也|一[张份个]|了|的|其|并|且|同时|曾在|曾|已|a |an |the )+(?=..)"
)
# CCC认证 is the CCC of 认证: CCC.
_GENERIC_END = re.compile(
    r"(?:认证|检测|检验|测试|质检|标准|资质|许可|批准|备案|验证|证书"
    r"|技术|工艺|结构|涂层|系统|设计| certified)+$"
)


def cue_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every turn of speech that is a claim by itself."""
    marks = []
    for cue in cues():
        for match in cue.pattern.finditer(clause.norm):
            if cue.needs == "place" and _known_place(match[0]):
                continue
            if cue.name == "comparison" and _than_number(match[0]):
                continue
            fact = _proof(cue, match, clause, known)
            start, end = _said(match, cue)
            if fact is not None:
                marks.append(Mark(start, end, "supported", fact))
            elif not clause.denies(start, end):
                doubt = Mark(start, end, "unsupported", None, cue.why, cue.whole, cue.spoken)
                marks.append(doubt)
    return marks


def _than_number(text: str) -> bool:
    """Whether it is compared with a number, which the rule for numbers decides: lighter than
    three pounds."""
    place = text.find(" than ")
    return place >= 0 and NUMBER.match(text, place + len(" than ")) is not None


def _known_place(text: str) -> bool:
    """Whether the lexicon has the place, so that the rule for terms decides."""
    return any(span.term.kind == "origin" for span in lexicon().find(text))


def _said(match: re.Match[str], cue: Cue) -> tuple[int, int]:
    """What of the match is the claim: the thing that is given, the prize that was won."""
    groups = match.groupdict() if cue.narrow else {}
    name = next((name for name in ("object", "key") if groups.get(name)), 0)
    start, end = match.span(name)
    text = match.string[start:end]
    lead = _LEAD.match(text)
    start += lead.end() if lead else 0
    return start, max(start + 1, end - (len(text) - len(text.rstrip(" 哦呢哟啦的"))))


def _proof(cue: Cue, match: re.Match[str], clause: Clause, known: Known) -> Fact | None:
    if cue.needs == "measure":
        return _said_so(cue, known) or _measured(cue, clause, known)
    if cue.needs == "place":
        return _place(match, known)
    if cue.needs == "ratio":
        held = ratio(_times(match["key"]), clause.norm, known)
        return held or known.holding(fold(match["key"]))
    if cue.needs == "word":
        words = (fold(word) for word in rjieba.cut(match["key"]) if len(word) > 1)
        return next((fact for word in words if (fact := known.holding(word))), None)
    if cue.needs == "kind":
        return next(iter(known.kinds.get(cue.fact_kind, ())), None)
    if cue.needs == "object":
        wanted = _AMOUNT.sub("", fold(match["object"]))
        return known.holding(wanted) if len(wanted) > 1 else None
    named = match.groupdict().get("key") or match[0]
    core = _GENERIC_END.sub("", named)
    spoken = (named, match[0], _NONE.sub("无", named), core if len(core) > 1 else named)
    held = next((fact for words in spoken if (fact := known.holding(fold(words)))), None)
    denied = next((fact for phrase, fact in known.denials if phrase in match[0]), None)
    if denied is not None and _NO.match(match[0]):
        return denied
    return held or known.holding_apart(core)


def _times(said: str) -> Decimal:
    """By how much twice the…, 翻两倍 multiplies."""
    number = NUMBER.search(said)
    if number is not None:
        return value_of(number) if not said.endswith("番") else Decimal(2) ** value_of(number)
    return Decimal(3) if said.startswith("triple") else Decimal(2)


def _place(match: re.Match[str], known: Known) -> Fact | None:
    """The fact that holds the place; places of the lexicon are left to the rule for terms."""
    words = [word for word in rjieba.cut(match["key"]) if len(word) > 1]
    return known.holding(fold(words[-1])) if words else None


def _said_so(cue: Cue, known: Known) -> Fact | None:
    held = (known.holding(fold(word)) for word in cue.words)
    return next((fact for fact in held if fact is not None), None)


def _measured(cue: Cue, clause: Clause, known: Known) -> Fact | None:
    """The fact whose number stands in the same sentence and lets the reader judge."""
    for span in quantities(clause.sentence):
        if span.quantity.dimension in cue.dimensions:
            for one in known.quantities.get(span.quantity.dimension, ()):
                if agrees(span.quantity, one.quantity):
                    return one.fact
    return None


def code_marks(clause: Clause, known: Known, taken: list[Mark]) -> list[Mark]:
    """Model numbers, ratings and bare numbers must stand in a fact as they are."""
    marks: list[Mark] = []
    if _LIST_NUMBER.match(clause.norm):
        return marks
    counted = [
        (clause.to_norm(span.start), clause.to_norm(span.end)) for span in quantities(clause.text)
    ]
    marks += _standards(clause, known)
    taken = [*taken, *marks]
    for match in _CODE.finditer(clause.norm):
        start, end = match.span()
        if any(begin <= start < stop for begin, stop in counted):
            continue
        if match[0].isdigit() and OWN.search(clause.norm[:start]):
            continue
        if any(mark.start < end and start < mark.end for mark in taken):
            continue
        code = match[0].strip(".-")
        fact = _holding_code(code, clause.norm[:start], clause, known)
        if fact is not None:
            marks.append(Mark(start, start + len(code), "supported", fact))
        elif not is_name(code, clause, start, known) and not _priced(clause, match, known):
            why = "商品资料里没有这个型号或数字"
            marks.append(Mark(start, start + len(code), "unsupported", None, why))
    return marks


def _priced(clause: Clause, match: re.Match[str], known: Known) -> bool:
    """Whether the price is told without its unit: yours for just under 130, 两百有找."""
    if known.price is None or not _DECIMAL.fullmatch(match[0]):
        return False
    text = clause.norm
    for span in quantities(f"{text[: match.end()]}元{text[match.end() :]}"):
        if span.start <= match.start() < span.end:
            price = known.price.quantities[0]
            near = abs(price.low - span.quantity.low) <= price.low * _PRICE_ROUNDED
            return near and span.quantity.bound in _ROUNDING and agrees(span.quantity, price)
    return False


def _standards(clause: Clause, known: Known) -> list[Mark]:
    """Standards with their year: GB 4706.19-2018 is not the GB 4706.19-2008 of the data."""
    marks = []
    for match in _STANDARD.finditer(clause.norm):
        fact = known.holding(fold(match[0]))
        other = known.holding(fold(match["number"]))
        if fact is not None:
            marks.append(Mark(match.start(), match.end(), "supported", fact))
        elif other is not None:
            marks.append(contradicted(match.start(), match.end(), other))
    return marks


def _named_number(before: str, known: Known) -> Fact | None:
    """The fact of a bare number whose name stands right before one: 显色指数 of 显色指数达95."""
    for name, fact in known.names.items():
        bare = not fact.quantities or fact.value.strip().isdecimal()
        place = before.rfind(name) if len(name) > 2 and bare else -1
        if place >= 0 and _TO_NUMBER.fullmatch(before, place + len(name)):
            return fact if any(char.isdigit() for char in fact.value) else None
    return None


def _holding_code(code: str, before: str, clause: Clause, known: Known) -> Fact | None:
    # PU2000 is the PU2000mm of the data.
    unit = r"(?:mm|ml|g|w|v)?" if code[:1].isalpha() and code[-1:].isdigit() else ""
    pattern = re.compile(rf"(?<![a-z0-9.]){re.escape(code)}{unit}(?![a-z0-9]|\.\d)")
    named = _named_number(clause.label + before, known)
    if named is not None:
        alone = rf"(?<![\d.]){re.escape(code)}(?:\.0+)?(?!\d|\.\d)"
        return named if re.search(alone, normalise(named.value).text) else None
    if _DECIMAL.fullmatch(code) and (fact := known.numbering(code)) is not None:
        return fact
    if code.isdigit():
        # 显色95 is the Ra95 of 显色指数.
        number = re.compile(rf"(?<![\d.]){code}(?![\d.])")
        for name, fact in known.names.items():
            if name[:2] in clause.norm and number.search(normalise(fact.value).text):
                return fact
    if code not in known.all_text:
        return None
    # Folded text has no spaces: the N52 of "12 N52 magnets" stands free only in the plain one.
    return next(
        (
            fact
            for (folded, fact), plain in zip(known.folded, known.plain, strict=True)
            if pattern.search(folded) or pattern.search(plain)
        ),
        None,
    )
