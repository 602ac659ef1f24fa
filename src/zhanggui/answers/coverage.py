"""How much of what a question names is named by a passage.

Segmentation of short questions is unreliable ("锅能不能" gives 锅能, 不能), so what is left of a
question after its function words is compared as runs of characters, not as tokens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from zhanggui.answers.lexicon import words
from zhanggui.text.segment import dictionary_tokens

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%+-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ELSEWHERE = 0.9
"""A place that is only covered by "其他地区": right, but less sure than its own name."""


def runs_of(text: str) -> tuple[str, ...]:
    """The runs of Han characters and the words of a text without function words and topics.

    A single Han character left over says too little to be asked for, unless it names a part.
    """
    bare = words().topic_pattern.sub(" ", words().stop_pattern.sub(" ", text))
    found = (run.strip(".-") for run in _RUN.findall(_without_small(bare)))
    parts = words().parts
    return tuple(dict.fromkeys(run for run in found if len(run) > 1 or run in parts))


def _without_small(text: str) -> str:
    small = words().small
    kept: list[str] = []
    for run in _RUN.findall(text):
        tokens = dictionary_tokens(run) if _HAN.search(run) else [run]
        kept += [" " if token in small else token for token in tokens]
        kept.append(" ")
    return "".join(kept)


def coverage(runs: Sequence[str], text: str) -> float:
    """Share of the runs' characters that `text` (in readable form) names; 1 without runs."""
    if not runs:
        return 1.0
    sizes = [_size(run) for run in runs]
    return sum(size * named(text, run) for size, run in zip(sizes, runs, strict=True)) / sum(sizes)


@lru_cache(maxsize=65536)
def named(text: str, run: str) -> float:
    """Share of one run that `text` names, by the same characters, a synonym or a wider place."""
    if _has(text, run):
        return 1.0
    if not _HAN.search(run):
        return float(any(_has(text, same) for same in words().same.get(run, frozenset((run,)))))
    held = [0.0] * len(run)
    for start in range(len(run)):
        for end in range(start + 1, len(run) + 1):
            value = _held(text, run[start:end])
            for place in range(start, end):
                held[place] = max(held[place], value)
    return sum(held) / len(run)


def _held(text: str, part: str) -> float:
    if len(part) > 1 and part in text:
        return 1.0
    if any(_has(text, same) for same in words().same.get(part, ())):
        return 1.0
    # 盖子, 袖子, 扣子: the noun is the first character.
    if len(part) == 2 and part.endswith("子") and part[0] in text:
        return 1.0
    for distance, place in enumerate(words().wider.get(part, ())):
        if place in text:
            return 1.0 if distance < 2 else _ELSEWHERE
    return 0.0


def _has(text: str, word: str) -> bool:
    if word.isascii():
        # Not \b: a Han character is a word character, and 316不锈钢 does name 316.
        whole = rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])"
        return re.search(whole, text) is not None
    return word in text


def _size(run: str) -> int:
    return len(run) if _HAN.search(run) else 2
