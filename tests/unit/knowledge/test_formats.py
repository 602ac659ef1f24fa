"""The same rules give the same passages whatever they were written in."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paper
from zhanggui.knowledge.docx import read_docx
from zhanggui.knowledge.html import read_html
from zhanggui.knowledge.markdown import read_markdown
from zhanggui.knowledge.outline import passages_of_document
from zhanggui.knowledge.parts import Document
from zhanggui.knowledge.pdf import read_pdf

MARKDOWN = """# 售后
有效期：2026年11月1日 至 2026年11月12日
## 例外
包装要齐全。以下商品不支持退货：
- 已拆封的食品
- 定制商品
  - 刻字的杯子
## 运费
| 地区 | 运费 | 时效 |
|---|---|---|
| 新疆 | 15元 | 5天 |
"""
HTML = """<!DOCTYPE html><html><head><meta charset="gbk"><title>店铺</title>
<style>.gone, #ad { display : none } p { color: red }</style></head><body>
<nav><a href="/">首页</a></nav>
<h1>售后</h1><p>有效期：2026-11-01 至 2026-11-12</p>
<h2>例外</h2><p>包装要<b>齐全</b>。以下商品
不支持退货：</p>
<ul><li>已拆封的食品</li><li>定制商品<ul><li>刻字的杯子</li></ul></li></ul>
<script>var x = "退货运费由本店承担。";</script>
<p style="display:none">全部商品免费送。</p><p class="big gone">暗号</p><div id="ad">广告</div>
<p hidden>藏着</p><div aria-hidden="true">也藏着</div>
<h2>运费</h2><table><tr><th>地区</th><th>运费</th><th>时效</th></tr>
<tr><td>新疆</td><td>15元</td><td>5天</td></tr></table>
<footer>版权所有</footer></body></html>"""
DOCX = paper.docx(
    paper.styled("1", "售后")
    + paper.paragraph("有效期：2026-11-01 至 2026-11-12")
    + paper.styled("2", "例外")
    + paper.paragraph("包装要齐全。以下商品不支持退货：")
    + "".join(
        paper.paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
        for text, level in (("已拆封的食品", 0), ("定制商品", 0), ("刻字的杯子", 1))
    )
    + paper.styled("2", "运费")
    + paper.rows(("地区", "运费", "时效"), ("新疆", "15元", "5天")),
    paper.HEADINGS,
)
PDF = paper.pdf(
    [
        [
            (72.0, 760.0, 22.0, "售后"),
            (72.0, 730.0, 12.0, "有效期：2026-11-01 至 2026-11-12"),
            (72.0, 700.0, 16.0, "例外"),
            (72.0, 675.0, 12.0, "包装要齐全。以下商品不支持退货："),
            (96.0, 655.0, 12.0, "• 已拆封的食品"),
            (96.0, 635.0, 12.0, "• 定制商品"),
            (120.0, 615.0, 12.0, "• 刻字的杯子"),
            (72.0, 580.0, 16.0, "运费"),
            *((left, 555.0, 12.0, text) for left, text in ((72.0, "地区"), (200.0, "运费"))),
            (320.0, 555.0, 12.0, "时效"),
            *((left, 535.0, 12.0, text) for left, text in ((72.0, "新疆"), (200.0, "15元"))),
            (320.0, 535.0, 12.0, "5天"),
        ]
    ]
)
PASSAGES = [
    ("售后 > 例外", "包装要齐全。"),
    ("售后 > 例外 > 以下商品不支持退货：", "已拆封的食品"),
    ("售后 > 例外 > 以下商品不支持退货：", "定制商品"),
    ("售后 > 例外 > 以下商品不支持退货： > 定制商品", "刻字的杯子"),
    ("售后 > 运费 > 地区 | 运费 | 时效", "新疆 | 15元 | 5天"),
]


@pytest.mark.parametrize(
    "document",
    [read_markdown(MARKDOWN), read_html(HTML), read_docx(DOCX), read_pdf(PDF)],
    ids=["markdown", "html", "docx", "pdf"],
)
def test_every_format_gives_the_same_passages(document: Document) -> None:
    found = passages_of_document("knowledge/售后.x", document)
    assert [(one.heading, one.text) for one in found] == PASSAGES
    assert {(one.valid_from, one.valid_to) for one in found} == {
        (date(2026, 11, 1), date(2026, 11, 12))
    }
    assert found[0].source in ("knowledge/售后.x#例外", "knowledge/售后.x#第1页")


def texts(document: Document) -> list[str]:
    return [f"{part.kind}: {part.text}" for part in document.parts]


def test_html_of_every_kind() -> None:
    page = """<body><main><article><h1>问答</h1>
    <details><summary>能开发票吗？</summary>可以，下单时<br>备注抬头。</details>
    <dl><dt>质保</dt><dd>整机一年</dd></dl>
    <table><tr><td>材质</td><td>316不锈钢</td></tr><tr><td>产地</td><td>永康</td></tr></table>
    <table><thead><tr><td>区</td><td>费</td></tr></thead>
    <tr><td rowspan=2>西北</td><td>15元</td></tr><tr><td>18元</td></tr></table>
    <table><tr><td><h2>左栏</h2>左</td><td>右</td></tr></table>
    We ship
    worldwide.</article></main><div>侧栏</div></body>"""
    assert texts(read_html(page)) == [
        "heading: 问答",
        "heading: 能开发票吗？",
        "text: 可以，下单时\n备注抬头。",
        "item: 质保：整机一年",
        "item: 材质：316不锈钢",
        "item: 产地：永康",
        "header: 区 | 费",
        "row: 西北 | 15元",
        "row: 西北 | 18元",
        "heading: 左栏",
        "text: 左",
        "text: 右",
        "text: We ship worldwide.",
    ]


HIDING = [
    '<table><tr><td style="display:none">藏</td><td>材质</td><td>钢</td></tr></table>',
    "<table><tr><td>材质</td><td>钢</td></tr><tbody hidden><tr><td>藏</td></tr></tbody></table>",
    "<dl><div hidden><dt>藏</dt><dd>藏</dd></div><div><dt>材质</dt><dd>钢</dd></div></dl>",
    "<p>材质：钢</p><div hidden><main>藏</main></div>",
    "<p>材质：钢</p><template><main>藏</main></template>",
    "<div hidden><main>藏</main></div><main>材质：钢</main><p>栏</p>",
    "<style>/* a */ .x{display:none}</style><p class=x>藏</p><p>材质：钢</p>",
    "<style>@charset 'utf-8'; .x{display:none}</style><p class=x>藏</p><p>材质：钢</p>",
    "<style><!-- p.x, b{display:NONE !important} --></style><p class=x>藏</p>材质：钢<b>藏</b>",
    "<style>.a .x, .a > .y, i + u{opacity:.0}</style><div class=a><p class=x>藏</p>"
    "<b class=y>藏</b></div><p class=x>材质：<i></i><u>藏</u><u>钢</u></p>",
    "<style>@media screen{.x{display:none}}</style><p class=x>藏</p><p>材质：钢</p>",
    "<style>@media print, Screen{.x{display:none}}</style><p class=x>藏</p><p>材质：钢</p>",
    "<style>@media print{.x{display:none}} @media (max-width:9px){.x{display:none}}"
    ".x:hover{display:none}</style><style media=print>p{display:none}</style>"
    "<p class=x>材质：钢</p>",
    "<style>body{opacity:0}</style><p>材质：钢</p>",
    '<p aria-hidden="TRUE">藏</p><p role="Navigation">藏</p><p>材质：钢</p>',
    '<p style="visibility:collapse">藏</p><p style="fill-opacity:0; font-size:0.8em">材质：钢</p>',
    "<p>材质：<del>铁</del><s>铜</s><strike>铝</strike>"
    "<span style='text-decoration:line-through red'>锡</span>钢</p>",
]


@pytest.mark.parametrize("page", HIDING)
def test_html_tells_what_is_seen_and_no_more(page: str) -> None:
    assert [part.text for part in read_html(page).parts] == ["材质：钢"]


SHEETS = {
    "no block": "a" * 300_000,
    "open blocks": "{" * 200_000,
    "open comments": "/*" * 200_000,
    "long selector": ".a " * 50_000 + "{display:none}",
    "many selectors": "".join(f".a .b{number} .c{{display:none}}" for number in range(20_000)),
}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_no_style_sheet_keeps_the_reader_busy(sheet: str) -> None:
    inner = "<div class='a c'>" * 200 + "包邮" + "</div>" * 200
    assert len(read_html(f"<style>{sheet}</style>{inner * 20}").parts) <= 20


def test_captions_and_paragraphs_among_terms_are_kept() -> None:
    page = """<dl><dt>质保</dt><dd>一年</dd><p>以发票为准。</p></dl>
    <table><caption>运费</caption><tr><th>地区</th><th>费</th></tr>
    <tr><td>新疆</td><td>15元</td></tr></table>"""
    assert texts(read_html(page)) == [
        "item: 质保：一年",
        "text: 以发票为准。",
        "text: 运费",
        "header: 地区 | 费",
        "row: 新疆 | 15元",
    ]


@pytest.mark.parametrize("page", ["<p>半截<b>粗", "<td>一格", "</p></div>错位", "纯文字 & 更多"])
def test_broken_html_is_read_as_browsers_read_it(page: str) -> None:
    assert len(read_html(page).parts) == 1


def test_an_empty_page_is_an_error() -> None:
    with pytest.raises(ValueError, match="no page"):
        read_html("")


def test_docx_as_people_write_it() -> None:
    inserted = "<w:ins><w:r><w:t>48小时内</w:t></w:r></w:ins>"
    deleted = "<w:del><w:r><w:delText>三天后</w:delText></w:r></w:del>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部价</w:t></w:r>"
    merged = (
        '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paper.paragraph("西北") + "</w:tc>"
    )
    going_on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr>" + paper.paragraph("") + "</w:tc>"
    cells = [
        "".join(f"<w:tc><w:tcPr/>{paper.paragraph(text)}</w:tc>" for text in line)
        for line in (("地区", "首重", "续重"), ("15元", "8元"), ("18元", "9元"))
    ]
    body = (
        '<w:sdt><w:sdtContent><w:p><w:pPr><w:pStyle w:val="T"/></w:pPr>'
        "<w:r><w:t>一、发货 1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        + paper.paragraph("一、发货")
        + f"<w:p>{inserted}{deleted}{hidden}<w:r><w:t>发出。</w:t></w:r></w:p>"
        + paper.paragraph("运费说明", run="<w:b/>")
        + paper.paragraph("1、满99元包邮")
        + f"<w:tbl><w:tr>{cells[0]}</w:tr><w:tr>{merged}{cells[1]}</w:tr>"
        + f"<w:tr>{going_on}{cells[2]}</w:tr></w:tbl>"
    )
    styles = '<w:style w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    assert texts(read_docx(paper.docx(body, styles))) == [
        "heading: 一、发货",
        "text: 48小时内发出。",
        "heading: 运费说明",
        "item: 满99元包邮",
        "header: 地区 | 首重 | 续重",
        "row: 西北 | 15元 | 8元",
        "row: 西北 | 18元 | 9元",
    ]


def test_styles_of_lists_tell_their_depth() -> None:
    numbers = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = "".join(
        f'<w:style w:styleId="{key}"><w:name w:val="{name}"/>{numbers}</w:style>'
        for key, name in (("a", "List Bullet"), ("b", "List Bullet 2"))
    )
    body = paper.styled("a", "定制商品") + paper.styled("b", "刻字的杯子")
    assert [part.level for part in read_docx(paper.docx(body, styles)).parts] == [0, 1]


def test_a_style_is_what_it_is_based_on() -> None:
    styles = paper.HEADINGS + (
        '<w:style w:styleId="own"><w:name w:val="店铺标题"/><w:basedOn w:val="2"/></w:style>'
        '<w:style w:styleId="loop"><w:name w:val="x"/><w:basedOn w:val="loop"/></w:style>'
    )
    body = paper.styled("own", "发票") + paper.styled("loop", "可以开具电子发票。")
    assert texts(read_docx(paper.docx(body, styles))) == [
        "heading: 发票",
        "text: 可以开具电子发票。",
    ]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", paper.docx("<w:p>")])
def test_a_broken_docx_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="no DOCX"):
        read_docx(data)


FULL = "签收后七天内可以无理由退货，商品须保持完好，配件须齐全，吊牌不能拆"


def page_of(number: int, *lines: str) -> list[paper.Placed]:
    """A page with a header, lines of text and a number at its foot."""
    return [
        (72.0, 800.0, 9.0, "山汀家居售后手册"),
        *paper.column(lines),
        (280.0, 40.0, 9.0, f"第 {number} 页"),
    ]


def test_pdf_lines_join_and_running_lines_go() -> None:
    pages = [
        page_of(1, FULL, "除。包装可以拆开。", "下一段另起一行。", FULL),
        page_of(2, "除，也不能洗。", "We ship within forty-eight hours after pay-", "ment."),
    ]
    found = passages_of_document("knowledge/售后.pdf", read_pdf(paper.pdf(pages)))
    assert [(one.source.partition("#")[2], one.text) for one in found] == [
        ("第1页", f"{FULL}除。"),
        ("第1页", "包装可以拆开。"),
        ("第1页", "下一段另起一行。"),
        ("第1页", f"{FULL}除，也不能洗。"),
        ("第2页", "We ship within forty-eight hours after payment."),
    ]


def test_a_pdf_of_pictures_and_a_locked_one_are_errors() -> None:
    with pytest.raises(ValueError, match="pictures without text"):
        read_pdf(paper.pdf([[], []]))
    with pytest.raises(ValueError, match="no PDF"):
        read_pdf(b"%PDF-1.4 torn")


UNSEEN = "3 Tr\n"
SCAN = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q\n"


def test_words_without_ink_count_only_under_a_scan() -> None:
    pages = [paper.column(["七天内可退。"])]
    assert texts(read_pdf(paper.pdf(pages, begin=SCAN + UNSEEN))) == ["text: 七天内可退。"]
    with pytest.raises(ValueError, match="without text"):
        read_pdf(paper.pdf(pages, begin=UNSEEN))


def test_what_stands_outside_a_page_is_not_read() -> None:
    outside = [
        (72.0, -50.0, 12.0, "下面"),
        (700.0, 600.0, 12.0, "右边"),
        (72.0, 900.0, 12.0, "上面"),
    ]
    pages = [[*paper.column(["七天内可退。"]), *outside]]
    assert texts(read_pdf(paper.pdf(pages))) == ["text: 七天内可退。"]


@given(place=st.integers(0), junk=st.binary(max_size=8), data=st.sampled_from([DOCX, PDF]))
def test_a_torn_file_is_read_or_an_error(place: int, junk: bytes, data: bytes) -> None:
    cut = place % len(data)
    torn = data[:cut] + junk + data[cut + len(junk) :]
    with contextlib.suppress(ValueError):
        (read_docx if data is DOCX else read_pdf)(torn)


def test_a_page_put_in_before_moves_no_identity() -> None:
    before = passages_of_document("a.pdf", read_pdf(paper.pdf([paper.column(["七天内可退。"])])))
    pages = [paper.column(["新的一页。"]), paper.column(["七天内可退。"])]
    after = passages_of_document("a.pdf", read_pdf(paper.pdf(pages)))
    assert [one.source for one in after] == ["a.pdf#第1页", "a.pdf#第2页"]
    assert before[0].id == after[1].id
