"""What a text must contain for a pattern to match, so that few patterns are tried on it.

Thousands of alternatives over every text would cost milliseconds. Each alternative has words of
which one must occur (its atoms, Cox 2012); an index from their first characters gives the few
alternatives that a text can match at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Atoms = frozenset[str]

_ESCAPED = set("dDsSwWbBAZ")
_MOST_IN_CLASS = 16


def branches(pattern: str) -> list[str]:
    """The top-level alternatives of a regular expression."""
    parts, depth, begin, index, inside = [], 0, 0, 0, False
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            index += 1
        elif inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "|" and depth == 0:
            parts.append(pattern[begin:index])
            begin = index + 1
        index += 1
    return [*parts, pattern[begin:]]


def atoms(pattern: str) -> Atoms | None:
    """Strings of which each match of `pattern` has at least one around it; None for no such."""
    found: set[str] = set()
    for branch in branches(pattern):
        best = _best(branch)
        if best is None:
            return None
        found |= best
    return frozenset(found)


def _best(branch: str) -> Atoms | None:
    """The most telling requirement of a sequence."""
    wanted: list[Atoms] = []
    run, index = "", 0
    while index < len(branch):
        item, after = _item(branch, index)
        needed, closes, after = _quantity(branch, after)
        literal = _literal(item)
        if literal is not None and needed:
            run += literal
        elif not item.startswith(("\\b", "(?!", "(?<!")):
            closes = True
        if closes:
            # A literal that may be absent or repeated ends the run before it or with it.
            wanted += [frozenset({run})] if run else []
            run = ""
            inner = _inside(item) if needed and literal is None else None
            wanted += [inner] if inner else []
        index = after
    wanted += [frozenset({run})] if run else []
    return max(wanted, key=lambda one: (min(map(len, one)) > 1, -len(one)), default=None)


def _item(branch: str, index: int) -> tuple[str, int]:
    """The item that begins at `index`, and where it ends."""
    char = branch[index]
    if char == "\\":
        return branch[index : index + 2], index + 2
    if char == "[":
        end = branch.index("]", index + 2) + 1
        return branch[index:end], end
    if char == "(":
        depth, end, inside = 0, index, False
        while True:
            here = branch[end]
            if here == "\\":
                end += 1
            elif inside:
                inside = here != "]"
            elif here == "[":
                inside = True
            else:
                depth += (here == "(") - (here == ")")
            end += 1
            if depth == 0 and not inside:
                return branch[index:end], end
    return char, index + 1


def _quantity(branch: str, index: int) -> tuple[bool, bool, int]:
    """Whether the item before `index` must occur, whether it may repeat, and what comes next."""
    match = re.compile(r"([?*+]|\{(\d*),?\d*\})\??").match(branch, index)
    if match is None:
        return True, False, index
    mark = match[1]
    needed = mark == "+" or (mark.startswith("{") and (match[2] or "0") != "0")
    return needed, True, match.end()


def _literal(item: str) -> str | None:
    if len(item) == 1 and item not in ".^$":
        return item
    if len(item) == 2 and item[0] == "\\" and item[1] not in _ESCAPED:
        return item[1]
    return None


def _inside(item: str) -> Atoms | None:
    """What a group or a class needs."""
    if item.startswith("["):
        chars = item[1:-1]
        plain = not any(mark in chars for mark in "^-\\") and len(chars) <= _MOST_IN_CLASS
        return frozenset(chars) if plain else None
    if not item.startswith("(") or item.startswith(("(?!", "(?<!")):
        return None
    head = re.match(r"\((?:\?(?::|=|<=|P<\w+>))?", item)
    return atoms(item[head.end() : -1]) if head else None


@dataclass(frozen=True, slots=True)
class AtomIndex:
    """Which of numbered patterns can match a text."""

    always: tuple[int, ...]
    by_key: dict[str, tuple[tuple[str, int], ...]]
    """The first two characters of an atom, or its only one → (atom, number of the pattern)."""

    @classmethod
    def of(cls, patterns: list[str]) -> AtomIndex:
        """The index of `patterns`, numbered by their places."""
        always: list[int] = []
        by_key: dict[str, list[tuple[str, int]]] = {}
        for number, pattern in enumerate(patterns):
            needed = atoms(pattern)
            if needed is None:
                always.append(number)
            for atom in needed or ():
                by_key.setdefault(atom[:2], []).append((atom, number))
        return cls(tuple(always), {key: tuple(pairs) for key, pairs in by_key.items()})

    def candidates(self, text: str) -> list[int]:
        """The patterns that can match `text`, in order."""
        keys = {text[index : index + 2] for index in range(len(text))} | set(text)
        found = set(self.always)
        for key in keys & self.by_key.keys():
            found.update(number for atom, number in self.by_key[key] if atom in text)
        return sorted(found)
