"""Whether a sentence may be said: quotes that exist, no number, no promise and no person's data
outside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhanggui.answers.promises import unlicensed
from zhanggui.answers.screening import readable
from zhanggui.knowledge.markdown import plain
from zhanggui.pii.finder import TOKEN, find
from zhanggui.records import Citation, Passage

# 20:00 and 16:9 are one number; 双12：2026年 are a heading and the year that follows it.
_NUMBER = re.compile(r"\d+(?:[.,]\d+|[:：]\d{1,2}(?!\d))*")


_OF_PERSONS = ("PHONE", "ID_CARD", "BANK_CARD")
"""The shop's own numbers are pseudonyms in its passages, so none of these can be one."""


def fault(text: str, citations: Sequence[Citation], passages: Sequence[Passage]) -> str:
    """Why `text` does not stand on its citations; empty when it does.

    Every quote has to occur verbatim in the passage that its citation names. Numbers, dates,
    prices and promises of the text have to stand in a quote, or in the name, the heading or
    the lead of a passage that is cited.
    """
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.source, []).append(passage)
    if not citations:
        return "没有引用"
    for citation in citations:
        sources = by_source.get(citation.source, [])
        if not citation.quote or not any(citation.quote in passage.text for passage in sources):
            return "引文在资料里找不到"
    ground = "\n".join(
        (*(citation.quote for citation in citations), *(_around(passage) for passage in passages))
    )
    if any(one.type in _OF_PERSONS for one in find(text, people=False)):
        return "含有个人信息"
    return unfounded(text, ground)


def concealed(text: str) -> str:
    """Why a text with its pseudonyms turned back may not be said: one is left, so it is somebody
    else's; empty if none is."""
    return "含有他人的个人信息" if TOKEN.search(text) else ""


def unfounded(text: str, ground: str) -> str:
    """The first number or promise of `text` that `ground` lacks, as a reason; else empty."""
    said, known = readable(text), readable(plain(ground))
    numbers = set(_NUMBER.findall(known))
    for number in _NUMBER.findall(said):
        if number not in numbers:
            return f"数字 {number} 没有出处"
    promised = unlicensed(said, known)
    return f"“{promised}”没有出处" if promised else ""


def _around(passage: Passage) -> str:
    name = passage.text.partition("：")[0] if passage.kind == "attribute" else ""
    return f"{passage.heading}\n{name}"
