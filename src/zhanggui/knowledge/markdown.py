"""Passages of a Markdown file: a list item, a table row or one to two sentences each.

The text of a passage is the file's own, so that a quote can be found in it. What a unit
needs to be understood stands in its heading: the path of headings, the sentence that
introduces a list ("以下商品不支持退货："), the header row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from typing import Literal

from zhanggui.knowledge.identity import identified
from zhanggui.records import Passage
from zhanggui.text.sentences import sentences

PATH = " > "
"""Between the parts of a heading path."""
CELLS = " | "
"""Between the cells of a table row."""

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+•]|\d+[.)、．]|[（(]\d+[)）])\s*(\S.*)$")
_RULE = re.compile(r"^\s*([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"^[\s|:-]+$")
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_VALIDITY = re.compile(r"^(valid_from|valid_to)\s*:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_MARKUP = re.compile(r"\*\*|__|`|!?\[([^\]]*)\]\([^)]*\)")
# A sentence that leans on the one before it is quoted together with it.
_LEANS = re.compile(
    r"^(但|不过|然而|否则|除外|其中|如果|若|如|同时|另外|此外|也|并|因此|所以|以上|该|此|"
    r"However|But|Otherwise|Except|If|It|This|They|These)",
)
_SHORT = 12
_LONG = 160

_Kind = Literal["paragraph", "item", "row"]


@dataclass(slots=True)
class _Block:
    kind: _Kind
    text: str
    path: tuple[str, ...]
    section: str
    """The innermost heading; empty above the first one."""


@dataclass(slots=True)
class _Reader:
    """Blocks of a document, line by line."""

    blocks: list[_Block] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    """Open headings with their level."""
    items: list[tuple[int, str]] = field(default_factory=list)
    """Open list items with their indent."""
    lead: str = ""
    header: str = ""
    open: bool = False
    """The last block goes on in the next line."""

    def line(self, line: str) -> None:
        if not line.strip() or _RULE.match(line):
            self.open, self.header = False, ""
        elif match := _HEADING.match(line):
            self._heading(len(match[1]), plain(match[2]))
        elif line.lstrip().startswith("|"):
            self._row(line)
        elif match := _ITEM.match(line):
            self._item(len(match[1].expandtabs(4)), match[2].strip())
        else:
            self._text(line)

    def _add(self, kind: _Kind, text: str, *above: str) -> _Block:
        titles = tuple(title for _, title in self.path)
        path = (*titles, *(plain(part) for part in above))
        self.blocks.append(_Block(kind, text, path, titles[-1] if titles else ""))
        return self.blocks[-1]

    def _heading(self, level: int, title: str) -> None:
        self.path = [(deep, text) for deep, text in self.path if deep < level]
        self.path.append((level, title))
        self.items, self.lead, self.header, self.open = [], "", "", False

    def _row(self, line: str) -> None:
        self.open, self.items = False, []
        if _TABLE_RULE.match(line):
            return
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not self.header:
            self.header = CELLS.join(cells)
        elif any(cells):
            self._add("row", CELLS.join(cells), self.header)

    def _item(self, indent: int, text: str) -> None:
        self.items = [(deep, item) for deep, item in self.items if deep < indent]
        above = [self.lead] if self.lead else []
        self._add("item", text, *above, *(item for _, item in self.items))
        self.items.append((indent, text))
        self.header, self.open = "", True

    def _text(self, line: str) -> None:
        text = line.strip().lstrip("> ").strip()
        if not text:
            return
        indented = line[:1].isspace()
        last = self.blocks[-1] if self.blocks else None
        if last is not None and self.open and (last.kind == "paragraph" or indented or self.items):
            last.text = f"{last.text}\n{text}"
        else:
            self.items = []
            last = self._add("paragraph", text)
        if last.kind == "paragraph":
            self.lead = _introduction(last.text)
        self.header, self.open = "", True


def passages_of_markdown(name: str, text: str) -> list[Passage]:
    """The passages of the file `name`, cited as `name#innermost heading`.

    Front matter may limit them in time with `valid_from: 2026-11-01` and `valid_to: …`.
    """
    front = _FRONT.match(text)
    since, until = _validity(front[1] if front else "")
    body = _COMMENT.sub("", text[front.end() :] if front else text)
    reader = _Reader()
    for line in body.splitlines():
        reader.line(line)
    return identified(
        [
            Passage(
                id="",
                source=f"{name}#{block.section}" if block.section else name,
                text=unit,
                kind="policy",
                heading=PATH.join(block.path),
                valid_from=since,
                valid_to=until,
            )
            for block in _with_introductions(reader.blocks)
            for unit in _units(block)
        ]
    )


def plain(text: str) -> str:
    """`text` without Markdown's marks for bold, code and links."""
    return _MARKUP.sub(lambda match: match[1] or "", text).strip()


def _introduction(text: str) -> str:
    """The last sentence of `text` if it announces a list ("以下商品不支持退货："), else empty."""
    return sentences(text)[-1].text if text.endswith(("：", ":")) else ""


def _with_introductions(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Leaves out sentences that only introduce the list that follows them."""
    for block, following in zip_longest(blocks, blocks[1:]):
        lead = _introduction(block.text)
        if lead and following is not None and plain(lead) in following.path:
            rest = block.text.removesuffix(lead).rstrip()
            if rest:
                yield replace(block, text=rest)
        else:
            yield block


def _units(block: _Block) -> Iterator[str]:
    if block.kind == "row" or len(block.text) <= _SHORT:
        yield block.text
        return
    start = end = 0
    for span in sentences(block.text):
        together = block.text[start : span.end]
        before = block.text[start:end].rstrip()
        # What stands on both sides of a semicolon is one rule (满68元包邮；新疆每单20元).
        leans = _LEANS.match(span.text) or end - start < _SHORT or before.endswith(("；", ";"))
        if end > start and (not leans or len(together) > _LONG):
            yield block.text[start:end]
            start = span.start
        elif end == start:
            start = span.start
        end = span.end
    if end > start:
        yield block.text[start:end]


def _validity(front: str) -> tuple[date | None, date | None]:
    found = {match[1]: date.fromisoformat(match[2]) for match in _VALIDITY.finditer(front)}
    return found.get("valid_from"), found.get("valid_to")
