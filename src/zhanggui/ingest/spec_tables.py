"""What is not words in the HTML of a description: specification tables, pictures, films."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_CELLS = ("td", "th")
_KEPT = ("table", "img", "video", "iframe", "picture", "object")
_VOID = "img"
_LONGEST_NAME = 60
_LONGEST_VALUE = 2_000


def spec_attributes(html: str) -> Iterator[tuple[str, str]]:
    """Name and value of each row, from tables of two columns; a size chart is no such table."""
    if "<table" not in html.lower():
        return
    parser = _Tables()
    parser.feed(html)
    parser.close()
    for table in parser.tables:
        rows = [row for row in table if any(row)]
        if all(len(row) == 2 for row in rows):
            for name, value in rows:
                name = name.rstrip("：: ")
                if 0 < len(name) <= _LONGEST_NAME and 0 < len(value) <= _LONGEST_VALUE:
                    yield name, value


def without_words(html: str) -> str:
    """The tables, pictures and films of a description, as they stand in it."""
    if not any(f"<{tag}" in html.lower() for tag in _KEPT):
        return ""
    parser = _Kept(html)
    parser.feed(html)
    parser.close()
    return "".join(html[start:end] for start, end in parser.spans)


class _Tables(HTMLParser):
    """The cells of all tables; of a table within a table only the inner one."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
            self._cell = None
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in _CELLS and self._open:
            self._end_cell()
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS or tag == "tr":
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self.tables.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._open:
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1].append(" ".join("".join(self._cell).split()))
        self._cell = None


class _Kept(HTMLParser):
    """Where the outermost elements stand that are not words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.spans: list[tuple[int, int]] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._inside: list[str] = []
        self._start = 0

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        end = self._at() + len(self.get_starttag_text() or "")
        if self._inside:
            if tag == self._inside[-1] and tag != _VOID:
                self._inside.append(tag)
        elif tag == _VOID:
            self.spans.append((self._at(), end))
        elif tag in _KEPT:
            self._start = self._at()
            self._inside.append(tag)

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == _VOID and not self._inside:
            self.spans.append((self._at(), self._at() + len(self.get_starttag_text() or "")))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()
            if not self._inside:
                self.spans.append((self._start, self._at() + len(f"</{tag}>")))
