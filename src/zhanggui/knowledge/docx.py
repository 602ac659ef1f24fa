"""DOCX: the parts of a Word or WPS document. Headers, footers, notes and deleted,
struck-out or hidden text are left out; what was inserted under change tracking is read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.knowledge.packed import TORN, unpacked
from zhanggui.knowledge.parts import Document, Part, dated, table, written

_NS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLES = ("title", "标题")
# Word's own styles tell the depth of a list in their names: List Bullet 2.
_DEEPER = re.compile(r"(?:list|列表).*([2-5])$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d?", re.IGNORECASE)
# Text alone is far smaller (a book has 2 MB); what unpacks to more is a bomb.
_LARGEST = 16 << 20
_UNREAD = frozenset(
    f"{_NS}{name}"
    for name in ("del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "footnoteReference")
) | {_FALLBACK}
_BOX = f"{_NS}txbxContent"
_RUN = f"{_NS}r"
_GONE = frozenset(("vanish", "strike", "dstrike"))
"""Marks of words that a reader does not see, or sees struck out."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of its paragraphs or words."""

    heading: int | None = None
    item: int | None = None
    contents: bool = False
    """They are the table of contents, which repeats the headings."""
    gone: frozenset[str] = frozenset()
    """Those of `_GONE` that it sets."""


