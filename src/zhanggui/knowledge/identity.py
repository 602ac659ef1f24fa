"""The identity of a passage: stable while its source and its words stay the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from zhanggui.records import Passage


def passage_id(source: str, text: str, occurrence: int = 0) -> str:
    """16 hex digits; `occurrence` tells apart equal passages of one source."""
    key = f"{source}\n{text}\n{occurrence}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def identified(passages: Sequence[Passage]) -> list[Passage]:
    """The passages with their ids; a source that repeats a sentence gets different ones."""
    seen: Counter[tuple[str, str]] = Counter()
    done: list[Passage] = []
    for passage in passages:
        key = (passage.source, f"{passage.question}\n{passage.text}")
        done.append(replace(passage, id=passage_id(*key, seen[key])))
        seen[key] += 1
    return done
