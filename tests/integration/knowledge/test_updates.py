"""An import embeds only what is new, and marks at once what stood on an older version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from zhanggui.knowledge.embedder import FakeEmbedder, Vectors
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Question, Reply
from zhanggui.settings import Settings
from zhanggui.shop import Shop
from zhanggui.store import passages
from zhanggui.store.schema import passages as table

PRODUCTS = (
    "id,title,attributes\n"
    "SH-500,山汀保温杯 500ml,净重:198g;型号:ST500\n"
    "SH-500P,山汀保温杯 500ml Pro,净重:260g;型号:ST500P\n"
    "SH-900,山汀焖烧罐 900ml,净重:420g\n"
)
FAQ = "question,answer,product_id\n能开发票吗,可以开电子发票。,\n要怎么洗,可以机洗。,SH-500P\n"
RULES = "# 退货\n- 签收后7天内可以退货。\n- 退货运费由买家承担。\n"


class CountingEmbedder(FakeEmbedder):
    """Says what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return super().encode(texts)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    (folder / "knowledge").mkdir(parents=True)
    write(folder, "products.csv", PRODUCTS)
    write(folder, "faq.csv", FAQ)
    write(folder, "knowledge/退货.md", RULES)
    return folder


@pytest.fixture
def shop(store_url: str, tmp_path: Path, embedder: CountingEmbedder) -> Iterator[Shop]:
    settings = Settings(home=tmp_path / "home", database=store_url)
    with Shop.open(settings, engine=FakeEngine(), embedder=embedder) as shop:
        yield shop


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def encoded(shop: Shop, embedder: CountingEmbedder, folder: Path) -> list[str]:
    """What the import of the folder has embedded."""
    embedder.texts.clear()
    shop.import_folder(folder)
    with shop.store.read() as conn:
        assert not passages.without_vector(conn)
    return embedder.texts


def test_only_new_words_are_embedded(shop: Shop, embedder: CountingEmbedder, folder: Path) -> None:
    assert len(encoded(shop, embedder, folder)) == 9
    assert encoded(shop, embedder, folder) == []
    write(folder, "faq.csv", FAQ.replace("能开", "几天发货,两天内发货。,\n能开"))
    write(folder, "knowledge/退货.md", RULES.replace("7天", "15天"))
    assert encoded(shop, embedder, folder) == ["几天发货", "退货 签收后15天内可以退货。"]
    limited = RULES.replace("7天", "15天").replace("- 签", "有效期：2026-11-01 起\n- 签")
    write(folder, "knowledge/退货.md", limited)
    assert encoded(shop, embedder, folder) == [], "other days, the same words"


def test_a_moved_row_keeps_its_identity_and_vector(shop: Shop, folder: Path) -> None:
    shop.import_folder(folder)
    before = rows(shop)
    write(folder, "faq.csv", FAQ.replace("能开", "几天发货,两天内发货。,\n能开"))
    shop.import_folder(folder)
    after = rows(shop)
    assert before.items() <= after.items()
    with shop.store.read() as conn:
        (invoice,) = passages.get(conn, [one for one in after if "电子发票" in after[one][0]])
    assert invoice.source == "faq.csv:3"


def rows(shop: Shop) -> dict[str, tuple[str, bytes]]:
    """Passage id to its words and vector."""
    with shop.store.read() as conn:
        found = conn.execute(select(table.c.id, table.c.tokens, table.c.vector)).all()
        words = {one.id: one.text for one in passages.get(conn, [row.id for row in found])}
    return {row.id: (words[row.id], bytes(memoryview(row.vector))) for row in found}


def ask(shop: Shop, tmp_path: Path, *questions: str) -> None:
    """Stores the replies to these questions, numbered from 0."""
    asked = "".join(
        f'{{"id": "q{number}", "question": "{text}"}}\n' for number, text in enumerate(questions)
    )
    (tmp_path / "questions.jsonl").write_text(asked, encoding="utf-8")
    shop.answer_to(tmp_path / "replies.jsonl", tmp_path / "questions.jsonl", mode="force")


def stale(shop: Shop) -> list[str]:
    return sorted(reply.id for reply in shop.stale_replies())


def test_replies_on_a_changed_or_removed_passage_are_stale(
    shop: Shop, folder: Path, tmp_path: Path
) -> None:
    shop.import_folder(folder)
    ask(shop, tmp_path, "能开发票吗", "在吗")
    with shop.store.read() as conn:
        standing = passages.get(conn, shop.answer(Question(id="x", question="能开发票吗")).passages)
    assert [one.text for one in standing] == ["可以开电子发票。"]

    write(folder, "knowledge/退货.md", RULES.replace("7天", "15天"))
    write(folder, "faq.csv", FAQ.replace("能开", "几天发货,两天内发货。,\n能开"))
    assert shop.import_folder(folder).stale_replies == 0, "its line moved, its words did not"
    write(folder, "faq.csv", FAQ.replace("电子发票", "纸质发票"))
    report = shop.import_folder(folder)
    assert report.stale_replies == 1
    assert "1 replies stand on passages that changed" in str(report)
    assert stale(shop) == ["q0"]
    assert shop.import_folder(folder).stale_replies == 0, "it was counted before"

    ask(shop, tmp_path, "能开发票吗", "在吗")
    assert stale(shop) == [], "it was answered anew"
    (folder / "faq.csv").unlink()
    assert shop.import_folder(folder).stale_replies == 1
    assert stale(shop) == ["q0"]


def test_a_rolled_back_import_marks_nothing(shop: Shop, folder: Path, tmp_path: Path) -> None:
    shop.import_folder(folder)
    ask(shop, tmp_path, "能开发票吗")

    def interrupted() -> None:
        with shop.store.begin() as conn:
            passages.replace_source(conn, "faq.csv", [])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert stale(shop) == []


MANUAL = """# 使用手册
## 山汀保温杯 500ml Pro 清洗
- 杯身可以放进洗碗机。
## ST500 清洗
- 杯身只能手洗。
## SH-500 与 SH-500P 保养
- 杯盖每月拆洗一次。
## 一般说明
- 首次使用请用热水烫洗。
"""


def answers(shop: Shop, question: str, product: str) -> Reply:
    return shop.answer(Question(id="1", question=question, product_id=product))


def test_a_siblings_document_never_answers(shop: Shop, folder: Path) -> None:
    write(folder, "knowledge/手册.md", MANUAL)
    write(folder, "knowledge/SH-900 说明书.txt", "焖烧罐不能放进微波炉。")
    shop.import_folder(folder)
    with shop.store.read() as conn:
        seen = {
            product: {
                one.text
                for one in passages.every(conn, product)
                if (one.kind != "attribute" and "手册" in one.heading) or "微波炉" in one.text
            }
            for product in ("SH-500", "SH-500P", "SH-900")
        }
    general, both = "首次使用请用热水烫洗。", "杯盖每月拆洗一次。"
    assert seen == {
        "SH-500": {general, both, "杯身只能手洗。"},
        "SH-500P": {general, both, "杯身可以放进洗碗机。"},
        "SH-900": {general, "焖烧罐不能放进微波炉。"},
    }


def test_a_siblings_question_never_answers(shop: Shop, folder: Path) -> None:
    shop.import_folder(folder)
    assert "机洗" in answers(shop, "要怎么洗", "SH-500P").text
    assert "机洗" not in answers(shop, "要怎么洗", "SH-500").text
    assert "260g" not in answers(shop, "净重是多少", "SH-500").text
