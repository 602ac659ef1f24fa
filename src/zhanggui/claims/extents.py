"""How far a fault reaches: the whole word, the whole statement, both of two swapped values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhanggui.claims.agreement import agrees
from zhanggui.claims.marks import FAULTY, Clause, Mark
from zhanggui.records import Claim, Evidence
from zhanggui.text.normalise import fold
from zhanggui.text.quantities import quantities

_APART = 24
_STOPS = re.compile(r"[。！？!?；;\n]|\.\s")
# 聚酰胺|纤维, 白蜡|木, 海盐|蓝: the end of the word that a term begins.
_WORD_END = re.compile(
    r"(?:原?木|纤维|合金|[红橙黄绿青蓝紫黑白灰粉棕咖杏金银]色?)(?![\u4e00-\u9fff]?[质制])"
)
# 越南|产, 吉林|舒兰: what a place goes on with.
_PLACE_END = re.compile(r"(?:原装)?(?:原产|进口|产)(?![品地])")
_SHADED = re.compile(
    r"(?:[深浅亮暗墨藏宝米雾奶天湖海]"
    r"|\b(?!(?:or|and|in|the|a|an|of|with|this|our|its|your|is|are)\b)[a-z]+ )$"
)
_JOINS = frozenset(("and", "or", "but", "so", "is", "are", "the", "a", "an"))
_COLOUR = re.compile(r"[红橙黄绿青蓝紫黑白灰粉棕咖杏]色?|[a-z]+")
# 450mL|/h, 10毫克|/升: what a rate is per.
_PER = re.compile(r"/(?:[a-z]{1,4}\b|[升分秒时日天年米克斤])")
_ARTICLE = re.compile(r"\ban? $")
_UNIT = re.compile(r"\d\s*(?:[a-zμµ%°℃]+|[\u4e00-\u9fff]{1,3})$")
_LEAD = re.compile(
    r"^(?:而且|并且|并|且|同时|不仅|不但|还有|还能|还|更|也|又|所以|因此|而|另外|现在|今天|听说|其|它们?|这款?"
    r"|(?:and|but|so|plus|also|while|it|they|it's|that|which|this|it also|or)\s)+(?=..)"
)
_ENGLISH_SUBJECT, _ENGLISH_WORD = 2, re.compile(r"\S+")
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百千]")


def told(marks: Sequence[Mark], clause: Clause) -> list[Mark]:
    """The marks of one clause, in order, where every fault covers all that it is said of."""
    result: list[Mark] = []
    for mark in marks:
        if mark.status in FAULTY:
            mark = _statement(mark, clause, result) if mark.statement else _word(mark, clause.norm)
            result = [one for one in result if one.end <= mark.start]
        if not result or result[-1].end <= mark.start:
            result.append(mark)
    return result


def _word(mark: Mark, text: str) -> Mark:
    start, end = mark.start, mark.end
    if _UNIT.search(text[start:end]) and (per := _PER.match(text, end)):
        return replace(mark, end=per.end())
    if _NUMBER.search(text[start:end]):
        return mark
    if mark.open and text[start:end].isascii() and (article := _ARTICLE.search(text[:start])):
        start = article.start()
    if tail := _WORD_END.match(text, end):
        end = tail.end()
    kind = mark.fact.kind if mark.fact is not None else ""
    if kind == "origin" and (tail := _PLACE_END.match(text, end)):
        end = tail.end()
    if _COLOUR.fullmatch(text[start:end]) and (kind == "colour" or "颜色" in mark.why):
        shade = _SHADED.search(text[:start])
        start = shade.start() if shade else start
    return replace(mark, start=start, end=end)


def _statement(mark: Mark, clause: Clause, before: Sequence[Mark]) -> Mark:
    """The mark over the clause: from its subject, but behind what a number proves, to its end."""
    text = clause.norm
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    for one in before:
        if one.status == "supported" and _NUMBER.search(text[one.start : one.end]):
            start = max(start, one.end)
    if text[start : mark.start].isascii() and text[start : mark.start].strip():
        # 9 W LED |uses 40% less energy: the verb, not the thing.
        words = list(_ENGLISH_WORD.finditer(text, start, mark.start))
        kept = words[-1:] if len(words) > _ENGLISH_SUBJECT else words
        kept = [word for word in kept if word[0] not in _JOINS]
        start = kept[0].start() if kept else mark.start
    start = min(max(start, 0), mark.start)
    start += len(text[start:]) - len(text[start:].lstrip(" 的了"))
    return replace(mark, start=start, end=max(mark.end, len(text.rstrip())))


def together(claims: Sequence[Claim], text: str) -> list[Claim]:
    """Contradicted claims side by side whose facts hold each other's words, as one: of
    座宽42厘米、座深46厘米 it is the pair that is wrong."""
    result: list[Claim] = []
    for claim in claims:
        place = next((at for at, one in enumerate(result) if _swapped(one, claim, text)), None)
        if place is None:
            result.append(claim)
            continue
        first = result[place]
        del result[place:]
        result.append(
            replace(
                first,
                text=text[first.start : claim.end],
                end=claim.end,
                why=_reversed(first.evidence, claim.evidence),
            )
        )
    return result


def _swapped(left: Claim, right: Claim, text: str) -> bool:
    if left.status != "contradicted" or right.status != "contradicted":
        return False
    between = text[left.end : right.start]
    if len(between) > _APART or _STOPS.search(between):
        return False
    return _holds(left.evidence, right.text) and _holds(right.evidence, left.text)


def _holds(evidence: Evidence | None, said: str) -> bool:
    """Whether the value has one of the words or numbers that are said."""
    if evidence is None:
        return False
    own = [span.quantity for span in quantities(evidence.value)]
    amounts = [span.quantity for span in quantities(said)]
    if amounts:
        return all(any(agrees(one, other) for other in own) for one in amounts)
    return fold(said) in fold(evidence.value)


def _reversed(left: Evidence | None, right: Evidence | None) -> str:
    facts = dict.fromkeys(f"{one.attribute}是{one.value}" for one in (left, right) if one)
    return f"说反了，资料里{'，'.join(facts)}"
