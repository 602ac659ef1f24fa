"""The rules of the YAML files beside this one, their contexts and words, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field

from zhanggui.law.atoms import AtomIndex, branches
from zhanggui.text.datafile import DataModel, load

Severity = Literal["high", "medium", "low"]
Within = Literal["clause", "sentence", "text"]

_FILES = ("rules.yaml", "sectors.yaml", "trade.yaml", "stereotypes.yaml")
RULE_FILES = (*_FILES, "contexts.yaml", "disguises.yaml")
"""All data files of the law, for its fingerprint."""

_NAME = re.compile(r"<([a-z_]+)>")
_SPAN = re.compile(r"<g(\d+)>")
_DEEPEST = 4
# Characters of one clause, and none that denies what follows: 水晶不会带来财运.
_GAP = r"(?:(?!不[会能可是具]|没有|并非)[^,。!?;\\n]){0,\1}?"


class _RuleData(DataModel):
    id: str
    article: str
    severity: Severity
    why: str
    safe: str
    patterns: list[str]
    lawful: tuple[str, ...] = ()
    contexts: tuple[str, ...] | None = None
    unless: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


class _RulesFile(DataModel):
    version: str
    categories: dict[str, list[str]]
    goods: dict[str, list[str]] = Field(default_factory=dict)
    rules: list[_RuleData]


class _ContextData(DataModel):
    id: str
    within: Within
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    general: bool = True


class _ContextsFile(DataModel):
    version: str
    terms: dict[str, str | list[str]]
    licences: dict[str, str]
    contexts: list[_ContextData]


@dataclass(frozen=True, slots=True)
class Context:
    """Surroundings that make a match lawful; patterns look before it, after it, or all around."""

    id: str
    within: Within
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `only_for` and `not_for` name groups of categories, `unless` licences."""

    id: str
    article: str
    severity: Severity
    why: str
    safe: str
    patterns: tuple[re.Pattern[str], ...]
    """One alternative each."""
    lawful: re.Pattern[str] | None
    contexts: tuple[Context, ...]
    unless: frozenset[str]
    only_for: frozenset[str]
    not_for: frozenset[str]

    def applies_to(self, groups: frozenset[str]) -> bool:
        """Whether the rule is for a product of these category groups."""
        if self.only_for and not self.only_for & groups:
            return False
        return not self.not_for & groups


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules for one kind of product."""

    rules: tuple[Rule, ...]
    pairs: tuple[tuple[re.Pattern[str], Rule], ...]
    index: AtomIndex

    def candidates(self, text: str) -> Iterator[tuple[re.Pattern[str], Rule]]:
        """The alternatives, with their rules, that can match `text`."""
        return (self.pairs[number] for number in self.index.candidates(text))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one version."""

    version: str
    """The versions of all files: a change in any of them is a change."""
    categories: dict[str, re.Pattern[str]]
    goods: dict[str, re.Pattern[str]]
    """Words by which a text without a category says what it is, by category group."""
    rules: tuple[Rule, ...]
    proofs: dict[str, re.Pattern[str]]
    """What a licence looks like in a text, by the licence's name."""

    def groups(self, category: str) -> frozenset[str]:
        """The category groups that a free category text (`食品/零食`) belongs to."""
        text = category.lower()
        return frozenset(group for group, word in self.categories.items() if word.search(text))

    def groups_named(self, text: str) -> frozenset[str]:
        """The category groups of the goods that `text`, a normal form, names (这款面霜…)."""
        return frozenset(group for group, word in self.goods.items() if word.search(text))

    def rules_for(self, groups: frozenset[str]) -> RuleSet:
        """The rules for a product of these category groups."""
        return _rules_for(groups)

    def licences(self, text: str) -> frozenset[str]:
        """The licences whose numbers stand in `text`, a normal form."""
        return frozenset(name for name, proof in self.proofs.items() if proof.search(text))


@cache
def rulebook() -> Rulebook:
    """The rulebook of the package."""
    files = [load(_RulesFile, "zhanggui.law", name) for name in _FILES]
    shared = load(_ContextsFile, "zhanggui.law", "contexts.yaml")
    categories = _groups(file.categories for file in files)
    goods = _groups(file.goods for file in files)
    terms = {name: _alternatives(words) for name, words in shared.terms.items()}
    contexts = {one.id: _context(one, terms) for one in shared.contexts}
    general = tuple(one.id for one in shared.contexts if one.general)
    rules = [rule for file in files for rule in file.rules]
    if strange := sorted(goods.keys() - categories.keys()):
        raise ValueError(f"goods of an unknown category: {strange}")
    _refuse_unknown(rules, categories.keys(), contexts.keys(), shared.licences.keys())
    versions = [*(file.version for file in files), shared.version]
    version = "+".join(dict.fromkeys(versions))
    return Rulebook(
        version,
        categories,
        goods,
        tuple(_rule(rule, contexts, general, terms) for rule in rules),
        {name: re.compile(form) for name, form in shared.licences.items()},
    )


def _groups(files: Iterable[dict[str, list[str]]]) -> dict[str, re.Pattern[str]]:
    return {group: re.compile("|".join(words)) for file in files for group, words in file.items()}


@cache
def _rules_for(groups: frozenset[str]) -> RuleSet:
    rules = tuple(rule for rule in rulebook().rules if rule.applies_to(groups))
    pairs = tuple((pattern, rule) for rule in rules for pattern in rule.patterns)
    return RuleSet(rules, pairs, AtomIndex.of([pattern.pattern for pattern, _ in pairs]))


def _refuse_unknown(
    rules: list[_RuleData], categories: object, contexts: object, licences: object
) -> None:
    for name, known in (("category", categories), ("context", contexts), ("licence", licences)):
        assert isinstance(known, type({}.keys()))
        fields = {"category": ("only_for", "not_for"), "context": ("contexts",)}
        named = {
            word
            for rule in rules
            for field in fields.get(name, ("unless",))
            for word in getattr(rule, field) or ()
        }
        if named - known:
            raise ValueError(f"the rules name an unknown {name}: {sorted(named - known)}")


def _alternatives(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "|".join(words)


def _filled(pattern: str, terms: dict[str, str]) -> str:
    """`pattern` with `<name>` replaced by the term's words and `<g6>` by up to six characters."""
    for _ in range(_DEEPEST):
        pattern = _NAME.sub(lambda name: f"(?:{terms[name[1]]})", pattern)
    return _SPAN.sub(_GAP, pattern)


def _pattern(patterns: tuple[str, ...] | list[str], terms: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_filled(pattern, terms)})" for pattern in patterns))


def _optional(
    patterns: tuple[str, ...], terms: dict[str, str], end: str = ""
) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile(f"(?:{_pattern(patterns, terms).pattern}){end}")


def _context(data: _ContextData, terms: dict[str, str]) -> Context:
    return Context(
        data.id,
        data.within,
        _optional(data.before, terms),
        _optional(data.after, terms),
        _optional(data.anywhere, terms),
    )


def _rule(
    data: _RuleData, contexts: dict[str, Context], general: tuple[str, ...], terms: dict[str, str]
) -> Rule:
    chosen = general if data.contexts is None else data.contexts
    return Rule(
        data.id,
        data.article,
        data.severity,
        data.why,
        data.safe,
        tuple(re.compile(one) for form in data.patterns for one in branches(_filled(form, terms))),
        _optional(data.lawful, terms),
        tuple(contexts[name] for name in chosen),
        frozenset(data.unless),
        frozenset(data.only_for),
        frozenset(data.not_for),
    )
