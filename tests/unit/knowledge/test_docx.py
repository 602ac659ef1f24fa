"""What a Word document hides, strikes out or deletes is no knowledge; odd files are named."""

from __future__ import annotations

import io
import zipfile

import pytest

import paper
from zhanggui.knowledge.docx import read_docx

HIDDEN = (
    '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="内部"/>'
    "<w:rPr><w:vanish/></w:rPr></w:style>"
    '<w:style w:type="character" w:styleId="C"><w:name w:val="旧价"/>'
    "<w:rPr><w:strike/></w:rPr></w:style>"
    '<w:style w:type="character" w:styleId="D"><w:name w:val="旧价 2"/><w:basedOn w:val="C"/>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="S"><w:name w:val="公开"/><w:basedOn w:val="P"/>'
    '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def read(body: str, styles: str = "") -> list[str]:
    return [part.text for part in read_docx(paper.docx(body, styles)).parts]


@pytest.mark.parametrize(
    "mark",
    [
        "<w:vanish/>",
        "<w:strike/>",
        "<w:dstrike/>",
        '<w:rStyle w:val="C"/>',
        '<w:rStyle w:val="D"/>',
    ],
)
def test_hidden_and_struck_out_words_are_no_knowledge(mark: str) -> None:
    body = f"<w:p>{run('满99元包邮，')}{run('满59元包邮，', mark)}{run('次日发货。')}</w:p>"
    assert read(body, HIDDEN) == ["满99元包邮，次日发货。"]


def test_a_style_that_hides_its_paragraphs_and_what_takes_it_back() -> None:
    body = (
        paper.styled("P", "进价十元。")
        + paper.styled("S", "公开的话。")
        + f'<w:p><w:pPr><w:pStyle w:val="P"/></w:pPr>{run("藏。")}'
        + run("露出。", '<w:vanish w:val="0"/>')
        + "</w:p>"
    )
    assert read(body, HIDDEN) == ["公开的话。", "露出。"]


def test_deleted_rows_are_gone_with_what_they_began() -> None:
    def row(properties: str, merge: str, *cells: str) -> str:
        first, *rest = (paper.paragraph(cell) for cell in cells)
        others = "".join(f"<w:tc>{cell}</w:tc>" for cell in rest)
        merged = f"<w:tcPr>{merge}</w:tcPr>"
        return f"<w:tr><w:trPr>{properties}</w:trPr><w:tc>{merged}{first}</w:tc>{others}</w:tr>"

    gone, restart = '<w:del w:id="1"/>', '<w:vMerge w:val="restart"/>'
    body = (
        row("<w:tblHeader/>", "", "地区", "首重", "续重")
        + row("", restart, "西北", "15元", "8元")
        + row(gone, "<w:vMerge/>", "", "16元", "9元")
        + row("", "<w:vMerge/>", "", "18元", "9元")
        + row(gone, restart, "华东", "5元", "1元")
        + row("", "<w:vMerge/>", "", "6元", "2元")
    )
    assert read(f"<w:tbl>{body}</w:tbl>") == [
        "地区 | 首重 | 续重",
        "西北 | 15元 | 8元",
        "西北 | 18元 | 9元",
        " | 6元 | 2元",
    ]


def test_boxes_within_boxes_are_read_once() -> None:
    body = paper.paragraph("最里面")
    for depth in range(25):
        body = f"<w:p>{run(f'第{depth}层')}<w:r><w:txbxContent>{body}</w:txbxContent></w:r></w:p>"
    assert read(body) == [*(f"第{depth}层" for depth in reversed(range(25))), "最里面"]


def test_a_hidden_box_is_not_read() -> None:
    box = f"<w:txbxContent>{paper.paragraph('内部价')}</w:txbxContent>"
    body = f"<w:p>{run('看得见')}<w:r><w:rPr><w:vanish/></w:rPr>{box}</w:r></w:p>"
    assert read(body) == ["看得见"]


def test_comments_of_the_xml_cut_no_words() -> None:
    assert read("<w:p><w:r><w:t>满99元<!-- x -->包邮</w:t></w:r></w:p>") == ["满99元包邮"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_odd_packing_is_named(packing: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(ValueError, match="no DOCX"):
        read_docx(out.getvalue())


@pytest.mark.parametrize(("field", "value"), [(6, 255), (8, 0x20)], ids=["version", "patched"])
def test_a_zip_of_another_kind_is_named(field: int, value: int) -> None:
    data = bytearray(paper.docx(paper.paragraph("一句话。")))
    data[data.index(b"PK\x01\x02") + field] = value
    with pytest.raises(ValueError, match="no DOCX"):
        read_docx(bytes(data))


def test_a_small_file_that_unpacks_to_a_flood_is_refused() -> None:
    data = paper.docx("<w:p/>" * 3_000_000)
    assert len(data) < 100_000
    with pytest.raises(ValueError, match="split it"):
        read_docx(data)
