from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

import paper
from zhanggui.errors import InputError, InputNotFound, UnknownColumns
from zhanggui.ingest.report import FileReport, ImportReport
from zhanggui.ingest.shop_folder import import_folder
from zhanggui.pii.finder import TOKEN
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import RowFault
from zhanggui.store import orders, product_files, products, reviews, tickets
from zhanggui.store.changes import Changes
from zhanggui.store.database import Store

Run = Callable[..., ImportReport]

SECRETS = (
    "13800000001",
    "138 0000 0002",
    "13900000003",
    "0571-88000004",
    "11010519491231002X",
    "6222021234567890123",
    "canary@example.com",
    "240101-900000000000005",
    "SF9000000000006",
    "欧阳雀鸣",
    "金丝雀市试验路7号",
    "buyer-canary-8",
)

PRODUCTS = "id,title,price,attributes\nP1,保温杯,¥129.00,容量:500ml\nP2,雨伞,59,\n"
ORDERS = (
    "order_id,customer_id,product_id,status,tracking_no,receiver,phone,address\n"
    "240101-900000000000005,buyer-canary-8,P1,已发货,SF9000000000006,欧阳雀鸣,13800000001,"
    "金丝雀市试验路7号\n"
    "240101-900000000000005,buyer-canary-8,P2,已发货,SF9000000000006,欧阳雀鸣,13800000001,"
    "金丝雀市试验路7号\n"
    "B-2,other,P2,待发货,,,,\n"
)
REVIEWS = (
    "评论编号,评论内容,评价星级,评价时间,用户昵称\n"
    "R1,杯子不错，加我canary@example.com,5星,2026-03-01,欧阳雀鸣\n"
    "R2,伞骨断了，电话138 0000 0002,差评,2026/3/2,无名\n"
)
FAQ = "question,answer,product_id\n怎么退货,寄回前请打0571-88000004,\n保温多久,12小时,P1\n"
TICKET = {
    "id": "T1",
    "customer_id": "buyer-canary-8",
    "product_id": "P1",
    "messages": [
        {"role": "customer", "text": "订单号240101-900000000000005，身份证11010519491231002X"},
        {"role": "shop", "text": "已退到6222021234567890123，13800000001会收到短信"},
    ],
}
POLICY = "# 退换货\n\n7天无理由退货。仓库电话13900000003。\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{(home / 'shop.sqlite').as_posix()}") as store:
        yield store


@pytest.fixture
def vault(store: Store, home: Path) -> Vault:
    return Vault.open(store, home)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "products.csv").write_text(PRODUCTS, encoding="gb18030")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8-sig")
    (folder / "reviews.csv").write_text(REVIEWS, encoding="utf-16")
    (folder / "faq.csv").write_text(FAQ, encoding="utf-8")
    (folder / "tickets.jsonl").write_text(json.dumps(TICKET, ensure_ascii=False), encoding="utf-8")
    (folder / "knowledge" / "退换货.md").write_text(POLICY, encoding="gb18030")
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    return folder


@pytest.fixture
def run(store: Store, vault: Vault, folder: Path) -> Run:
    def run(mapping: Path | None = None) -> ImportReport:
        with store.begin() as conn:
            return import_folder(conn, vault, folder, mapping=mapping)

    return run


def figures(report: ImportReport) -> dict[str, tuple[int, int, int, int, int]]:
    return {
        file.name: (file.read, file.added, file.changed, file.same, file.removed)
        for file in report.files
    }


def file(report: ImportReport, name: str) -> FileReport:
    return next(file for file in report.files if file.name == name)


def test_a_shop_goes_in(run: Run, store: Store) -> None:
    report = run()
    assert figures(report) == {
        "products.csv": (2, 2, 0, 0, 0),
        "orders.csv": (3, 3, 0, 0, 0),
        "faq.csv": (2, 0, 0, 0, 0),
        "reviews.csv": (2, 2, 0, 0, 0),
        "tickets.jsonl": (1, 1, 0, 0, 0),
        "knowledge/退换货.md": (1, 0, 0, 0, 0),
    }
    assert [entry.encoding for entry in report.files] == [
        "GB18030",
        "UTF-8 with BOM",
        "UTF-8",
        "UTF-16-LE with BOM",
        "UTF-8",
        "GB18030",
    ]
    assert report.faults == []
    assert report.ignored == ["readme.txt"]
    with store.read() as conn:
        assert [product.title for product in products.every(conn)] == ["保温杯", "雨伞"]
        first, second = reviews.every(conn)
    assert first.content.startswith("杯子不错，加我〔邮箱·")
    assert second.rating == 1.0


