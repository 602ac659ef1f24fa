"""The rules of `rules.yaml`, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from zhanggui.text.datafile import DataModel, load

Severity = Literal["high", "medium", "low"]


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
    data = load(_RulesFile, "zhanggui.law", "rules.yaml")
    unknown = {
        group for rule in data.rules for group in (*rule.only_for, *rule.not_for)
    } - data.categories.keys()
    if unknown:
        raise ValueError(f"rules.yaml names unknown categories: {sorted(unknown)}")
    return Rulebook(
        data.version,
        {group: tuple(words) for group, words in data.categories.items()},
        tuple(
            Rule(
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
            for rule in data.rules
        ),
    )
