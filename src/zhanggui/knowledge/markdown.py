"""Markdown: the parts of a file, and its text without marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhanggui.knowledge.parts import CELLS, Document, Part, PartKind, dated, day_of, without

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_ITEM = re.compile(r"^(\s*)(?:[-*+•]|\d+[.)、．]|[（(]\d+[)）])\s*(\S.*)$")
_RULE = re.compile(r"^\s*([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"^[\s|:-]+$")
_FRONT = re.compile(r"\A---[^\S\n]*\n(.*?)\n---[^\S\n]*(?:\n|\Z)", re.DOTALL)
_VALIDITY = re.compile(r"^(valid_from|valid_to)\s*:\s*(\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_MARKUP = re.compile(r"\*\*|__|`|!?\[([^\[\]]{0,1000})\]\([^)]{0,1000}\)")


@dataclass(slots=True)
class _Reader:
    """Parts of a file, line by line."""

    parts: list[Part] = field(default_factory=list)
    open: bool = False
    """The last part goes on in the next line."""
    in_table: bool = False

    def line(self, line: str) -> None:
        if not line.strip() or _RULE.match(line):
            self.open = self.in_table = False
        elif match := _HEADING.match(line):
            title = match[2].rstrip().rstrip("#").rstrip()
            self._add("heading", plain(title), len(match[1]))
            self.open = False
        elif line.lstrip().startswith("|"):
            self._row(line)
        elif match := _ITEM.match(line):
            self._add("item", match[2].strip(), len(match[1].expandtabs(4)))
        else:
            self._text(line.strip().lstrip("> ").strip())

    def _add(self, kind: PartKind, text: str, level: int = 0) -> None:
        self.parts.append(Part(kind, text, level))
        self.open, self.in_table = True, False

    def _row(self, line: str) -> None:
        self.open = False
        if _TABLE_RULE.match(line):
            return
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not self.in_table:
            self.parts.append(Part("header", CELLS.join(cells)))
            self.in_table = True
        elif any(cells):
            self.parts.append(Part("row", CELLS.join(cells)))

    def _text(self, text: str) -> None:
        if not text:
            return
        if self.open:
            last = self.parts[-1]
            self.parts[-1] = replace(last, text=f"{last.text}\n{text}")
            self.in_table = False
        else:
            self._add("text", text)


def read_markdown(text: str) -> Document:
    """The parts of a Markdown file.

    Front matter may limit them in time with `valid_from: 2026-11-01` and `valid_to: …`, or a line
    at the top (`parts.dated`). Raises ValueError for a day that does not exist.
    """
    front = _FRONT.match(text)
    body = without(text[front.end() :] if front else text, "<!--", "-->")
    reader = _Reader()
    for line in body.splitlines():
        reader.line(line)
    document = dated(reader.parts)
    for match in _VALIDITY.finditer(front[1] if front else ""):
        day = day_of(*match[2].split("-"))
        since = match[1] == "valid_from"
        document = replace(document, valid_from=day) if since else replace(document, valid_to=day)
    return document


def plain(text: str) -> str:
    """`text` without Markdown's marks for bold, code and links."""
    return _MARKUP.sub(lambda match: match[1] or "", text).strip()