def test_what_is_handed_on_for_passages(run: Run, store: Store, vault: Vault) -> None:
    report = run()
    content = report.content
    assert [product.id for product in content.products["products.csv"]] == ["P1", "P2"]
    (document,) = content.documents
    assert document.name == "knowledge/退换货.md"
    heading, rule = document.document.parts
    assert (heading.kind, heading.text) == ("heading", "退换货")
    assert rule.text.startswith("7天无理由退货。仓库电话〔手机号·")
    row, other = content.faq["faq.csv"]
    assert (row.line, other.line, other.product_id) == (2, 3, "P1")
    with store.read() as conn:
        assert vault.restore(conn, row.answer, SHOP) == "寄回前请打0571-88000004"
        assert vault.restore(conn, row.answer, None) == row.answer
    report.note("faq.csv", Changes(added=2))
    report.note("products.csv", Changes(added=99))
    assert file(report, "faq.csv").added == 2
    assert file(report, "products.csv").added == 2


def test_no_plain_personal_value_in_the_home(run: Run, store: Store, home: Path) -> None:
    run()
    run()
    store.close()
    scanned = 0
    for path in home.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        scanned += len(data)
        for secret in SECRETS:
            assert secret.encode() not in data, (path, secret)
            assert secret.encode("utf-16-le") not in data, (path, secret)
    assert scanned > 50_000


def test_a_verified_customer_gets_the_order_back(run: Run, store: Store, vault: Vault) -> None:
    run()
    person = vault.lookup_key("buyer-canary-8")
    with store.read() as conn:
        mine = orders.of_customer(conn, person)
        assert {order.product_id for order in mine} == {"P1", "P2"}
        order = mine[0]
        assert order.order_id == vault.lookup_key("240101-900000000000005")
        restored = [
            vault.restore(conn, text, "buyer-canary-8")
            for text in (order.order_id, order.tracking_no, order.phone, order.customer_id)
        ]
        assert restored == [
            "240101-900000000000005",
            "SF9000000000006",
            "13800000001",
            "buyer-canary-8",
        ]
        assert vault.restore(conn, order.receiver, "other") == order.receiver
        (ticket,) = tickets.every(conn)
        assert ticket.customer_id == person
        assert order.phone in ticket.messages[1].text, "one person, one value, one pseudonym"
        assert len(TOKEN.findall(ticket.messages[0].text)) == 2


def test_importing_twice_changes_nothing(run: Run) -> None:
    run()
    report = run()
    assert all(entry.added == entry.changed == entry.removed == 0 for entry in report.files)
    assert file(report, "orders.csv").same == 3
    assert file(report, "reviews.csv").same == 2


def test_a_changed_row_updates_and_a_missing_one_goes(run: Run, folder: Path, store: Store) -> None:
    run()
    (folder / "products.csv").write_text(
        "id,title,price\nP1,大保温杯,139\nP3,毛巾,9\n", encoding="utf-8"
    )
    assert figures(run())["products.csv"] == (2, 1, 1, 0, 1)
    with store.read() as conn:
        assert [product.title for product in products.every(conn)] == ["大保温杯", "毛巾"]


def test_a_removed_file_says_so_and_its_rows_go(run: Run, folder: Path, store: Store) -> None:
    run()
    for name in ("reviews.csv", "faq.csv", "knowledge/退换货.md"):
        (folder / name).unlink()
    report = run()
    gone = {entry.name: entry.removed for entry in report.files if entry.gone}
    assert gone == {"reviews.csv": 2, "faq.csv": 0, "knowledge/退换货.md": 0}
    assert sorted(report.content.gone) == ["faq.csv", "knowledge/退换货.md", "reviews.csv"]
    assert "reviews.csv: gone, 2 removed" in str(report)
    with store.read() as conn:
        assert reviews.every(conn) == []
        assert len(orders.every(conn)) == 3
    assert not [entry for entry in run().files if entry.gone]


