"""The word lists and frames of the answers, loaded strictly and compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Literal

from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

_PACKAGE = "zhanggui.answers"

AnswerKind = Literal["time", "money", "number", "party"]


class FacetEntry(DataModel):
    """One matter that customers ask about, as `facets.yaml` describes it."""

    id: str
    ask: tuple[str, ...]
    about: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    beats: tuple[str, ...] = ()
    closed: bool = False
    strict: bool = False
    shop: bool = False
    parts: bool = False
    needs: AnswerKind | None = None

    @cached_property
    def ask_pattern(self) -> re.Pattern[str]:
        return any_of((*self.ask, *self.values))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The patterns that are plain words: what a passage about it is likely to say."""
        return tuple(word for word in (*self.about, *self.ask) if word.isalnum())

    @cached_property
    def about_pattern(self) -> re.Pattern[str]:
        return any_of(self.about or self.ask)


class _Facets(DataModel):
    facets: tuple[FacetEntry, ...]


class ScreenGroup(DataModel):
    """Messages of one kind that a person has to answer."""

    name: str
    reason: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    unless_known: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return any_of(self.patterns)

    @cached_property
    def harmless(self) -> re.Pattern[str] | None:
        return any_of(self.unless) if self.unless else None


class _Screening(DataModel):
    groups: tuple[ScreenGroup, ...]


class Narrowing(DataModel):
    """`exceptions.yaml`."""

    refusals: tuple[str, ...]
    grants: tuple[str, ...]
    refusing_words: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, str]
    features: Mapping[str, str]
    families: tuple[frozenset[str], ...]
    weak: frozenset[str]
    conditional: frozenset[str]

    @cached_property
    def refusal_pattern(self) -> re.Pattern[str]:
        return any_of(self.refusals)

    @cached_property
    def grant_pattern(self) -> re.Pattern[str]:
        return any_of(self.grants)

    @cached_property
    def condition_patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {name: any_of(patterns) for name, patterns in self.conditions.items()}

    def family(self, matters: Iterable[str]) -> frozenset[str]:
        """The matters that share their rules with these, themselves among them."""
        asked = frozenset(matters)
        return asked.union(*(kin for kin in self.families if not kin.isdisjoint(asked)))


class KindEntry(DataModel):
    """A question word and what an answer to it must hold."""

    ask: tuple[str, ...]
    hold: tuple[str, ...]

    @cached_property
    def ask_pattern(self) -> re.Pattern[str]:
        return any_of(self.ask)

    @cached_property
    def hold_pattern(self) -> re.Pattern[str]:
        return any_of(self.hold)


class Variants(DataModel):
    """How customers name another size or model of a product."""

    sizes: frozenset[str]
    size_nouns: tuple[str, ...]
    follow: tuple[str, ...]
    lead: tuple[str, ...]
    not_after: tuple[str, ...]

    @cached_property
    def named_size(self) -> re.Pattern[str]:
        """A size in a title: 大号, 小杯."""
        return re.compile(f"{self._size}{any_of_group(self.size_nouns)}")

    @cached_property
    def said_size(self) -> re.Pattern[str]:
        """A size as customers say it: also the bare 大 of 大的呢."""
        nouns = any_of_group(self.size_nouns)
        return re.compile(f"{self._size}(?:{nouns}|(?=的(?:呢|那|[?？!，,。]|$)))")

    @cached_property
    def follow_pattern(self) -> re.Pattern[str]:
        return any_of(self.follow)

    @cached_property
    def lead_pattern(self) -> re.Pattern[str]:
        return re.compile(f"{any_of_group(self.lead)}$")

    @cached_property
    def not_after_pattern(self) -> re.Pattern[str]:
        return re.compile(f"{any_of_group(self.not_after)}$")

    @cached_property
    def _size(self) -> str:
        longest = sorted(self.sizes, key=lambda size: (-len(size), size))
        return f"(?P<size>{any_of(longest).pattern})"