def read_docx(data: bytes) -> Document:
    """The parts of a document; raises ValueError, in words for people, if it is none."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _xml(archive, "word/document.xml").find(f"{_NS}body")
            listed = "word/styles.xml" in archive.namelist()
            styles = _styles(_xml(archive, "word/styles.xml")) if listed else {}
    except (*TORN, etree.XMLSyntaxError) as error:
        raise ValueError(
            "it is no DOCX document: save it again as DOCX, without a password"
        ) from error
    return dated([] if body is None else list(_Reader(styles).parts(body)))


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    part = archive.getinfo(name)
    if part.file_size > _LARGEST:
        raise ValueError("it unpacks to more than a document can hold: split it")
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
    with unpacked(archive, part) as file:
        return etree.fromstring(file.read(), parser)


def _styles(root: Any) -> Mapping[str, _Style]:
    """Style id to what it means, with what the styles that it is based on say."""
    nodes = {node.get(f"{_NS}styleId"): node for node in root.iter(f"{_NS}style")}

    def read(key: str, seen: frozenset[str]) -> _Style:
        node = nodes.get(key)
        if node is None or key in seen:
            return _Style()
        base = read(_value(node, "basedOn"), seen | {key})
        name = _value(node, "name")
        heading = _heading_of(name, node.find(f"{_NS}pPr"))
        item = _indent_of(node.find(f"{_NS}pPr"))
        if item is not None and (deeper := _DEEPER.match(name)):
            item = max(item, int(deeper[1]) - 1)
        return _Style(
            base.heading if heading is None else heading,
            base.item if item is None else item,
            base.contents or _CONTENTS.match(name) is not None,
            _gone(node.find(f"{_NS}rPr"), base.gone),
        )

    return {key: read(key, frozenset()) for key in nodes}


def _gone(properties: Any, inherited: frozenset[str]) -> frozenset[str]:
    """The marks of `_GONE` that hold where these properties stand upon the inherited ones."""
    if properties is None:
        return inherited
    said = {name for name in _GONE if properties.find(f"{_NS}{name}") is not None}
    return (inherited - said) | {name for name in said if _on(properties, name)}


def _heading_of(name: str, properties: Any) -> int | None:
    if match := _HEADING.fullmatch(name):
        return int(match[1])
    if name.lower() in _TITLES:
        return 0
    level = _value(properties, "outlineLvl")
    return int(level) + 1 if level.isdecimal() and int(level) < 9 else None


def _indent_of(properties: Any) -> int | None:
    """The depth of the list that a paragraph belongs to; None if it says nothing of one."""
    numbers = None if properties is None else properties.find(f"{_NS}numPr")
    if numbers is None:
        return None
    # Number 0 takes a paragraph out of the list of its style.
    if _value(numbers, "numId") == "0":
        return -1
    level = _value(numbers, "ilvl")
    return int(level) if level.isdecimal() else 0


class _Reader:
    def __init__(self, styles: Mapping[str, _Style]) -> None:
        self._styles = styles

    def parts(self, node: Any) -> Iterator[Part]:
        """The parts of a body, a cell, a text box or a frame around them."""
        for child in node:
            if child.tag == f"{_NS}p":
                if len(child):
                    yield from self._paragraph(child)
            elif child.tag == f"{_NS}tbl":
                yield from self._table(child)
            elif child.tag not in _UNREAD:
                yield from self.parts(child)

    def _paragraph(self, node: Any) -> Iterator[Part]:
        properties = node.find(f"{_NS}pPr")
        style = self._style(properties, "pStyle")
        text = "" if style.contents else _tidy(self._text(node, style.gone))
        heading = _heading_of("", properties)
        heading = style.heading if heading is None else heading
        item = _indent_of(properties)
        item = style.item if item is None else item
        if text and heading is not None:
            yield Part("heading", " ".join(text.split()), heading)
        elif text and item is not None and item >= 0:
            yield Part("item", text, item)
        elif text:
            yield written(text, strong=self._is_strong(node))
        for box in self._boxes(node, style.gone):
            yield from self.parts(box)

    def _table(self, node: Any) -> Iterator[Part]:
        rows: list[list[str]] = []
        above: list[str] = []
        marked = False
        for line in node.iterchildren(f"{_NS}tr"):
            deleted = line.find(f"{_NS}trPr/{_NS}del") is not None
            cells: list[str] = []
            for cell in line.iter(f"{_NS}tc"):
                if next(cell.iterancestors(f"{_NS}tr")) is not line:
                    continue
                properties = cell.find(f"{_NS}tcPr")
                text = "" if deleted else "\n".join(part.text for part in self.parts(cell))
                merged = None if properties is None else properties.find(f"{_NS}vMerge")
                if merged is not None and merged.get(f"{_NS}val") != "restart":
                    text = above[len(cells)] if len(cells) < len(above) else text
                wide = _value(properties, "gridSpan")
                cells += [text] * (int(wide) if wide.isdecimal() and 0 < int(wide) < 100 else 1)
            # What was merged in a row that is gone still tells what the rows below it go on with.
            above = cells
            if deleted:
                continue
            header = line.find(f"{_NS}trPr/{_NS}tblHeader")
            if not rows and cells:
                strong = all(map(self._is_strong, line.iter(f"{_NS}p")))
                marked = header is not None or strong
            rows.append(cells)
        # Word marks no header of its own accord, so none is no sign.
        yield from table(rows, header=True if marked else None)

    def _style(self, properties: Any, name: str) -> _Style:
        return self._styles.get(_value(properties, name), _Style())

    def _is_gone(self, run: Any, inherited: frozenset[str]) -> bool:
        """Whether the words of a run are hidden or struck out, in a paragraph whose style says so
        or by themselves."""
        properties = run.find(f"{_NS}rPr")
        style = self._style(properties, "rStyle")
        return bool(_gone(properties, inherited | style.gone))

    def _text(self, node: Any, gone: frozenset[str]) -> str:
        """The words of a paragraph; those of text boxes in it are read apart."""
        pieces: list[str] = []
        for child in node:
            tag = child.tag
            if tag in _UNREAD or tag == _BOX or (tag == _RUN and self._is_gone(child, gone)):
                continue
            if tag == f"{_NS}t":
                pieces.append(child.text or "")
            elif tag in (f"{_NS}br", f"{_NS}cr"):
                pieces.append("\n")
            elif tag == f"{_NS}tab":
                pieces.append(" ")
            elif tag == f"{_NS}noBreakHyphen":
                pieces.append("-")
            else:
                pieces.append(self._text(child, gone))
        return "".join(pieces)

    def _boxes(self, node: Any, gone: frozenset[str]) -> Iterator[Any]:
        """The text boxes of a paragraph; those within them belong to their own paragraphs."""
        for child in node:
            tag = child.tag
            if tag == _BOX:
                yield child
            elif tag not in _UNREAD and not (tag == _RUN and self._is_gone(child, gone)):
                yield from self._boxes(child, gone)

    def _is_strong(self, paragraph: Any) -> bool:
        """All of its words that are seen are bold."""
        gone = self._style(paragraph.find(f"{_NS}pPr"), "pStyle").gone
        runs = [
            run
            for run in paragraph.iter(_RUN)
            if not self._is_gone(run, gone) and self._text(run, gone).strip()
        ]
        return bool(runs) and all(_on(run.find(f"{_NS}rPr"), "b") for run in runs)


def _tidy(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _on(properties: Any, name: str) -> bool:
    mark = None if properties is None else properties.find(f"{_NS}{name}")
    return mark is not None and mark.get(f"{_NS}val", "1") not in ("0", "false", "off")


def _value(node: Any, name: str) -> str:
    found = None if node is None else node.find(f"{_NS}{name}")
    return "" if found is None else str(found.get(f"{_NS}val", ""))