def test_another_format_of_a_file_takes_its_place(run: Run, folder: Path, store: Store) -> None:
    run()
    (folder / "products.csv").unlink()
    book = Workbook()
    for row in (["商品ID", "标题", "价格"], ["P1", "保温杯", 129], ["P9", "围巾", "abc"]):
        book.active.append(row)
    book.save(folder / "products.xlsx")
    report = run()
    assert figures(report)["products.xlsx"] == (1, 0, 1, 0, 1)
    assert file(report, "products.csv").gone
    assert file(report, "products.csv").removed == 0
    assert report.faults == [RowFault("products.xlsx", 3, "price: 'abc' is no amount of money")]
    with store.read() as conn:
        assert len(products.every(conn)) == 1


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("tickets.csv", b"a,b\n1,2\n", InputError),
        ("reviews.csv", b"a,b\n1,2\n", UnknownColumns),
        ("orders.csv", bytes(range(1, 32)) * 40, InputError),
        ("mapping.toml", b"[nothing]\n", InputError),
    ],
)
def test_a_broken_file_leaves_nothing_changed(
    run: Run, folder: Path, store: Store, name: str, content: bytes, error: type[Exception]
) -> None:
    run()
    (folder / "products.csv").write_text("id,title\nP7,新品\n", encoding="utf-8")
    (folder / name).write_bytes(content)
    with pytest.raises(error) as raised:
        run()
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)
    with store.read() as conn:
        assert [product.id for product in products.every(conn)] == ["P1", "P2"]
        assert len(reviews.every(conn)) == 2


def test_a_broken_document_is_a_fault_and_the_others_go_on(run: Run, folder: Path) -> None:
    run()
    (folder / "knowledge" / "退换货.md").write_bytes("好的\n".encode() + b"\xff\xff\xff\n")
    (folder / "knowledge" / "a.pdf").write_bytes(b"no pdf")
    (folder / "knowledge" / "b.docx").write_bytes(b"no docx")
    (folder / "knowledge" / "c.html").write_text("", encoding="utf-8")
    (folder / "knowledge" / "d.pdf").write_bytes(paper.pdf([[]]))
    (folder / "knowledge" / "e.md").write_text("有效期：2026-13-01 至 2026-14-01", encoding="utf-8")
    (folder / "knowledge" / "g.html").write_text("<div>" * 3_000 + "深", encoding="utf-8")
    (folder / "knowledge" / "h.csv").write_text("", encoding="utf-8")
    (folder / "knowledge" / "i.csv").write_text("question,answer\n", encoding="utf-8")
    Workbook().save(folder / "knowledge" / "j.xlsx")
    (folder / "knowledge" / "f.doc").write_bytes(b"old")
    (folder / "knowledge" / "发货.txt").write_text("48小时内发货。", encoding="utf-8")
    report = run()
    assert [str(fault) for fault in report.faults] == [
        "knowledge/a.pdf: it is no PDF, or a torn one",
        "knowledge/b.docx: it is no DOCX document: save it again as DOCX, without a password",
        "knowledge/c.html: it is no page of HTML",
        "knowledge/d.pdf: its pages are pictures without text: run text recognition (OCR) over "
        "it, or give the text as DOCX",
        "knowledge/e.md: its validity names a day that does not exist: month must be in 1..12",
        "knowledge/g.html: it is nested too deeply to be read",
        "knowledge/h.csv: it holds no text",
        "knowledge/i.csv: it holds no text",
        "knowledge/j.xlsx: it holds no text",
        "knowledge/退换货.md:2: the line cannot be decoded: save the file as UTF-8",
    ]
    assert [one.name for one in report.content.documents] == ["knowledge/发货.txt"]
    assert "knowledge/退换货.md" in report.content.gone, "what it said before is not known to hold"
    assert report.ignored == ["readme.txt", "knowledge/f.doc"]