class Words(DataModel):
    """`words.yaml`."""

    stop: tuple[str, ...]
    small: frozenset[str]
    parts: frozenset[str]
    topics: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    typos: Mapping[str, str]
    answer_kinds: Mapping[AnswerKind, KindEntry]
    places: Mapping[str, tuple[str, ...]]
    remote_places: tuple[str, ...]
    remote: tuple[str, ...]
    everywhere: tuple[str, ...]
    asking: tuple[str, ...]
    pronouns: tuple[str, ...]
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    own_order: tuple[str, ...]
    variants: Variants

    @cached_property
    def stop_pattern(self) -> re.Pattern[str]:
        return any_of(self.stop)

    @cached_property
    def topic_pattern(self) -> re.Pattern[str]:
        return any_of(self.topics)

    @cached_property
    def asking_pattern(self) -> re.Pattern[str]:
        return any_of(self.asking)

    @cached_property
    def pronoun_pattern(self) -> re.Pattern[str]:
        return any_of(self.pronouns)

    @cached_property
    def greeting_pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{any_of(self.greetings).pattern})+")

    @cached_property
    def thanks_pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{any_of(self.thanks).pattern})+")

    @cached_property
    def own_order_pattern(self) -> re.Pattern[str]:
        return any_of(self.own_order)

    @cached_property
    def same(self) -> Mapping[str, frozenset[str]]:
        """A word to all the words that mean the same."""
        groups: dict[str, set[str]] = {}
        for group in self.synonyms:
            for word in group:
                groups.setdefault(word, set()).update(group)
        return {word: frozenset(group) for word, group in groups.items()}

    @cached_property
    def wider(self) -> Mapping[str, tuple[str, ...]]:
        """A place to the names that include it, the nearest first."""
        found: dict[str, tuple[str, ...]] = {}
        for region, members in self.places.items():
            above = self.remote if region in self.remote_places else self.everywhere
            for place in dict.fromkeys((region, *members)):
                found[place] = tuple(dict.fromkeys((place, region, *above)))
        return found


class Frames(DataModel):
    """The fixed words around quotes in one language."""

    attribute: str
    attribute_of: str
    """Of another product than the one whose page it is."""
    attribute_more: str
    policy: str
    policy_plain: str
    exception: str
    answer: str
    vague: frozenset[str]
    order: str
    order_title: str
    between: str
    """What stands between two sentences about an order."""
    statuses: Mapping[str, str]
    order_placed: str
    order_shipped: str
    order_carrier: str
    order_tracking: str
    greeting: str
    thanks: str
    hand_over: str
    verify_first: str


class _AllFrames(DataModel):
    zh: Frames
    en: Frames


def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern for all; raises `re.error` for a broken one."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def any_of_group(patterns: Sequence[str]) -> str:
    """The same as a part of a longer pattern."""
    return f"(?:{any_of(patterns).pattern})"


@cache
def facets() -> Mapping[str, FacetEntry]:
    """The matters by id. Raises ValueError where `beats` names an unknown one."""
    entries = {entry.id: entry for entry in load(_Facets, _PACKAGE, "data/facets.yaml").facets}
    unknown = {name for entry in entries.values() for name in entry.beats} - entries.keys()
    if unknown:
        raise ValueError(f"facets.yaml: beats names unknown matters {sorted(unknown)}")
    return entries


def screen_groups() -> tuple[ScreenGroup, ...]:
    """The groups of `screening.yaml`, first match wins."""
    return load(_Screening, _PACKAGE, "data/screening.yaml").groups


def narrowing() -> Narrowing:
    """`exceptions.yaml`. Raises ValueError where it names an unknown matter."""
    found = load(Narrowing, _PACKAGE, "data/exceptions.yaml")
    unknown = found.conditional.union(found.weak, *found.families) - facets().keys()
    if unknown:
        raise ValueError(f"exceptions.yaml: it names unknown matters {sorted(unknown)}")
    return found


def words() -> Words:
    """`words.yaml`."""
    return load(Words, _PACKAGE, "data/words.yaml")


def frames(language: Language) -> Frames:
    """The frames of one language."""
    both = load(_AllFrames, _PACKAGE, "data/frames.yaml")
    return both.en if language == "en" else both.zh
