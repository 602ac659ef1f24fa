"""HTML: the parts that a reader of the page sees; menus, scripts and hidden text are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from zhanggui.knowledge.parts import Document, Part, dated, joined, table, written
from zhanggui.knowledge.stylesheet import HidingRules, hides, names_of, on_every_screen

_UNSEEN = frozenset((
    "head", "script", "style", "noscript", "template", "nav", "footer", "iframe", "object", "svg",
    "math", "canvas", "select", "option", "button", "textarea", "dialog", "del", "s", "strike",
))  # fmt: skip
_ROLES = frozenset(("navigation", "contentinfo", "search", "menu", "menubar"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SUMMARY = 7
"""A question that folds its answer away stands below every heading."""
_BLOCKS = frozenset((
    *_HEADINGS, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "header", "hr",
    "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
))  # fmt: skip
_LISTS = frozenset(("ul", "ol"))
_BREAK = "\n"


def read_html(text: str) -> Document:
    """The parts of a page; of its one `<main>` alone where it has one.

    Hidden is what stands in an element that an attribute, a style or a plain rule of the page's
    own style sheet (`.x {display: none}`) hides or strikes out. Raises ValueError for an empty
    file, and RecursionError for one nested too deeply.
    """
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise ValueError("it is no page of HTML") from error
    hidden = _hidden(root)
    mains = [node for node in root.iter("main") if node not in hidden]
    reader = _Reader(hidden)
    reader.block(mains[0] if len(mains) == 1 else root)
    reader.close()
    return dated(reader.parts)


def _hidden(root: Any) -> frozenset[Any]:
    """The elements that no visitor sees: hidden themselves or within a hidden one."""
    rules = HidingRules()
    for sheet in root.iter("style"):
        if on_every_screen(sheet.get("media", "")):
            rules.add(sheet.text or "")
    found: set[Any] = set()
    named: dict[Any, frozenset[tuple[str, str]]] = {None: frozenset()}
    """Of each element that is seen its names and those around it."""
    for node in root.iter():
        above = named.get(node.getparent())
        if above is None or _is_hidden(node, rules, above):
            found.add(node)
        else:
            own = names_of(node)
            named[node] = above if own <= above else above | own
    return frozenset(found)


def _is_hidden(node: Any, rules: HidingRules, above: frozenset[tuple[str, str]]) -> bool:
    if not isinstance(node.tag, str) or node.tag in _UNSEEN:
        return True
    named = node.attrib
    return (
        "hidden" in named
        or named.get("aria-hidden", "").strip().lower() == "true"
        or not _ROLES.isdisjoint(named.get("role", "").lower().split())
        or hides(named.get("style", ""))
        or rules.hide(node, above)
    )


@dataclass(slots=True)
class _Reader:
    """Walks the tree; inline text gathers until a block ends."""

    hidden: frozenset[Any]
    parts: list[Part] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    """How many lists are open."""
    fresh_item: bool = False
    """The next text is the first of a list item."""

    def block(self, node: Any) -> None:
        """Takes one element with all that is in it; its tail is the caller's."""
        tag = node.tag
        if node in self.hidden:
            return
        if tag in _HEADINGS or tag == "summary":
            self.close()
            if title := self._text(node):
                self.parts.append(Part("heading", title, _HEADINGS.get(tag, _SUMMARY)))
        elif tag == "table" and not self._is_layout(node):
            self.close()
            self.parts += self._table(node)
        elif tag == "dl":
            self.close()
            self._terms(node)
        elif tag in _LISTS:
            self.close()
            self.depth += 1
            self._inside(node)
            self.close()
            self.depth -= 1
        elif tag == "br":
            self.words.append(_BREAK)
        elif tag in _BLOCKS:
            self.close()
            self.fresh_item = self.fresh_item or tag == "li"
            self._inside(node)
            self.close()
            self.fresh_item = self.fresh_item and tag != "li"
        else:
            self._inside(node)

    def close(self) -> None:
        """Ends the text that has gathered."""
        text = _tidy(self.words)
        self.words = []
        if not text:
            return
        if self.fresh_item:
            self.parts.append(Part("item", text, self.depth))
            self.fresh_item = False
        else:
            self.parts.append(written(text))

    def _inside(self, node: Any) -> None:
        if node.text:
            self.words.append(_folded(node.text))
        for child in node:
            self.block(child)
            if child.tail:
                self.words.append(_folded(child.tail))

    def _text(self, node: Any) -> str:
        """All that is seen in `node`, on one line."""
        inner = _Reader(self.hidden)
        inner._inside(node)
        inner.close()
        return joined([line for part in inner.parts for line in part.text.split(_BREAK)])

    def _terms(self, node: Any, term: str = "") -> str:
        """Takes pairs of term and meaning, also in groups; returns the term that is open."""
        for child in node:
            if child in self.hidden:
                continue
            if child.tag == "dt":
                term = self._text(child)
            elif child.tag == "dd":
                if told := self._text(child):
                    said = f"{term}：{told}" if term else told
                    self.parts.append(Part("item", said, self.depth))
            elif child.tag == "div":
                term = self._terms(child, term)
            else:
                self.block(child)
                self.close()
        return term

    def _table(self, node: Any) -> Iterator[Part]:
        rows: list[list[str]] = []
        spans: dict[int, tuple[int, str]] = {}
        """Column to how many more rows a cell above covers it."""
        for caption in self._seen(node.iterchildren("caption")):
            if text := self._text(caption):
                yield written(text)
        lines = self._seen(node.iter("tr"))
        for line in lines:
            cells: list[str] = []
            for cell in self._seen(line.iterchildren("td", "th")):
                _covered(cells, spans)
                text = self._text(cell)
                below = _span(cell, "rowspan") - 1
                for _ in range(_span(cell, "colspan")):
                    if below:
                        spans[len(cells)] = (below, text)
                    cells.append(text)
            _covered(cells, spans)
            rows.append(cells)
        marked = bool(lines) and (lines[0].getparent().tag == "thead" or _all_heads(lines[0]))
        yield from table(rows, header=True if marked else None)

    def _seen(self, nodes: Iterable[Any]) -> list[Any]:
        return [node for node in nodes if node not in self.hidden]

    def _is_layout(self, node: Any) -> bool:
        """A table that only places blocks side by side."""
        inner = node.iterdescendants("table", *_HEADINGS)
        return any(one not in self.hidden for one in inner)


def _covered(cells: list[str], spans: dict[int, tuple[int, str]]) -> None:
    """Fills the columns that a cell of a row above reaches down into."""
    while len(cells) in spans:
        left, text = spans.pop(len(cells))
        if left > 1:
            spans[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), 100) if value.isdecimal() and int(value) else 1


def _all_heads(line: Any) -> bool:
    cells = list(line.iterchildren("td", "th"))
    return bool(cells) and all(cell.tag == "th" for cell in cells)


def _folded(text: str) -> str:
    return text.replace("\r", " ").replace("\n", "\0").replace("\xa0", " ")


def _tidy(words: list[str]) -> str:
    """Breaks in the source join as words do; those of `<br>` stay."""
    lines = "".join(words).split(_BREAK)
    return _BREAK.join(filter(None, (joined(line.split("\0")) for line in lines)))
