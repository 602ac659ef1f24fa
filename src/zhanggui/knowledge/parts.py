"""What every format of document is read into: parts in reading order.

Markdown, HTML, DOCX, PDF and tables each have a reader that makes these parts; `outline` makes
passages of them, so a rule of the shop gives the same passages whatever it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

PATH = " > "
"""Between the parts of a heading path."""
CELLS = " | "
"""Between the cells of a table row."""

PartKind = Literal["heading", "text", "item", "header", "row"]

_TOP = 5
"""Within so many parts a document says when it holds."""
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_VALIDITY = re.compile(
    rf"(?:有效期限?|valid(?:ity)?)\s*(?:from)?\s*[:：]?\s*(?:{_DAY})?\s*"
    rf"(起|onwards)?\s*(?:(?:至|到|until|to|[-–—~～]+)\s*[:：]?\s*{_DAY})?\s*(?:止)?[。.]?",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"(?:[-*+•·●○▪◆■]|\d{1,2}[.)、．](?!\d)|[（(]\d{1,2}[)）]|[①-⑳])\s*(\S.*)", re.DOTALL
)
_NUMBERED = (
    re.compile(r"第[一二三四五六七八九十百\d]+[章篇部]"),
    re.compile(r"[一二三四五六七八九十]+、|第[一二三四五六七八九十百\d]+[节条]"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]"),
)
_LONGEST_HEADING = 40
_ENDS = tuple("。！？；，、：.!?;,:")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_DIGITS = re.compile(r"[\d.,]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One heading, paragraph, list item or row of a table, in the document's own words."""

    kind: PartKind
    text: str
    """Of a row its cells with `CELLS` between them."""
    level: int = 0
    """Of a heading its depth, of an item its indent: what is deeper belongs to it."""
    page: int = 0
    """1-based, where the format has pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read."""

    parts: tuple[Part, ...]
    valid_from: date | None = None
    valid_to: date | None = None


def dated(parts: Sequence[Part]) -> Document:
    """The document of `parts`; a line `有效期：2026-11-01 至 2026-11-12` at its top limits it.

    The line itself is no knowledge. Raises ValueError if it names a day that does not exist.
    """
    for place, part in enumerate(parts[:_TOP]):
        lines = part.text.split("\n") if part.kind in ("text", "item") else ()
        for line in lines:
            match = _VALIDITY.fullmatch(line.strip())
            if match is None or not (match[1] or match[5]):
                continue
            since = day_of(*match.group(1, 2, 3)) if match[1] else None
            until = day_of(*match.group(5, 6, 7)) if match[5] else None
            rest = "\n".join(other for other in lines if other is not line)
            kept = (replace(part, text=rest),) if rest.strip() else ()
            return Document((*parts[:place], *kept, *parts[place + 1 :]), since, until)
    return Document(tuple(parts))


def day_of(year: str, month: str, day: str) -> date:
    """The day; raises ValueError, in words for people, if there is none."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValueError(f"its validity names a day that does not exist: {error}") from error


def written(text: str, *, strong: bool = False, page: int = 0) -> Part:
    """The part that a paragraph is by its own words, in formats where many set no styles.

    A short line that begins with 一、 or （一）, or is `strong`, is a heading; one that begins
    with a bullet or 1. is a list item; all else is text.
    """
    head = text.strip()
    if len(head) <= _LONGEST_HEADING and "\n" not in head and not head.endswith(_ENDS):
        for level, pattern in enumerate(_NUMBERED, 2):
            if pattern.match(head):
                return Part("heading", head, level, page)
        if strong and not _ITEM.fullmatch(head):
            return Part("heading", head, len(_NUMBERED) + 2, page)
    if match := _ITEM.fullmatch(head):
        return Part("item", match[1].strip(), 0, page)
    return Part("text", head, 0, page)


def begins_item(text: str) -> bool:
    """Whether a line begins as a list item does."""
    return _ITEM.match(text.lstrip()) is not None


def table(
    rows: Sequence[Sequence[str]], *, header: bool | None = None, page: int = 0
) -> Iterator[Part]:
    """The parts of a table; `header` None says that the format does not tell whether it has one.

    Then a table of two columns is pairs of name and value, unless its values are all alike.
    """
    filled = [[one_line(cell) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    width = max((len(row) for row in filled), default=0)
    if width == 1:
        yield from (written(row[0], page=page) for row in filled)
        return
    if header is None:
        header = width > 2 or _alike([row[1] for row in filled[1:] if len(row) == width])
    if not header and width == 2:
        for name, *values in filled:
            text = "：".join(filter(None, (name, *values)))
            yield Part("item", text, 0, page)
        return
    for place, row in enumerate(filled):
        yield Part("row" if place or not header else "header", CELLS.join(row), 0, page)


def _alike(values: Sequence[str]) -> bool:
    """Numbers with the same words around them: 15元, 20元."""
    bare = {_DIGITS.sub("#", value) for value in values}
    return len(values) > 1 and len(bare) == 1 and "#" in next(iter(bare))


def one_line(text: str) -> str:
    """`text` without line breaks, and `|`, which parts cells, as its wide form."""
    return joined(text.replace("|", "｜").splitlines())


def without(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between two marks; a mark that nothing closes stays."""
    kept: list[str] = []
    start = 0
    while (begin := text.find(opening, start)) >= 0:
        end = text.find(closing, begin + len(opening))
        if end < 0:
            break
        kept.append(text[start:begin])
        start = end + len(closing)
    return "".join((*kept, text[start:]))


def joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one line: a space at the seam only where words have spaces."""
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if not text or not line or _WIDE.match(text[-1]) or _WIDE.match(line[0]):
            text += line
        elif text[-1] == "-" and text[-2:-1].isalpha() and line[0].islower():
            text = text[:-1] + line
        else:
            text += f" {line}"
    return text
