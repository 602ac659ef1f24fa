"""How well personal data is found, on public data sets and on our own cases."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from zhanggui.evals.figures import Figure
from zhanggui.evals.pii_texts import Labelled, cases, chat, english, news
from zhanggui.evals.pii_values import Values
from zhanggui.evals.spans import Tally
from zhanggui.pii.finder import find_all

FORMATTED = (
    "PHONE", "LANDLINE", "ID_CARD", "BANK_CARD", "EMAIL", "ORDER_NO", "TRACKING_NO", "WECHAT",
    "QQ", "WANGWANG", "PLATE", "IP",
)  # fmt: skip
ALL = (*FORMATTED, "NAME", "ADDRESS")

_SEED = 20
_PERSONAL = 3000
_CLEAN = 6000
_NEWS = 2000
_CHUNK = 200
_PRESIDIO = "Presidio publishes 0.618 as it comes and 0.845 tuned; ours overlaps count"


def figures(data: Path) -> list[Figure]:
    """The figures for the data sets in `data`; those whose files are absent are left out."""
    own = tally(cases())
    measured = [
        *_formatted(own, "own cases"),
        *_people(own, "own cases"),
        *_whole(own, "own cases"),
    ]
    if (data / "jddc_chat").is_dir() and (data / "jddc_pairs").is_dir():
        sample = chat_sample(data)
        filled = tally(sample)
        note = "JDDC chat with made-up values in all placeholders, also where they cut a word"
        measured += [*_formatted(filled, note), *_people(filled, note), *_whole(filled, note)]
        measured += speed(sample)
    if (data / "presidio_pii").is_dir():
        measured.append(_english(tally(list(english(data)))))
    if (data / "cluener").is_dir():
        measured += _news(tally(list(news(data))[:_NEWS]))
    return measured


def tally(texts: Sequence[Labelled], *, people: bool = True) -> Tally:
    """What is found in `texts` against what is there."""
    counts = Tally()
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        found = find_all([one.text for one in chunk], people=people)
        for one, entities in zip(chunk, found, strict=True):
            counts.add(one.text, one.spans, [(e.type, e.start, e.end) for e in entities])
    return counts


def chat_sample(data: Path) -> list[Labelled]:
    """Filled messages of customers and shops: a third with personal data, two thirds without."""
    texts = list(chat(data, Values(_SEED).fill))
    random.Random(_SEED).shuffle(texts)
    personal = [one for one in texts if one.spans][:_PERSONAL]
    return personal + [one for one in texts if not one.spans][:_CLEAN]


def speed(texts: Sequence[Labelled]) -> list[Figure]:
    """Messages a second on one core, with and without names and addresses."""
    measured = []
    for people, name in ((False, "rules"), (True, "rules and student")):
        begin = time.process_time()
        tally(texts, people=people)
        rate = len(texts) / (time.process_time() - begin)
        goal = "" if people else "≥ 2,500 (5,000 on two cores)"
        met = None if people else rate >= 2500
        measured.append(Figure(f"pii speed, {name}", rate, goal, met, "messages/s on one core"))
    return measured


def _formatted(counts: Tally, note: str) -> list[Figure]:
    return [
        _least("pii formatted recall", counts.recall(FORMATTED), 0.995, note),
        _least("pii formatted precision", counts.precision(FORMATTED), 0.99, note),
    ]


def _people(counts: Tally, note: str) -> list[Figure]:
    measured = []
    for kind, least in (("NAME", 0.89), ("ADDRESS", 0.80)):
        exact = f"{note}; by overlap, exact bounds {counts.f([kind], exact=True):.3f}"
        measured.append(_least(f"pii {kind} F1", counts.f([kind]), least, exact))
    return measured


def _whole(counts: Tally, note: str) -> list[Figure]:
    uncovered = counts.uncovered / max(counts.personal, 1)
    flagged = counts.flagged / max(counts.clean, 1)
    return [
        _least("pii all types precision", counts.precision(ALL), 0.97, note),
        _most("pii characters uncovered", uncovered, 0.005, note),
        _most("pii clean messages flagged", flagged, 0.05, note),
    ]


def _english(counts: Tally) -> Figure:
    f2 = counts.f(sorted(counts.true), beta=2)
    exact = counts.f(sorted(counts.true), beta=2, exact=True)
    note = f"presidio_pii; {_PRESIDIO}; exact bounds {exact:.3f}"
    return Figure("pii English F2", f2, "beside Presidio", None, note)


def _news(counts: Tally) -> list[Figure]:
    note = "CLUENER news, where a lone city is an address and a footballer a name"
    return [
        Figure(f"pii news {kind} F1", counts.f([kind]), "", None, note)
        for kind in ("NAME", "ADDRESS")
    ]


def _least(name: str, value: float, least: float, note: str) -> Figure:
    return Figure(name, value, f"≥ {least:g}", value >= least, note)


def _most(name: str, value: float, most: float, note: str) -> Figure:
    return Figure(name, value, f"≤ {most:g}", value <= most, note)
