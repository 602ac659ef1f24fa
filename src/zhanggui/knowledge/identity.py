"""The identity of a passage: stable while what it says stays the same, wherever it moves to."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from zhanggui.records import Passage

# A line or a page is a place, not a part of what is said: a row put in above moves all others.
_PLACE = re.compile(r"(?::\d+|#第\d+页)$")


def passage_id(source: str, text: str, occurrence: int = 0) -> str:
    """16 hex digits; `occurrence` tells apart equal passages of one source."""
    key = f"{_PLACE.sub('', source)}\n{text}\n{occurrence}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def identified(passages: Sequence[Passage]) -> list[Passage]:
    """The passages with their ids; a source that repeats a sentence gets different ones."""
    seen: Counter[tuple[str, str]] = Counter()
    done: list[Passage] = []
    for passage in passages:
        said = "\n".join((passage.product_id or "", passage.question, passage.text))
        key = (_PLACE.sub("", passage.source), said)
        done.append(replace(passage, id=passage_id(*key, seen[key])))
        seen[key] += 1
    return done
