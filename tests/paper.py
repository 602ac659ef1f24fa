"""Documents made byte by byte, so that tests and benchmarks need no program that writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

Placed = tuple[float, float, float, str]
"""(left, up from the foot of the page, size, text) of one line."""


def pdf(pages: Sequence[Iterable[Placed]], *, begin: str = "") -> bytes:
    """A PDF of A4 pages with these lines, in a Chinese font that every reader knows by name.

    Each page begins with the operators `begin`, as `3 Tr` for words without ink.
    """
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
        "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    kids = []
    for lines in pages:
        drawn = begin + "".join(
            f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for x, y, size, text in lines
        )
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {len(objects) + 2} 0 R>>"
        )
        objects.append(f"<</Length {len(drawn)}>>\nstream\n{drawn}endstream")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))
    start = out.tell()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii"))
    out.write(
        f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode("ascii")
    )
    return out.getvalue()


def column(
    lines: Sequence[str], *, size: float = 12, left: float = 72, up: float = 740
) -> list[Placed]:
    """Lines below each other, one and a half sizes apart."""
    return [(left, up - 1.5 * size * row, size, line) for row, line in enumerate(lines)]


def docx(body: str, styles: str = "") -> bytes:
    """A DOCX file with this XML between `<w:body>` and `<w:styles>`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr("word/styles.xml", f"<w:styles {_W}>{styles}</w:styles>")
    return out.getvalue()


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of a DOCX file."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def styled(style: str, text: str) -> str:
    """A paragraph in a style."""
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def rows(*lines: Sequence[str]) -> str:
    """A table of a DOCX file."""
    cells = ("".join(f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in line) for line in lines)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in cells)}</w:tbl>"


HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/></w:style>'
    for level in (1, 2, 3)
)
"""The styles that Word calls 标题 1 to 标题 3; its Chinese edition numbers their ids."""
