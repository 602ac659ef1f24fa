"""What the style sheets and style attributes of a page hide, as far as plain rules tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from zhanggui.knowledge.parts import without

_NOTHING = re.compile(r"[+-]?(?:0+\.?0*|\.0+)(?:%|[a-z]+)?")
_HIDDEN_BY = {
    "display": frozenset(("none",)),
    "visibility": frozenset(("hidden", "collapse")),
    "content-visibility": frozenset(("hidden",)),
}
_SHRUNK_BY = ("opacity", "font-size")
_STRUCK_BY = ("text-decoration", "text-decoration-line")
_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_MARKS = re.compile(r"[{};]")
# A condition on the window's size hides a text from some visitors and shows it to others.
_SCREENS = frozenset(("", "all", "screen", "only all", "only screen", "not print"))
_GROUPS = ("@supports", "@layer")
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_PLAIN = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_STEPS = 10
"""So much of a selector is looked at, from its right end."""
_SELECTORS = 100
"""So many selectors that end in one name are looked at; no sheet that people wrote has more."""
_NAMES = re.compile(r"([.#])([\w-]+)")


def hides(declarations: str) -> bool:
    """Whether `display: none; color: red` hides, shrinks to nothing or strikes out a text."""
    said = {}
    for one in without(declarations, "/*", "*/").lower().split(";"):
        name, _, value = one.partition(":")
        said[name.strip()] = value.partition("!")[0].strip()
    return (
        any(said.get(name) in values for name, values in _HIDDEN_BY.items())
        or any(_NOTHING.fullmatch(said.get(name, "")) for name in _SHRUNK_BY)
        or any("line-through" in said.get(name, "").split() for name in _STRUCK_BY)
    )


def on_every_screen(media: str) -> bool:
    """Whether a list of media (`screen, print`) takes in every screen."""
    return any(" ".join(one.lower().split()) in _SCREENS for one in media.split(","))


_Name = tuple[str, str]
"""`.` or `#` and the name; of a tag the first is empty."""


@dataclass(frozen=True, slots=True)
class _Simple:
    """One step of a selector, as `p.big#ad`; and how it stands to the step on its right."""

    tag: str
    names: frozenset[_Name]
    relation: str = ""

    def matches(self, node: Any) -> bool:
        return self.tag in ("", "*", node.tag) and self.names <= names_of(node)


_Selector = tuple[_Simple, ...]
"""From the right to the left."""


@dataclass(slots=True)
class HidingRules:
    """The rules of a page that hide something, by a name or tag that their elements have."""

    found: dict[_Name, dict[_Selector, frozenset[_Name]]] = field(default_factory=dict)
    """By the name or tag of the last step; with the names that it asks for above the element."""

    def add(self, sheet: str) -> None:
        """Takes the rules of one style sheet.

        Rules for print, for some windows only, and for what a pointer does hide nothing.
        """
        for selectors, body in _rules(sheet):
            if not hides(body):
                continue
            for text in selectors.split(","):
                if selector := _selector(text.strip()):
                    last = selector[0]
                    key = min(last.names, default=("", last.tag))
                    known = self.found.setdefault(key, {})
                    if len(known) < _SELECTORS:
                        known[selector] = _names_above(selector)

    def hide(self, node: Any, above: frozenset[_Name]) -> bool:
        """Whether one of them hides this element itself; `above` are the names around it."""
        # A page that is hidden whole is one that a script shows.
        if not self.found or node.tag in ("html", "body"):
            return False
        keys = (*names_of(node), ("", node.tag), ("", "*"))
        return any(
            needed <= above and _fits(one, node)
            for key in keys
            for one, needed in self.found.get(key, {}).items()
        )


def names_of(node: Any) -> frozenset[_Name]:
    """The classes and the id of an element."""
    classes = {(".", name) for name in node.get("class", "").split()}
    return frozenset(classes | ({("#", node.get("id"))} if node.get("id") else set()))


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of the rules that hold on every screen."""
    # An open comment reaches to the end; `<!--` is what old pages put around a sheet.
    text = without(sheet + "*/", "/*", "*/").replace("<!--", " ").replace("-->", " ")
    text = _STRINGS.sub("''", text)
    blocks: list[_Block] = []
    start = 0
    for mark in _MARKS.finditer(text):
        piece = text[start : mark.start()].strip()
        start = mark.end()
        if mark[0] == "{":
            # What stands inside a rule has another selector than its own.
            holds = not blocks or (blocks[-1].holds and blocks[-1].groups)
            blocks.append(_Block(piece, holds))
        elif blocks:
            blocks[-1].declarations.append(piece)
            if mark[0] == "}":
                block = blocks.pop()
                if block.holds and not block.head.startswith("@"):
                    yield block.head, ";".join(block.declarations)


@dataclass(slots=True)
class _Block:
    head: str
    holds: bool
    declarations: list[str] = field(default_factory=list)

    @property
    def groups(self) -> bool:
        """It is no rule, only the place of rules that hold on every screen."""
        kind, media = (*self.head.lower().split(None, 1), "", "")[:2]
        return kind in _GROUPS or (kind == "@media" and on_every_screen(media))


def _selector(text: str) -> _Selector:
    """The selector of elements by tag, class and id; empty if it asks for anything else."""
    steps: list[_Simple] = []
    relation = ""
    for place, piece in enumerate(_COMBINATOR.split(text)):
        if place % 2:
            relation = piece or " "
            continue
        match = _PLAIN.fullmatch(piece)
        if not piece or match is None:
            return ()
        names = frozenset((kind, name) for kind, name in _NAMES.findall(match[2]))
        if steps:
            steps[-1] = replace(steps[-1], relation=relation)
        steps.append(_Simple((match[1] or "").lower(), names))
    return tuple(reversed(steps))[:_STEPS]


def _names_above(selector: _Selector) -> frozenset[_Name]:
    """What elements around one that fits are surely called; siblings stand beside it."""
    names: set[_Name] = set()
    for step in selector[1:]:
        if step.relation in "+~":
            break
        names |= step.names
    return frozenset(names)


def _fits(selector: _Selector, node: Any) -> bool:
    found = [node] if selector[0].matches(node) else []
    for step in selector[1:]:
        near = {one: None for here in found for one in _related(here, step.relation)}
        found = [one for one in near if step.matches(one)]
    return bool(found)


def _related(node: Any, relation: str) -> Iterator[Any]:
    """The elements that stand so before `node`."""
    if relation in " ~":
        return iter(node.iterancestors() if relation == " " else node.itersiblings(preceding=True))
    one = node.getparent() if relation == ">" else node.getprevious()
    return iter(() if one is None else (one,))
