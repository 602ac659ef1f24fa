"""Ids that tell who somebody is, on both databases: never in a table, always in her own file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from canaries import IDS

from zhanggui.answering import Answering
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.pii.permission import Permission
from zhanggui.records import Question, Reply
from zhanggui.settings import load_settings
from zhanggui.shop import Shop
from zhanggui.store import erasure, replies, reviews, runs, tickets

CUSTOMER = "buyer-canary-8"
PLAIN = "q-1"
ASKED = [
    {"id": IDS["phone"], "question": "你好"},
    {"id": IDS["customer"], "question": "你好", "customer_id": CUSTOMER},
    # Files number their questions anew, and may name one twice.
    {"id": IDS["customer"], "question": "谢谢", "customer_id": CUSTOMER},
    {"id": IDS["e-mail"], "question": "谢谢"},
    {"id": PLAIN, "question": "在吗"},
]
PII: frozenset[Permission] = frozenset({"pii"})


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ASKED), encoding="utf-8")
    return file


@pytest.fixture
def shop(store_url: str, tmp_path: Path) -> Iterator[Shop]:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "products.csv").write_text("id,title\nP1,保温杯\n", encoding="utf-8")
    (exports / "reviews.csv").write_text(
        f"id,content\n{IDS['review']},很好\n{IDS['name']},不错\nR3,一般\n", encoding="utf-8"
    )
    ticket = {
        "id": IDS["ticket"],
        "customer_id": CUSTOMER,
        "messages": [{"role": "customer", "text": "在吗"}],
    }
    (exports / "tickets.jsonl").write_text(json.dumps(ticket), encoding="utf-8")
    settings = load_settings(tmp_path / "home", database_url=store_url)
    with Shop.open(settings, engine=FakeEngine(), embedder=FakeEmbedder()) as opened:
        opened.import_folder(exports)
        yield opened


def told(shop: Shop) -> list[str]:
    """The tables that hold one of the ids."""
    with shop.store.read() as conn:
        return erasure.tables_holding(conn, lambda text: any(one in text for one in IDS.values()))


def written(out: Path) -> list[str]:
    if out.suffix == ".jsonl":
        return [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]
    with out.open(encoding="utf-8-sig", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Stops the shop before its n-th answer."""

    def at(number: int) -> None:
        answer, asked = Answering.answer, 0

        def stopped(answering: Answering, question: Question) -> Reply:
            nonlocal asked
            asked += 1
            if asked == number:
                raise KeyboardInterrupt
            return answer(answering, question)

        monkeypatch.setattr(Answering, "answer", stopped)

    return at


def test_an_import_stores_no_telling_id(shop: Shop) -> None:
    assert told(shop) == []
    with shop.store.read() as conn:
        assert reviews.every(conn)[2].id == "R3", "one that tells nothing stays readable"
        assert reviews.every(conn)[0].id == shop.vault.lookup_key(IDS["review"])
        (ticket,) = tickets.every(conn)
        person = shop.vault.lookup_key(CUSTOMER)
        assert shop.vault.restore(conn, ticket.id, person) == IDS["ticket"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_answers_keep_her_id_in_her_file_only(
    shop: Shop, questions: Path, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"a{suffix}"
    result = shop.answer_to(out, questions)
    assert written(out) == [row["id"] for row in ASKED]
    assert [asked.id for asked, _ in result.replies] == [row["id"] for row in ASKED]
    assert told(shop) == []
    for row in ASKED:
        chapters = shop.story(row["id"])
        assert [one.output_now for one in chapters] == ["same"] * len(chapters)
        assert len(chapters) == [one["id"] for one in ASKED].count(row["id"])
    with shop.store.read() as conn:
        assert PLAIN in {reply.id for reply in replies.every(conn)}


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_stopped_run_goes_on_by_her_id(
    shop: Shop,
    questions: Path,
    tmp_path: Path,
    suffix: str,
    stop: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / f"a{suffix}"
    stop(4)
    with pytest.raises(KeyboardInterrupt):
        shop.answer_to(out, questions)
    monkeypatch.undo()
    assert shop.answer_to(out, questions, mode="resume").resumed == 3
    assert shop.answer_to(out, questions, mode="resume").resumed == 5
    assert written(out) == [row["id"] for row in ASKED]
    # A lost ledger: what is done is read from the file.
    with shop.store.begin() as conn:
        conn.execute(runs.runs.delete())
    assert shop.answer_to(out, questions, mode="resume").resumed == 5
    assert written(out) == [row["id"] for row in ASKED]
    assert told(shop) == []


def test_her_rows_are_exported_and_erased_by_her_id(
    shop: Shop, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "home" / "a.jsonl"
    shop.answer_to(out, questions)
    found = shop.personal_data(CUSTOMER, PII)
    assert found.outputs[0]["rows"] == [IDS["customer"]] * 2
    assert [one["id"] for one in found.tickets] == [IDS["ticket"]]
    assert [one["id"] for one in found.replies] == [IDS["customer"]] * 2
    receipt = shop.erase(CUSTOMER)
    assert receipt.complete
    assert [one.rows for one in receipt.rewritten] == [2]
    assert written(out) == [IDS["phone"], IDS["e-mail"], PLAIN]
