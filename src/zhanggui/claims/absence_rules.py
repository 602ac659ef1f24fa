"""What a product is said to be free of: every item of the list needs the data's word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhanggui.claims.facts import denies_its_values
from zhanggui.claims.known import Known, asked
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.vocabulary import attribute_words, negated, opinion_words
from zhanggui.records import Fact
from zhanggui.text.normalise import fold, normalise

_FREE = re.compile(
    r"(?:不含(?![糊蓄])有?|不添加|未添加|无添加|零添加|0添加|没有添加)(?:任何|任意)?"
    r"|\b(?:free of|free from|contains? no|no added)\s(?:any\s)?"
)
_ITEM = re.compile(r"[^、，,和与及或/&;；()（）]+?(?=[、，,和与及或/&;；()（）]|\s(?:and|or)\s|$)")
_AND = re.compile(r"^\s*(?:and|or|以|任何|其他|其它|有)?\s*")
# The item ends where the sentence goes on: 色素更安心, 防腐剂的配方.
_GOES_ON = re.compile(
    r"成分|物质|等|[的更很也都让可能会就是了而但又还哦啦呢哟噢呀喔]|放心|安心|宝宝|吃|喝|用|[!！?？~～:：]"
    r"|\s(?:so|for|with|that|which|making|but|yet|it|in|to)\b"
)
_WORDS = re.compile(r"[\u4e00-\u9fff]{1,8}|[a-z][a-z-]{2,}(?: [a-z-]{3,}){0,2}")


def absence_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every item that the clause says is not in it and no lexicon knows."""
    return list(_marks(clause, known))


def _marks(clause: Clause, known: Known) -> Iterator[Mark]:
    whole = clause.lead + clause.norm
    opening = next(reversed(list(_FREE.finditer(whole))), None)
    if opening is None:
        return
    for match in _ITEM.finditer(whole, opening.end()):
        lead = _AND.match(match[0])
        text = match[0][lead.end() if lead else 0 :]
        start = match.start() + len(match[0]) - len(text) - len(clause.lead)
        stop = _GOES_ON.search(text)
        item = text[: stop.start() if stop else len(text)].strip()
        figurative = item in opinion_words() or item in attribute_words().figurative
        told = figurative or lexicon().find(item)
        if start >= 0 and _WORDS.fullmatch(item) and not told:
            yield _mark(start, item, known)
        if stop and stop[0] not in ("成分", "物质", "等"):
            return


def _mark(start: int, item: str, known: Known) -> Mark:
    end = start + len(item)
    holding = [
        fact
        for (text, _), fact in zip(known.folded, known.facts, strict=True)
        if fold(item) in text
    ]
    denied = next((fact for fact in holding if _denies(fact, item)), None)
    if denied is None:
        denied = next((one for one in known.facts if (no := asked(one)) and no in item), None)
    if denied is not None:
        return Mark(start, end, "supported", denied)
    if holding and len(item) > 1:
        return contradicted(start, end, holding[0])
    return Mark(start, end, "unsupported", None, f"商品资料没有说不含{item}")


def _denies(fact: Fact, item: str) -> bool:
    value = normalise(fact.value).text
    at = value.find(item)
    if denies_its_values(fact.attribute):
        return at >= 0
    listed = _FREE.search(value)
    return at >= 0 and (
        negated(value, at, at + len(item)) or (listed is not None and listed.end() <= at)
    )
