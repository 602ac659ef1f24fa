"""Passages of a document: a list item, a table row or one to two sentences each.

The text of a passage is the document's own, so that a quote can be found in it. What a unit
needs to be understood stands in its heading: the path of headings, the sentence that
introduces a list ("以下商品不支持退货："), the header row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Literal

from zhanggui.knowledge.identity import identified
from zhanggui.knowledge.markdown import plain, read_markdown
from zhanggui.knowledge.naming import NO_PRODUCTS, ProductNames
from zhanggui.knowledge.parts import PATH, Document, Part
from zhanggui.records import Passage
from zhanggui.text.sentences import sentences

# A sentence that leans on the one before it is quoted together with it.
_LEANS = re.compile(
    r"^(但|不过|然而|否则|除外|其中|如果|若|如|同时|另外|此外|也|并|因此|所以|以上|该|此|"
    r"However|But|Otherwise|Except|If|It|This|They|These)",
)
_DEEPEST = 8
"""So many of the list items that a part stands under, the innermost, go with it."""
_LONGEST = 1_000
"""Characters of each text in a heading path; what is longer is no heading and no list's head."""
_SHORT = 12
_LONG = 160


@dataclass(slots=True)
class _Block:
    kind: Literal["text", "item", "row"]
    text: str
    path: tuple[str, ...]
    section: str
    """The innermost heading; empty above the first one."""
    page: int
    products: tuple[str | None, ...]
    """The products that the innermost heading with a product in it names; else just None."""


@dataclass(slots=True)
class _Outline:
    """Blocks of a document, part by part."""

    names: ProductNames
    title: str
    blocks: list[_Block] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    """Open headings with their level."""
    items: list[tuple[int, str]] = field(default_factory=list)
    """Open list items with their indent."""
    lead: str = ""
    header: str = ""

    def take(self, part: Part) -> None:
        if part.kind == "heading":
            self.path = [(deep, text) for deep, text in self.path if deep < part.level]
            self.path.append((part.level, _title(part.text)))
            self.items, self.lead = [], ""
        elif part.kind == "header":
            self.items, self.header = [], part.text
        elif part.kind == "row":
            self.items = []
            self._add("row", part, *([self.header] if self.header else []))
        elif part.kind == "item":
            self.items = [(deep, item) for deep, item in self.items if deep < part.level]
            above = [self.lead] if self.lead else []
            self._add("item", part, *above, *(item for _, item in self.items[-_DEEPEST:]))
            self.items.append((part.level, part.text))
        else:
            self.items = []
            self._add("text", part)
            self.lead = _introduction(part.text)
        if part.kind not in ("header", "row"):
            self.header = ""

    def _add(self, kind: Literal["text", "item", "row"], part: Part, *above: str) -> None:
        titles = tuple(title for _, title in self.path)
        path = (*titles, *map(_title, above))
        section = titles[-1] if titles else ""
        named = self.names.innermost((self.title, *titles))
        self.blocks.append(_Block(kind, part.text, path, section, part.page, named or (None,)))


def passages_of_document(
    name: str, document: Document, products: ProductNames = NO_PRODUCTS
) -> list[Passage]:
    """The passages of the file `name`, cited as `name#innermost heading`, or `name#第3页` where
    the format has pages.

    What stands under a heading that names one of `products`, or in a file named after one, is
    that product's; where several are named, each has its own passage.
    """
    outline = _Outline(products, PurePosixPath(name).stem)
    for part in document.parts:
        outline.take(part)
    return identified(
        [
            Passage(
                id="",
                source=_source(name, block),
                text=unit,
                kind="policy",
                heading=PATH.join(block.path),
                product_id=product,
                valid_from=document.valid_from,
                valid_to=document.valid_to,
            )
            for block in _with_introductions(outline.blocks)
            for product in block.products
            for unit in _units(block)
        ]
    )


def passages_of_markdown(name: str, text: str) -> list[Passage]:
    """The passages of the Markdown `text`."""
    return passages_of_document(name, read_markdown(text))


def _source(name: str, block: _Block) -> str:
    if block.page:
        return f"{name}#第{block.page}页"
    return f"{name}#{block.section}" if block.section else name


def _title(text: str) -> str:
    return plain(text[:_LONGEST])


def _introduction(text: str) -> str:
    """The last sentence of `text` if it announces a list ("以下商品不支持退货："), else empty."""
    return sentences(text)[-1].text if text.endswith(("：", ":")) else ""


def _with_introductions(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """Leaves out sentences that only introduce the list that follows them."""
    for block, following in zip_longest(blocks, blocks[1:]):
        lead = _introduction(block.text)
        if lead and following is not None and _title(lead) in following.path:
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
