"""Whether a reply may be said: quotes that exist, no number and no promise outside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhanggui.answers.lexicon import words
from zhanggui.answers.screening import readable
from zhanggui.knowledge.markdown import plain
from zhanggui.records import Citation, Passage

_NUMBER = re.compile(r"\d+(?:[.,:：]\d+)*")


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
    return unfounded(text, ground)


def unfounded(text: str, ground: str) -> str:
    """The first number or promise of `text` that `ground` lacks, as a reason; else empty."""
    said, known = readable(text), readable(plain(ground))
    numbers = set(_NUMBER.findall(known))
    for number in _NUMBER.findall(said):
        if number not in numbers:
            return f"数字 {number} 没有出处"
    for match in words().promise_pattern.finditer(said):
        if match[0] not in known:
            return f"“{match[0]}”没有出处"
    return ""


def _around(passage: Passage) -> str:
    name = passage.text.partition("：")[0] if passage.kind == "attribute" else ""
    heading = "" if passage.kind == "attribute" else passage.heading
    return f"{heading}\n{name}"
