"""PDF: the parts of its pages, from where the lines stand and how large they are.

A PDF knows neither paragraphs nor headings. Lines that fill their column go on in the next one;
larger or bold short lines are headings; lines with the same wide gaps are the rows of a table;
what stands at the edge of many pages alike is a running header or footer and is left out, and so
is what no reader sees.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from zhanggui.knowledge.parts import (
    Document,
    Part,
    begins_item,
    dated,
    joined,
    table,
    written,
)

_HYPHENS = (0x2, 0xFFFE)
"""PDFium's signs for a hyphen that ends a line."""
_EDGE = 2
"""Lines at the top and at the bottom of a page that may repeat."""
_REPEATED = 0.4
_GAP = 1.6
"""Between the cells of a row, in heights of a line."""
_INDENT = 0.7
_APART = 1.9
"""From one line of a paragraph to the next, at most, in heights of a line."""
_PICTURE = 0.5
"""Of a page, at least, is covered by the scan whose words lie under it unseen."""
_LARGER = 1.12
_BOLD = 600
_LONGEST_HEADING = 60
_SENTENCE_END = tuple("。！？!?；;.：:”」")
_PAGE_NUMBER = re.compile(r"[-–— ]*(第?\s*\d+\s*页?)(\s*[/／共of]+\s*\d+\s*页?)?[-–— ]*")
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+")
# PDFium is no library for several threads.
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page."""

    page: int
    cells: tuple[_Cell, ...]
    down: float
    """From the top of the page to the foot of the line."""
    size: float
    strong: bool
    in_margin: bool
    """At the top or the bottom of the page."""

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right


def read_pdf(data: bytes) -> Document:
    """The parts of a PDF with the page of each; ValueError, in words for people, if it has none."""
    import pypdfium2

    with _LOCK:
        try:
            with pypdfium2.PdfDocument(data) as file:
                pages = [_lines(file[number], number + 1) for number in range(len(file))]
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            way = "locked by a password: save it without one" if locked else "no PDF, or a torn one"
            raise ValueError(f"it is {way}") from error
    if not any(pages):
        raise ValueError(
            "its pages are pictures without text: run text recognition (OCR) over it, or give the "
            "text as DOCX"
        )
    return dated(list(_parts(_without_running(pages))))


def _lines(page: Any, number: int) -> list[_Line]:
    """The lines of one page in the order of the file."""
    import pypdfium2.raw as pdfium

    height = page.get_height()
    text = page.get_textpage()
    handle = text.raw
    seen = _Sight(page, handle)
    lines: list[_Line] = []
    places: list[tuple[int, str]] = []
    for place in range(pdfium.FPDFText_CountChars(handle)):
        code = pdfium.FPDFText_GetUnicode(handle, place)
        if chr(code) not in "\r\n" and not seen.at(place):
            continue
        hyphen = code in _HYPHENS
        if hyphen or chr(code) not in "\r\n":
            places.append((place, "-" if hyphen else chr(code)))
        if places and (hyphen or chr(code) in "\r\n"):
            lines += _line(pdfium, handle, places, number, height)
            places = []
    lines += _line(pdfium, handle, places, number, height)
    text.close()
    page.close()
    return lines


class _Sight:
    """Which characters of a page a reader sees: those drawn with ink, within its edges.

    Under a scan text recognition lays the words of the picture unseen; they count as seen.
    """

    def __init__(self, page: Any, handle: Any) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium, self._handle = pdfium, handle
        self._edges = page.get_bbox()
        left, foot, right, top = self._edges
        pictures = (
            (min(box[2], right) - max(box[0], left), min(box[3], top) - max(box[1], foot))
            for box in (one.get_bounds() for one in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]))
        )
        covered = sum(max(wide, 0) * max(high, 0) for wide, high in pictures)
        self._is_scan = covered >= _PICTURE * (right - left) * (top - foot)
        self._inked: dict[int, bool] = {}
        """By the address of a text object."""

    def at(self, place: int) -> bool:
        """Whether the character at this place of the page's text is seen."""
        left, foot, right, top = self._edges
        box = _box(self._pdfium, self._handle, place)
        if box.right < left or box.left > right or box.top < foot or box.bottom > top:
            return False
        return self._is_scan or self._is_inked(place)

    def _is_inked(self, place: int) -> bool:
        pdfium = self._pdfium
        drawn = pdfium.FPDFText_GetTextObject(self._handle, place)
        if not drawn:
            return True
        key = ctypes.addressof(drawn.contents)
        if key not in self._inked:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
            self._inked[key] = mode not in (
                pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
                pdfium.FPDF_TEXTRENDERMODE_CLIP,
            )
        return self._inked[key]


def _line(
    pdfium: Any, handle: Any, places: Sequence[tuple[int, str]], number: int, height: float
) -> Iterator[_Line]:
    """The line of these characters, cut into cells at wide gaps; none if it is blank."""
    words: list[tuple[str, list[tuple[int, str]]]] = []
    run: list[tuple[int, str]] = []
    for place, char in (*places, (-1, " ")):
        if not char.isspace() and char != "\0":
            run.append((place, char))
        elif run:
            words.append(("".join(one for _, one in run), run))
            run = []
    if not words:
        return
    first = words[0][1][0][0]
    size = _size(pdfium, handle, first)
    right_of, base = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(handle, first, ctypes.byref(right_of), ctypes.byref(base))
    cells: list[_Cell] = []
    for text, chars in words:
        left = _box(pdfium, handle, chars[0][0]).left
        right = _box(pdfium, handle, chars[-1][0]).right
        if cells and left - cells[-1].right < _GAP * size:
            before = cells.pop()
            cells.append(_Cell(f"{before.text} {text}", before.left, right))
        else:
            cells.append(_Cell(text, left, right))
    strong = pdfium.FPDFText_GetFontWeight(handle, first) >= _BOLD
    down = height - base.value
    yield _Line(number, tuple(cells), down, size, strong, not 0.1 < down / height < 0.9)


