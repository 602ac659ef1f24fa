from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from people_shop import CUSTOMER, STRINGS, files_with, ids, stop_at
from sqlalchemy import delete, insert

from zhanggui.errors import InputError, StoreError
from zhanggui.records import Review
from zhanggui.shop import Shop
from zhanggui.store import erased, orders, passages, receipts, replies, reviews, runs, tickets
from zhanggui.store.database import Store
from zhanggui.store.schema import marks


def test_after_an_erase_nothing_is_left_in_any_file(
    shop: Shop, home: Path, questions: Path, tmp_path: Path
) -> None:
    shop.answer_to(home / "out" / "a.jsonl", questions)
    shop.answer_to(home / "b.csv", questions)
    shop.answer_to(home / "c.xlsx", questions)
    before = files_with(home)
    assert "SF9000000000006" in before["a.jsonl"], "the reply told the customer her parcel"
    assert any("欧阳雀鸣" in found for name, found in before.items() if "sqlite" in name)

    receipt = shop.erase(CUSTOMER)

    assert receipt.complete
    assert files_with(home) == {}
    assert receipt.files >= 5
    assert receipt.strings >= 7
    assert receipt.deleted["orders"] == receipt.deleted["tickets"] == 1
    assert receipt.deleted["run_items"] == 3
    # What customers wrote was concealed when it came in; the shop's own texts hold names plain.
    assert receipt.concealed == {"passages": 1}
    assert {one.path.name: one.rows for one in receipt.rewritten} == {
        "a.jsonl": 1,
        "b.csv": 1,
        "c.xlsx": 1,
    }
    for name in ("out/a.jsonl", "b.csv", "c.xlsx"):
        assert ids(home / name) == ["q2", "q3"]
    assert not any(string in str(receipt) for string in STRINGS), "a receipt names nobody"


def test_the_others_keep_what_is_theirs(shop: Shop) -> None:
    shop.erase(CUSTOMER)
    with shop.store.read() as conn:
        (order,) = orders.every(conn)
        (ticket,) = tickets.every(conn)
        told = [review.content for review in reviews.every(conn)]
        answers = [one.text for one in passages.every(conn)]
        assert shop.vault.restore(conn, order.receiver, order.customer_id) == "甄有余"
        assert passages.without_vector(conn) == []
    assert re.fullmatch("〔姓名·[a-z]+〕介绍我来的，她住〔地址·[a-z]+〕", ticket.messages[0].text)
    assert re.match("客服让〔姓名·[a-z]+〕帮我问的，电话〔手机号·", told[1])
    assert told[2] == "很满意"
    assert any(text.endswith("得主是[姓名]。") for text in answers)


def test_a_value_that_a_review_tells_is_gone_too(shop: Shop) -> None:
    with shop.store.read() as conn:
        hidden = reviews.every(conn)[0].content
        assert shop.vault.restore(conn, hidden, None).endswith("canary@example.com")
    shop.erase(CUSTOMER)
    with shop.store.read() as conn:
        assert shop.vault.restore(conn, hidden, None) == hidden


def test_an_import_does_not_bring_the_person_back(shop: Shop, home: Path, exports: Path) -> None:
    shop.erase(CUSTOMER)
    report = shop.import_folder(exports)
    assert {file.name: file.erased for file in report.files if file.erased} == {
        "orders.csv": 1,
        "tickets.jsonl": 1,
    }
    assert "orders.csv (GB18030): 2 read" in str(report)
    assert "1 of erased customers left out" in str(report)
    shop.store.compact()
    assert files_with(home) == {}


def test_erasing_twice_does_no_harm(shop: Shop) -> None:
    first = shop.erase(CUSTOMER)
    second = shop.erase(CUSTOMER)
    assert second.complete
    assert second.person == first.person
    assert sum(second.deleted.values()) == 0


def test_an_unknown_customer_is_refused(shop: Shop) -> None:
    with pytest.raises(InputError, match="check the id"):
        shop.erase("nobody-we-know")
    with shop.store.read() as conn:
        assert erased.every(conn) == frozenset()


def test_outputs_elsewhere_are_named_and_cleaned_on_demand(
    shop: Shop, questions: Path, tmp_path: Path, home: Path
) -> None:
    out = tmp_path / "elsewhere.csv"
    shop.answer_to(out, questions)
    content = out.read_bytes()
    first = shop.erase(CUSTOMER)
    assert first.complete
    assert [(one.path, one.rows) for one in first.outside] == [(out, 1)]
    assert out.read_bytes() == content
    second = shop.erase(CUSTOMER, all_outputs=True)
    assert [one.path for one in second.rewritten] == [out]
    assert ids(out) == ["q2", "q3"]
    assert shop.erase(CUSTOMER).outside == []
    with shop.store.read() as conn:
        assert runs.of_customer(conn, first.person) == {}


