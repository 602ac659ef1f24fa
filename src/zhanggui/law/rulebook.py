"""The rules of `rules.yaml` and `stereotypes.yaml`, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from zhanggui.text.datafile import DataModel, load

Severity = Literal["high", "medium", "low"]

_FILES = ("rules.yaml", "stereotypes.yaml")


class _RuleData(DataModel):
    id: str
    article: str
    severity: Severity
    why: str
    safe: str
    patterns: list[str]
    lawful: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


class _RulesFile(DataModel):
    version: str
    categories: dict[str, list[str]]
    rules: list[_RuleData]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `only_for` and `not_for` name groups of categories."""

    id: str
    article: str
    severity: Severity
    why: str
    safe: str
    patterns: tuple[re.Pattern[str], ...]
    lawful: tuple[re.Pattern[str], ...]
    only_for: frozenset[str]
    not_for: frozenset[str]

    def applies_to(self, groups: frozenset[str]) -> bool:
        """Whether the rule is for a product of these category groups."""
        if self.only_for and not self.only_for & groups:
            return False
        return not self.not_for & groups


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one version."""

    version: str
    """The versions of all files: a change in any of them is a change."""
    categories: dict[str, tuple[str, ...]]
    rules: tuple[Rule, ...]

    def groups(self, category: str) -> frozenset[str]:
        """The category groups that a free category text (`食品/零食`) belongs to."""
        text = category.lower()
        return frozenset(
            group for group, words in self.categories.items() if any(word in text for word in words)
        )


@cache
def rulebook() -> Rulebook:
    """The rulebook of the package."""
    files = [load(_RulesFile, "zhanggui.law", name) for name in _FILES]
    categories = {group: tuple(words) for file in files for group, words in file.categories.items()}
    rules = [rule for file in files for rule in file.rules]
    unknown = {
        group for rule in rules for group in (*rule.only_for, *rule.not_for)
    } - categories.keys()
    if unknown:
        raise ValueError(f"the rules name unknown categories: {sorted(unknown)}")
    version = "+".join(dict.fromkeys(file.version for file in files))
    return Rulebook(version, categories, tuple(map(_compiled, rules)))


def _compiled(rule: _RuleData) -> Rule:
    return Rule(
        rule.id,
        rule.article,
        rule.severity,
        rule.why,
        rule.safe,
        tuple(map(re.compile, rule.patterns)),
        tuple(map(re.compile, rule.lawful)),
        frozenset(rule.only_for),
        frozenset(rule.not_for),
    )