def test_tables_of_knowledge_are_questions_or_rows(run: Run, folder: Path) -> None:
    knowledge = folder / "knowledge"
    book = Workbook()
    for row in (
        [
            "分段标题（选填）",
            "分段内容（必填，问题答案，最长不超过4096个字符）",
            "问题（选填，单元格内一行一个）",
        ],
        ["发票", "可以开电子发票，电话0571-88000004。", "能开发票吗\n怎么开票\n能开发票吗"],
        ["会员", "消费满1000元升级。", None],
        [None, "没有题目。", None],
    ):
        book.active.append(row)
    book.save(knowledge / "问答.xlsx")
    (knowledge / "chatwoot.csv").write_text(
        "question,answer\n包邮吗,满99元包邮\n", encoding="utf-8"
    )
    (knowledge / "运费.csv").write_text("地区,运费\n新疆,15元\n", encoding="utf-8")
    report = run()
    rows = report.content.faq["knowledge/问答.xlsx"]
    assert [(row.line, row.question, row.also) for row in rows] == [
        (2, "能开发票吗", ("怎么开票",)),
        (3, "会员", ()),
    ]
    assert "〔座机号·" in rows[0].answer
    assert [str(fault) for fault in report.faults] == ["knowledge/问答.xlsx:4: title is empty"]
    assert report.content.faq["knowledge/chatwoot.csv"][0].answer == "满99元包邮"
    table = next(one for one in report.content.documents if one.name == "knowledge/运费.csv")
    assert [(part.kind, part.text) for part in table.document.parts] == [
        ("header", "地区 | 运费"),
        ("row", "新疆 | 15元"),
    ]


def test_a_failing_caller_leaves_nothing_changed(store: Store, vault: Vault, folder: Path) -> None:
    def interrupted() -> None:
        with store.begin() as conn:
            import_folder(conn, vault, folder)
            raise RuntimeError("passages")

    with pytest.raises(RuntimeError):
        interrupted()
    with store.read() as conn:
        assert products.every(conn) == []


def test_repeated_rows(run: Run, folder: Path, store: Store) -> None:
    (folder / "reviews.csv").write_text("id,content\nR1,很好\nR1,很好\nR1,不好\n", encoding="utf-8")
    report = run()
    entry = file(report, "reviews.csv")
    assert (entry.read, entry.skipped) == (1, 2)
    assert entry.faults == [
        RowFault("reviews.csv", 4, "the row has the id of line 2 and says something else")
    ]
    assert "reviews.csv:4" in str(report)
    with store.read() as conn:
        assert [review.content for review in reviews.every(conn)] == ["很好"]


def test_the_folders_mapping_and_a_given_one(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "faq.csv").write_text("顾客会问,我们这样答\n包邮吗,包邮\n", encoding="utf-8")
    own = '[faq]\n"顾客会问" = "question"\n"我们这样答" = "answer"\n'
    (folder / "mapping.toml").write_text(own, encoding="utf-8")
    assert file(run(), "faq.csv").read == 1
    (folder / "mapping.toml").rename(tmp_path / "other.toml")
    with pytest.raises(UnknownColumns, match="顾客会问"):
        run()
    assert file(run(tmp_path / "other.toml"), "faq.csv").read == 1


def test_any_subset_leaves_other_nouns_alone(store: Store, vault: Vault, tmp_path: Path) -> None:
    only = tmp_path / "only"
    only.mkdir()
    with store.begin() as conn, pytest.raises(InputError, match="nothing to import"):
        import_folder(conn, vault, only)
    (only / "faq.csv").write_text(FAQ, encoding="utf-8")
    with store.begin() as conn:
        report = import_folder(conn, vault, only)
    assert [entry.name for entry in report.files] == ["faq.csv"]


def test_two_files_of_one_kind_and_no_folder(
    run: Run, folder: Path, store: Store, vault: Vault
) -> None:
    (folder / "products.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="keep one"):
        run()
    with store.begin() as conn, pytest.raises(InputNotFound):
        import_folder(conn, vault, folder / "none")


def test_the_file_of_products_is_kept_as_it_came(run: Run, store: Store, folder: Path) -> None:
    (folder / "mapping.toml").write_text('[products]\n"款" = "id"\n', encoding="utf-8")
    (folder / "products.csv").write_bytes("款,title\r\nP1,保温杯".encode("gbk"))
    run()
    with store.read() as conn:
        (kept,) = product_files.every(conn)
    assert (kept.file, kept.mapping) == ("products.csv", {"款": "id"})
    assert kept.content == (folder / "products.csv").read_bytes()
    (folder / "products.csv").unlink()
    run()
    with store.read() as conn:
        assert product_files.every(conn) == []
