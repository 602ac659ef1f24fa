"""What a finding's reviews say, in a few words: 杯盖漏水, 物流慢, 安静.

Ways to say one thing are one topic (漏, 渗水, 一直滴水), words that only praise or blame are
none, and a review counts once for each topic. The words are data (`data/topics.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from zhanggui.records import Opinion, Polarity
from zhanggui.reviews.lexicon import lexicon
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import normalise

TOPICS = 3
"""A finding names at most so many."""


class _Group(DataModel):
    words: list[str]
    denied: str | None = None
    only: str | None = None


class _Names(DataModel):
    empty: list[str]
    praise: dict[str, _Group]
    blame: dict[str, _Group]


class _Topics(DataModel):
    zh: _Names
    en: _Names


@dataclass(frozen=True, slots=True)
class _Told:
    """A topic as one opinion tells it."""

    name: str
    aspect: str = ""


def topics(said: Iterable[Sequence[Opinion]]) -> tuple[tuple[str, int], ...]:
    """The commonest topics of reviews, each given as its opinions of one finding.

    With every topic comes the number of reviews that tell it; a single one is no topic. The
    aspect belongs to the name where all of these reviews name the same one.
    """
    tellers: dict[str, set[int]] = {}
    aspects: dict[str, set[str]] = {}
    for number, opinions in enumerate(said):
        for told in filter(None, map(_told, opinions)):
            tellers.setdefault(told.name, set()).add(number)
            aspects.setdefault(told.name, set()).add(told.aspect)
    named: dict[str, set[int]] = {}
    for name, numbers in tellers.items():
        named.setdefault(_full_name(name, aspects[name]), set()).update(numbers)
    common = sorted(named.items(), key=lambda one: (-len(one[1]), one[0]))
    return tuple((name, len(numbers)) for name, numbers in common if len(numbers) > 1)[:TOPICS]


def _full_name(name: str, aspects: set[str]) -> str:
    if len(aspects) != 1:
        return name
    (aspect,) = aspects
    return name if aspect in name else _joined(aspect, name)


def _joined(aspect: str, name: str) -> str:
    return aspect + (" " if language_of(aspect + name) == "en" else "") + name


def _told(opinion: Opinion) -> _Told | None:
    said = opinion.opinion or ""
    aspect = normalise(opinion.aspect or "").text.strip()
    language = language_of(said or aspect)
    denied = _denied(said, opinion, language)
    if denied is not None:
        return _Told(denied, aspect)
    group, before = _grouped(_cut(said, language, excess=True), opinion, language)
    if group is not None:
        return _Told(group, aspect or before)
    plain = _cut(said, language, excess=False)
    if plain in _empty(language) or len(plain) < 2:
        return _Told(_joined(aspect, plain) if plain else aspect) if aspect else None
    return _Told(plain, aspect)


def _grouped(plain: str, opinion: Opinion, language: Language) -> tuple[str | None, str]:
    """The group that `plain` belongs to, and what stands before the group's word in it."""
    table = _table(language, opinion.polarity)
    for begin in range(len(plain)):
        name, only = table.get(plain[begin:], (None, None))
        whole_or_long = begin == 0 or len(plain) - begin > 1
        if name is not None and whole_or_long and only in (None, opinion.category):
            return name, plain[:begin].strip()
    return None, ""


def _denied(said: str, opinion: Opinion, language: Language) -> str | None:
    """The name of a denied fault: 没发现漏水 → 不漏水."""
    words = lexicon(language)
    text = _cut(said, language, excess=True)
    found = words.pattern.match(text)
    if opinion.polarity != "positive" or found is None:
        return None
    if "negation" not in words.entries[found[0]].roles:
        return None
    rest = text[found.end() :].strip()
    light = next((one for one in words.light if one != rest and rest.startswith(one)), "")
    for fault in (rest, rest[len(light) :].strip(" 的")):
        name, _ = _table(language, "negative").get(fault, (None, None))
        if name is not None:
            return _denials(language).get(name)
    return None


def _cut(text: str, language: Language, *, excess: bool) -> str:
    """`text` without the degree words at its front; 太, 偏 only with `excess`."""
    words = lexicon(language)
    form = normalise(text).text.strip()
    begin = 0
    for match in words.pattern.finditer(form):
        entry = words.entries[match[0]]
        if form[begin : match.start()].strip() or match.end() == len(form):
            break
        if "degree" not in entry.roles or "opinion" in entry.roles:
            break
        if entry.excess and not excess:
            break
        begin = match.end()
    return form[begin:].strip()


@cache
def _table(language: Language, polarity: Polarity) -> Mapping[str, tuple[str, str | None]]:
    names = _names(language)
    groups = names.praise if polarity == "positive" else names.blame
    return {word: (name, group.only) for name, group in groups.items() for word in group.words}


@cache
def _denials(language: Language) -> Mapping[str, str]:
    groups = _names(language).blame
    return {name: group.denied for name, group in groups.items() if group.denied}


@cache
def _empty(language: Language) -> frozenset[str]:
    return frozenset(_names(language).empty)


def _names(language: Language) -> _Names:
    names: _Names = getattr(load(_Topics, "zhanggui.reviews", "data/topics.yaml"), language)
    return names