def _size(pdfium: Any, handle: Any, place: int) -> float:
    """The size of a character as it is seen, alike for all fonts."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(handle, place, ctypes.byref(matrix))
    size: float = pdfium.FPDFText_GetFontSize(handle, place) * math.hypot(matrix.c, matrix.d)
    return max(round(size, 1), 1.0)


def _box(pdfium: Any, handle: Any, place: int) -> Any:
    """Where a character stands."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(handle, place, ctypes.byref(box))
    return box


def _without_running(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without headers, footers and page numbers."""
    counts = Counter(key for lines in pages for key in {_shape(line) for line in _edges(lines)})
    least = max(2, _REPEATED * len(pages))

    def runs(line: _Line) -> bool:
        return counts[_shape(line)] >= least or _PAGE_NUMBER.fullmatch(line.text) is not None

    return [
        [line for line in lines if not (runs(line) and line in _edges(lines))] for lines in pages
    ]


def _edges(lines: Sequence[_Line]) -> list[_Line]:
    ordered = sorted(lines, key=lambda line: line.down)
    outer = [*ordered[:_EDGE], *ordered[_EDGE:][-_EDGE:]]
    return [line for line in outer if line.in_margin]


def _shape(line: _Line) -> tuple[str, int]:
    """What is alike in `第3页 退换说明` of every page, and where."""
    return _NUMBER.sub("#", "".join(line.text.split())), round(line.down / max(line.size, 1))


def _parts(pages: Sequence[Sequence[_Line]]) -> Iterator[Part]:
    lines = [line for page in pages for line in page]
    if not lines:
        return
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted(size for size in sizes if size >= body * _LARGER)
    # Numbered and bold headings of the body's size stand below the larger ones.
    levels = {size: -place for place, size in enumerate(larger)}
    lead: _Line | None = None
    for group in _groups(lines, _margins(lines), body):
        first = group[0]
        if len(first.cells) > 1 and len(group) > 1:
            rows = [[cell.text for cell in line.cells] for line in group]
            yield from table(rows, page=first.page)
            continue
        part = _part(group, levels, lead)
        if part.kind != "item":
            lead = first if part.text.endswith(("：", ":")) else None
        yield part


def _part(group: Sequence[_Line], levels: dict[float, int], lead: _Line | None) -> Part:
    """The part that these lines make, after the line `lead` that announces a list."""
    first = group[0]
    text = joined([line.text for line in group])
    if first.size in levels and len(text) <= _LONGEST_HEADING:
        return Part("heading", text, levels[first.size], first.page)
    part = written(text, strong=first.strong and len(group) == 1, page=first.page)
    # The marks of a list are often drawn, not written.
    under_lead = lead is not None and first.left > lead.left + _INDENT * first.size
    if part.kind == "item" or (part.kind == "text" and under_lead):
        return replace(part, kind="item", level=round(first.left / first.size))
    return part


def _groups(
    lines: Sequence[_Line], margins: dict[tuple[int, int], float], body: float
) -> Iterator[list[_Line]]:
    """Lines that belong together: a paragraph, a heading, a table."""
    group: list[_Line] = []
    for line in lines:
        if group and not _goes_on(group, line, margins, body):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _goes_on(
    group: Sequence[_Line], line: _Line, margins: dict[tuple[int, int], float], body: float
) -> bool:
    last = group[-1]
    if len(last.cells) > 1 or len(line.cells) > 1:
        return _same_columns(last, line)
    alike = max(last.size, line.size) < _LARGER * min(last.size, line.size)
    if not alike or last.strong != line.strong or begins_item(line.text):
        return False
    if written(line.text, page=line.page).kind == "heading":
        return False
    full = last.right >= margins[_column(last)] - 2 * last.size
    if last.page != line.page:
        return full and not last.text.endswith(_SENTENCE_END) and not _is_large(line, body)
    near = 0 < line.down - last.down <= _APART * last.size
    indented = line.left > last.left + last.size and not begins_item(group[0].text)
    return near and full and not (indented and len(group) > 1)


def _same_columns(one: _Line, other: _Line) -> bool:
    """Rows of one table: as many cells, which begin or end at the same places."""
    return len(one.cells) == len(other.cells) and all(
        min(abs(a.left - b.left), abs(a.right - b.right)) < one.size
        for a, b in zip(one.cells, other.cells, strict=True)
    )


def _margins(lines: Sequence[_Line]) -> dict[tuple[int, int], float]:
    """How far to the right the lines of each column of each page reach."""
    found: dict[tuple[int, int], float] = {}
    for line in lines:
        key = _column(line)
        found[key] = max(found.get(key, 0.0), line.right)
    return found


def _column(line: _Line) -> tuple[int, int]:
    return line.page, round(line.left / (8 * max(line.size, 1)))


def _is_large(line: _Line, body: float) -> bool:
    return line.size >= body * _LARGER
