"""How long a shop's documents take to go in: read, redacted, indexed and embedded.

    python scripts/bench_knowledge.py [--pages 1000]

Makes a folder of HTML, PDF and DOCX pages of about 1,500 characters each, in a shop of made-up
rules whose sentences all differ, and imports it twice. Figures stand in docs/import.md.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests"))

import paper  # noqa: E402
from zhanggui.knowledge.embedder import UniversalSentenceEncoder  # noqa: E402
from zhanggui.settings import load_settings  # noqa: E402
from zhanggui.shop import Shop  # noqa: E402
from zhanggui.store import passages  # noqa: E402

PAGES_A_FILE = 10
SENTENCES = 30
WIDTH = 38
"""Characters in a line of a PDF."""

# fmt: off
GOODS = (
    "保温杯", "炒锅", "雨伞", "毛巾", "台灯", "水壶", "背包", "枕头", "床单", "耳机", "键盘",
    "茶具", "花瓶", "地毯", "风扇", "菜刀",
)
MAKERS = ("山汀", "禾木", "远山", "青柚", "白鹭", "长风")
CASES = (
    "包装未拆", "吊牌齐全", "配件完整", "已经试用", "拆封未用", "表面划伤", "颜色有差", "尺寸不符",
)
WAYS = ("退货", "换货", "补发", "维修", "退差价", "取消订单", "改地址", "开发票", "延长保修")
PAYERS = ("本店", "买家", "快递公司", "平台", "厂家")
PLACES = ("新疆", "西藏", "内蒙古", "海南", "广东", "浙江", "上海", "四川", "辽宁", "云南")
TIMES = ("工作日", "周末", "节假日", "大促期间", "签收当天", "付款当天")
# fmt: on


def sentence(chance: random.Random) -> str:
    """One rule of 30 to 60 characters."""
    pick, number = chance.choice, chance.randint
    return pick(
        (
            f"{pick(MAKERS)}{pick(GOODS)}在签收后{number(1, 60)}天内{pick(CASES)}的，可以申请"
            f"{pick(WAYS)}，运费{number(5, 40)}元由{pick(PAYERS)}承担，{pick(TIMES)}也一样处理。",
            f"寄往{pick(PLACES)}的{pick(GOODS)}满{number(50, 900)}元包邮，{pick(TIMES)}下单的在"
            f"{number(12, 96)}小时内发出，{pick(CASES)}请先联系客服{pick(WAYS)}。",
            f"如果{pick(GOODS)}{pick(CASES)}，请在{number(2, 30)}天内拍照，由{pick(PAYERS)}在"
            f"{number(1, 15)}个工作日内安排{pick(WAYS)}，并补偿{number(3, 80)}元。",
        )
    )


def html(chance: random.Random) -> bytes:
    """One page with headings, a list and a table."""
    text = [sentence(chance) for _ in range(SENTENCES)]
    items = "".join(f"<li>{line}</li>" for line in text[10:20])
    cells = ((place, f"{chance.randint(5, 40)}元", "3天") for place in PLACES)
    rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells)
    return (
        f"<html><body><nav>首页</nav><h1>{chance.choice(GOODS)}规则</h1>"
        f"<p>{''.join(text[:5])}</p><p>{''.join(text[5:10])}</p><h2>细则</h2><ul>{items}</ul>"
        f"<h2>运费</h2><table><tr><th>地区</th><th>运费</th><th>时效</th></tr>{rows}</table>"
        f"<p>{''.join(text[20:])}</p></body></html>"
    ).encode()


def pdf(chance: random.Random, pages: int) -> bytes:
    """Pages of running text under headings, broken into lines."""
    made = []
    for number in range(1, pages + 1):
        text = "".join(sentence(chance) for _ in range(SENTENCES + 3))
        lines = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
        made.append(
            [
                (72.0, 810.0, 9.0, "山汀家居 服务手册"),
                (72.0, 780.0, 16.0, f"{chance.choice(GOODS)}规则"),
                *paper.column(lines, size=11, up=750),
                (280.0, 30.0, 9.0, f"第 {number} 页"),
            ]
        )
    return paper.pdf(made)


def docx(chance: random.Random, pages: int) -> bytes:
    """As many paragraphs, headings and rows as fill so many pages."""
    body = ""
    for _ in range(pages):
        body += paper.styled("1", f"{chance.choice(GOODS)}规则")
        body += "".join(
            paper.paragraph("".join(sentence(chance) for _ in range(3))) for _ in range(9)
        )
        rows = [[place, f"{chance.randint(5, 40)}元", "3天"] for place in PLACES]
        body += paper.rows(["地区", "运费", "时效"], *rows)
    return paper.docx(body, paper.HEADINGS)


def files(chance: random.Random, pages: int) -> Iterator[tuple[str, bytes]]:
    """A third of the pages in each format."""
    third = pages // 3
    for number in range(pages - 2 * third):
        yield f"{number}.html", html(chance)
    for start in range(0, third, PAGES_A_FILE):
        yield f"{start}.pdf", pdf(chance, min(PAGES_A_FILE, third - start))
        yield f"{start}.docx", docx(chance, min(PAGES_A_FILE, third - start))


class _Timed:
    """The embedder with a clock."""

    def __init__(self, threads: int) -> None:
        self._embedder = UniversalSentenceEncoder(threads)
        self._embedder.encode(["warm"])
        self.seconds = 0.0
        self.texts = 0

    def encode(self, texts):  # type: ignore[no-untyped-def]
        """As the embedder does."""
        began = time.perf_counter()
        vectors = self._embedder.encode(texts)
        self.seconds += time.perf_counter() - began
        self.texts += len(texts)
        return vectors


def main() -> None:
    """Prints the figures."""
    options = argparse.ArgumentParser(description="How long documents take to go in.")
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "exports"
        (folder / "knowledge").mkdir(parents=True)
        for name, content in files(random.Random(7), given.pages):
            (folder / "knowledge" / name).write_bytes(content)
        embedder = _Timed(given.threads)
        with Shop.open(load_settings(Path(temporary) / "home"), embedder=embedder) as shop:
            for turn in ("first", "again"):
                embedder.seconds, embedder.texts = 0.0, 0
                began, spent = time.perf_counter(), time.process_time()
                report = shop.import_folder(folder)
                took = time.perf_counter() - began
                spent = time.process_time() - spent
                with shop.store.read() as conn:
                    found = passages.every(conn)
                letters = sum(len(one.text) for one in found)
                sys.stdout.write(
                    f"{turn}: {given.pages} pages, {letters} characters, {len(found)} passages, "
                    f"{len(report.faults)} faults: {took:.1f} s ({spent:.1f} s of "
                    f"processor), of which {embedder.seconds:.1f} s "
                    f"embed {embedder.texts} texts\n"
                )


if __name__ == "__main__":
    main()