def test_the_journal_of_a_stopped_workbook_is_cleaned(
    shop: Shop, home: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        shop.answer_to(home / "a.xlsx", questions)
    assert "a.xlsx.partial" in files_with(home)
    receipt = shop.erase(CUSTOMER)
    assert receipt.complete
    assert [one.rows for one in receipt.rewritten] == [1]
    assert files_with(home) == {}
    assert not (home / "a.xlsx").exists(), "a stopped run stays unfinished"


def test_the_workbook_that_a_stopped_run_was_to_replace_is_cleaned_too(
    shop: Shop, home: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = home / "a.xlsx"
    shop.answer_to(out, questions)
    stop_at(1, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        shop.answer_to(out, questions, mode="force")
    receipt = shop.erase(CUSTOMER)
    assert receipt.complete
    assert [one.rows for one in receipt.rewritten] == [1]
    assert not out.exists()
    monkeypatch.undo()
    shop.answer_to(out, questions, mode="resume")
    assert set(ids(out)) == {"q1", "q2", "q3"}


def test_a_shortened_output_can_still_be_resumed(shop: Shop, home: Path, questions: Path) -> None:
    out = home / "a.jsonl"
    shop.answer_to(out, questions, limit=3)
    shop.erase(CUSTOMER)
    result = shop.answer_to(out, questions, mode="resume")
    assert result.done == 3
    assert ids(out) == ["q2", "q3", "q1"]


def test_a_file_of_the_user_under_the_home_is_named_and_the_key_kept(
    shop: Shop, home: Path
) -> None:
    note = home / "notes.txt"
    note.write_text("欧阳雀鸣要开发票", encoding="gb18030")
    receipt = shop.erase(CUSTOMER)
    assert not receipt.complete
    assert receipt.remains == [note.resolve()]
    assert not receipt.key_deleted
    note.unlink()
    assert shop.erase(CUSTOMER).complete
    assert files_with(home) == {}


def test_a_name_that_is_a_word_of_the_catalogue_stays_there(
    shop: Shop, exports: Path, home: Path
) -> None:
    (exports / "products.csv").write_text("id,title\nP1,欧阳雀鸣保温杯\n", encoding="utf-8")
    shop.import_folder(exports)
    receipt = shop.erase(CUSTOMER)
    assert receipt.complete
    assert receipt.words == ["NAME"]
    with shop.store.read() as conn:
        assert reviews.every(conn)[1].content.startswith("客服让〔姓名·")
    left = files_with(home)
    assert set(left) == {"shop.sqlite"}
    assert left["shop.sqlite"] == ["欧阳雀鸣"]


def test_an_id_that_is_a_word_of_the_catalogue_tears_nothing(shop: Shop, exports: Path) -> None:
    (exports / "products.csv").write_text("id,title\nP1,小米保温杯\n", encoding="utf-8")
    orders_file = exports / "orders.csv"
    text = orders_file.read_text("gb18030").replace(CUSTOMER, "小米")
    orders_file.write_text(text, encoding="gb18030")
    shop.import_folder(exports)
    receipt = shop.erase("小米")
    assert receipt.complete
    assert "WANGWANG" in receipt.words
    assert [product.title for product in shop.products()] == ["小米保温杯"]
    with shop.store.read() as conn:
        assert len(orders.every(conn)) == 1
        assert not any("〔" in one.text and "保温杯" in one.text for one in passages.every(conn))


def test_a_common_name_is_not_torn_out_of_reviews(shop: Shop, exports: Path) -> None:
    lines = ["id,content", *(f"R{n},用着很高兴" for n in range(3))]
    (exports / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
    orders_file = exports / "orders.csv"
    text = orders_file.read_text("gb18030").replace("欧阳雀鸣", "高兴")
    orders_file.write_text(text, encoding="gb18030")
    shop.import_folder(exports)
    assert shop.erase(CUSTOMER).words == ["NAME"]
    with shop.store.read() as conn:
        assert {one.content for one in reviews.every(conn)} == {"用着很高兴"}


def test_nobody_is_erased_while_a_run_is_writing(shop: Shop, home: Path, questions: Path) -> None:
    def erase_amid(*_: object) -> None:
        with pytest.raises(InputError, match="is being written by process"):
            shop.erase(CUSTOMER)

    shop.answer_to(home / "a.jsonl", questions, limit=1, on_progress=erase_amid)


def test_another_reader_is_asked_to_leave(shop: Shop, home: Path) -> None:
    with Store.open(shop.settings.database) as other, other.read() as conn:
        reviews.every(conn)
        with pytest.raises(StoreError, match="close that program"):
            _impatient(shop).erase(CUSTOMER)
    assert shop.erase(CUSTOMER).complete
    assert files_with(home) == {}


def _impatient(shop: Shop) -> Shop:
    """The same shop, which does not wait half a minute for others."""
    with shop.store.read() as conn:
        conn.exec_driver_sql("PRAGMA busy_timeout = 100")
    return shop


ERASE = """
import os, signal, sys
from pathlib import Path
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.rights import erase
from zhanggui.settings import load_settings
from zhanggui.shop import Shop
from zhanggui.store.database import Store

home, victim, customer, calls = sys.argv[1:]
left = int(calls)

def killing(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        return function(*args, **kwargs)
    return call

place, name = victim.split(".")
owner = {"store": Store, "eraser": erase.Eraser, "erase": erase}[place]
setattr(owner, name, killing(getattr(owner, name)))
with Shop.open(load_settings(Path(home)), embedder=FakeEmbedder()) as shop:
    shop.erase(customer)
"""


@pytest.mark.parametrize(
    ("victim", "calls"),
    [
        ("eraser._rows", 1),
        ("eraser._outputs", 1),
        ("erase.take_out", 1),
        ("store.compact", 1),
        ("eraser._look", 1),
        ("eraser._key", 1),
        ("store.compact", 2),
        ("eraser._look", 2),
    ],
)
def test_a_kill_at_any_step_leaves_what_a_second_erase_finishes(
    open_shop: Callable[..., Shop],
    exports: Path,
    questions: Path,
    home: Path,
    victim: str,
    calls: int,
) -> None:
    with open_shop() as shop:
        shop.import_folder(exports)
        shop.answer_to(home / "a.jsonl", questions)
    words = [sys.executable, "-c", ERASE, str(home), victim, CUSTOMER, str(calls)]
    killed = subprocess.run(words, env=os.environ, capture_output=True, text=True, check=False)
    assert killed.returncode != 0, killed.stderr
    assert "Error" not in killed.stderr
    with open_shop() as shop:
        receipt = shop.erase(CUSTOMER)
        assert receipt.complete
        with shop.store.read() as conn:
            assert erased.state_of(conn, receipt.person) == "done"
            assert replies.of_customer(conn, receipt.person) == []
            assert len(orders.every(conn)) == 1
    assert files_with(home) == {}
    assert ids(home / "a.jsonl") == ["q2", "q3"]


def test_postgres_forgets_as_well(
    open_shop: Callable[..., Shop], postgres_url: str, exports: Path, home: Path, questions: Path
) -> None:
    with open_shop(database_url=postgres_url) as shop:
        shop.import_folder(exports)
        shop.answer_to(home / "a.jsonl", questions)
        with shop.store.begin() as conn:
            conn.execute(insert(marks).values(name="note", value="欧阳雀鸣"))
        stopped = shop.erase(CUSTOMER)
        assert stopped.tables == ["marks"]
        assert not stopped.key_deleted
        with shop.store.begin() as conn:
            conn.execute(delete(marks).where(marks.c.name == "note"))
        receipt = shop.erase(CUSTOMER)
        assert receipt.complete
        assert shop.import_folder(exports).files[1].erased == 1
        with shop.store.read() as conn:
            assert len(orders.every(conn)) == len(tickets.every(conn)) == 1
            assert receipts.totals(conn) == []
            told: list[Review] = reviews.every(conn)
        assert told[1].content.startswith("客服让〔姓名·")
    assert files_with(home) == {}


def test_the_kept_file_of_products_is_looked_into(shop: Shop, exports: Path) -> None:
    # A line that could not be read is in no record, and packed no search would see it.
    plain = (exports / "products.csv").read_bytes()
    (exports / "products.csv").write_bytes(plain + f'P3,"{STRINGS[0]}\n'.encode())
    shop.import_folder(exports)
    receipt = shop.erase(CUSTOMER)
    assert receipt.tables == ["product_files"]
    assert not receipt.complete
    (exports / "products.csv").write_bytes(plain)
    shop.import_folder(exports)
    assert shop.erase(CUSTOMER).complete
