"""Texts against the rulebook, in context: 最后一件 and 最高温度60℃ are lawful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhanggui.law.rulebook import Rule, rulebook
from zhanggui.records import Violation
from zhanggui.text.normalise import Normalised, normalise


def check(parts: Mapping[str, str], category: str) -> tuple[Violation, ...]:
    """What `parts` (name → text) of a product of `category` say against the law, in order.

    `category` is free text (`食品/零食`, `护肤`); empty means that no category rule applies.
    `part_text[violation.start:violation.end] == violation.text`.
    """
    groups = rulebook().groups(category)
    rules = [rule for rule in rulebook().rules if rule.applies_to(groups)]
    return tuple(
        violation for part, text in parts.items() for violation in _violations(part, text, rules)
    )


def _violations(part: str, text: str, rules: list[Rule]) -> list[Violation]:
    normal = normalise(text)
    found: list[tuple[int, int, Rule]] = []
    for rule in rules:
        found.extend((start, end, rule) for start, end in _matches(rule, normal))
    violations = []
    taken: list[tuple[int, int]] = []
    for start, end, rule in sorted(found, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if any(begin < end and start < stop for begin, stop in taken):
            continue
        taken.append((start, end))
        first, last = normal.span(start, end)
        why = f"{rule.why}（{rule.article}）；{rule.safe}"
        violations.append(
            Violation(
                part=part, rule=rule.id, text=text[first:last], start=first, end=last, why=why
            )
        )
    return sorted(violations, key=lambda violation: violation.start)


def _matches(rule: Rule, normal: Normalised) -> Iterator[tuple[int, int]]:
    lawful: list[tuple[int, int]] | None = None
    for pattern in rule.patterns:
        for match in pattern.finditer(normal.text):
            if lawful is None:
                lawful = [hit.span() for one in rule.lawful for hit in one.finditer(normal.text)]
            if not any(start < match.end() and match.start() < end for start, end in lawful):
                yield match.span()
