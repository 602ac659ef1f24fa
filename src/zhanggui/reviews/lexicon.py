"""The words in which opinions are given, read from `data/*.yaml` and compiled to one pattern.

The files are data: a shop's language grows there, not in code. Unknown keys are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from zhanggui.records import Polarity
from zhanggui.text.language import Language

CATEGORIES = (
    "物流",
    "包装",
    "价格",
    "质量",
    "外观",
    "尺寸",
    "功能",
    "服务",
    "气味",
    "材质",
    "使用体验",
    "真伪",
    "其他",
)
OTHER = "其他"

Role = Literal[
    "aspect", "opinion", "size", "negation", "degree", "joint", "wish", "contrast", "ignore"
]
Leaning = Literal["less_is_better", "more_is_better", "plain"]


class _Emoji(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    positive: list[str]
    negative: list[str]


class LexiconFile(BaseModel):
    """One `data/<language>.yaml`, as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    aspects: dict[str, list[str]]
    whole: list[str]
    less_is_better: list[str]
    more_is_better: list[str]
    more: list[str]
    less: list[str]
    positive: dict[str, list[str]]
    negative: dict[str, list[str]]
    neutral: dict[str, list[str]]
    negations: list[str]
    light: list[str]
    sure: list[str]
    only_at_end: list[str]
    degrees: list[str]
    excess: list[str]
    mild: list[str]
    joints: list[str]
    wishes: list[str]
    contrasts: list[str]
    ignore: list[str]
    emoji: _Emoji

    def opinions(self) -> Iterable[tuple[Polarity, str, list[str]]]:
        """Polarity, category ("" where any) and words of each list of opinions."""
        for category, words in self.positive.items():
            yield "positive", category, words
        for category, words in self.negative.items():
            yield "negative", category, words
        for category, words in self.neutral.items():
            yield "neutral", category, words
        yield "positive", "", self.emoji.positive
        yield "negative", "", self.emoji.negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one word can be. A word may be an aspect and an opinion at once (塑料味)."""

    roles: frozenset[Role]
    category: str = ""
    """Of the aspect; empty for a word that means the product itself."""
    leaning: Leaning = "plain"
    polarity: Polarity = "neutral"
    opinion_category: str = ""
    more: bool = False
    """A size word that means much rather than little."""
    excess: bool = False
    sure: bool = False
    """One character that is an opinion wherever it stands."""
    alone: bool = False
    """Never paired with an aspect (an emoji)."""
    only_at_end: bool = False
    """An opinion only where its clause ends with it."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries of one language and the pattern that finds the longest of them."""

    language: Language
    entries: Mapping[str, Entry]
    pattern: re.Pattern[str]
    mild: tuple[str, ...]
    """How opinions begin that say little about the whole review."""
    light: frozenset[str]
    """What may stand between a negation and the fault it denies; empty: anything near."""


def read_lexicon_file(language: Language) -> LexiconFile:
    """The lexicon of `language` as data."""
    source = files("zhanggui.reviews") / "data" / f"{language}.yaml"
    return LexiconFile.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


@cache
def lexicon(language: Language) -> Lexicon:
    """The compiled lexicon of `language`."""
    source = read_lexicon_file(language)
    entries = _entries(source)
    body = trie_pattern(entries)
    if language == "en":
        body = rf"(?<![a-z0-9]){body}(?![a-z0-9])"
    return Lexicon(language, entries, re.compile(body), tuple(source.mild), frozenset(source.light))


def _entries(source: LexiconFile) -> dict[str, Entry]:
    drafts: dict[str, dict[str, object]] = {}

    def add(words: Iterable[str], role: Role, **given: object) -> None:
        for word in words:
            draft = drafts.setdefault(word, {"roles": frozenset()})
            draft["roles"] = draft["roles"] | {role}  # type: ignore[operator]
            draft.update(given)

    for category, words in source.aspects.items():
        if category not in CATEGORIES:
            raise ValueError(f"unknown category in the lexicon: {category}")
        add(words, "aspect", category=category)
    add(source.whole, "aspect", category="")
    for word in (*source.less_is_better, *source.more_is_better):
        if word in drafts:
            drafts[word]["leaning"] = (
                "less_is_better" if word in source.less_is_better else "more_is_better"
            )
    for polarity, category, words in source.opinions():
        add(words, "opinion", polarity=polarity, opinion_category=category)
    add(source.more, "size", more=True)
    add(source.less, "size", more=False)
    add(source.negations, "negation")
    add(source.degrees, "degree")
    add(source.excess, "degree", excess=True)
    add(source.joints, "joint")
    add(source.wishes, "wish")
    add(source.contrasts, "contrast")
    for word in (*source.emoji.positive, *source.emoji.negative):
        drafts[word]["alone"] = True
    for word in source.sure:
        drafts[word]["sure"] = True
    for word in source.only_at_end:
        drafts[word]["only_at_end"] = True
    for word in source.ignore:
        drafts[word] = {"roles": frozenset({"ignore"})}
    return {word: Entry(**draft) for word, draft in drafts.items()}  # type: ignore[arg-type]


def trie_pattern(words: Iterable[str]) -> str:
    """A pattern for the longest of `words` at a place, shaped as a trie.

    Python's `re` tries alternatives one by one; sharing prefixes makes the work at each
    place independent of the number of words.
    """
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    leaves = [char for char, child in node.items() if char and set(child) == {""}]
    deeper = [char for char, child in node.items() if char and set(child) != {""}]
    options = [re.escape(char) + _branch(node[char]) for char in deeper]
    if leaves:
        options.append("[" + "".join(re.escape(char) for char in leaves) + "]")
    body = "(?:" + "|".join(options) + ")"
    return body + "?" if "" in node else body
