from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from zhanggui.errors import InputError
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.records import Citation, Judged, Question, Reply
from zhanggui.settings import Settings
from zhanggui.shop import Shop
from zhanggui.store import approved_answers, judgements, passages, replies, schema

NOW = datetime(2026, 11, 20, 12)
PRODUCTS = """id,title,category,brand,price,stock,attributes
P1,雾岚保温杯 350ml,保温杯,雾岚,69,5,净重:198g;杯盖材质:PP
P2,雾岚保温杯 500ml,保温杯,雾岚,89,5,净重:285g;杯盖材质:PP
"""
FAQ = "question,answer\n能开发票吗,可以开电子普通发票，确认收货后3天内发到邮箱。\n"
TICKETS = [
    {
        "id": "T1",
        "customer_id": "c-lin",
        "product_id": "P1",
        "messages": [
            {"role": "customer", "text": "多重"},
            {"role": "shop", "text": "198g的亲"},
            {"role": "customer", "text": "能放洗碗机吗"},
            {"role": "shop", "text": "不可以放洗碗机。"},
        ],
    },
    {
        "id": "T2",
        "customer_id": None,
        "product_id": "P2",
        "messages": [
            {"role": "customer", "text": "净重多少"},
            {"role": "shop", "text": "净重300g，其他的打19900001217问"},
        ],
    },
]
UNSURE = {"answer.pick": Canned("0"), "answer.check": Canned("0"), "answer.agree": Canned("0")}


@pytest.fixture(scope="module")
def embedder() -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(threads=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (exports / "faq.csv").write_text(FAQ, encoding="utf-8")
    lines = [json.dumps(ticket, ensure_ascii=False) for ticket in TICKETS]
    (exports / "tickets.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return exports


@pytest.fixture
def shop(
    store_url: str, tmp_path: Path, folder: Path, embedder: UniversalSentenceEncoder
) -> Iterator[Shop]:
    """A small shop with two tickets, once on each database."""
    settings = Settings(home=tmp_path / "home", database_url=store_url)
    engine = FakeEngine(UNSURE)
    with Shop.open(settings, now=NOW, engine=engine, embedder=embedder) as opened:
        opened.import_folder(folder)
        yield opened


Ask = Callable[..., Reply]


@pytest.fixture
def ask(shop: Shop, tmp_path: Path) -> Ask:
    """Answers one question through a file, so that the reply is kept."""
    numbers = iter(range(1000))

    def asked(text: str, product_id: str | None = "P1", **fields: str) -> Reply:
        number = next(numbers)
        row = {"id": f"q{number}", "question": text, "product_id": product_id, **fields}
        file = tmp_path / f"q{number}.jsonl"
        file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        result = shop.answer_to(tmp_path / f"a{number}.jsonl", file)
        ((_, reply),) = result.replies
        return reply

    return asked


def test_an_edit_answers_next_time(shop: Shop, ask: Ask) -> None:
    first = ask("能放洗碗机吗")
    assert first.decision == "hand_over"
    said = shop.judge(first.id, "edited", "李主管", "不可以放洗碗机，请手洗。")
    assert said.approved is not None
    assert (said.approved.product_id, said.why_not) == ("P1", "")
    assert "李主管" not in repr(said)
    again = ask("能放洗碗机吗？")
    assert (again.decision, again.tier) == ("send", "approved")
    assert again.text == "您好，不可以放洗碗机，请手洗。"
    (citation,) = again.citations
    assert citation.source == f"approved:{said.approved.id}"
    # It was said of one product.
    assert ask("能放洗碗机吗", "P2").decision == "hand_over"


def test_an_edit_takes_the_place_of_what_was_quoted(shop: Shop, ask: Ask) -> None:
    quoted = ask("多重")
    assert "198g" in quoted.text
    said = shop.judge(quoted.id, "edited", "李主管", "净重198g，带杯盖215g。")
    assert said.judgement.verdict == "right"
    again = ask("多重")
    assert (again.decision, again.tier) == ("send", "approved")
    assert "215g" in again.text


def test_a_rejected_passage_is_not_sent_to_that_question_again(shop: Shop, ask: Ask) -> None:
    sent = ask("多重")
    shop.judge(sent.id, "wrong", "李主管")
    again = ask("多重？")
    assert again.decision == "hand_over"
    assert "198g" not in again.text
    # Another question, and another product, are as before.
    assert ask("多重", "P2").decision == "send"
    assert ask("杯盖什么材质").decision == "send"


def test_a_rejected_answer_of_the_staff_is_withdrawn(shop: Shop, ask: Ask) -> None:
    shop.judge(ask("能放洗碗机吗").id, "edited", "李主管", "不可以放洗碗机。")
    sent = ask("能放洗碗机吗")
    assert sent.tier == "approved"
    shop.judge(sent.id, "wrong", "李主管")
    assert ask("能放洗碗机吗").decision == "hand_over"
    with shop.store.read() as conn:
        assert approved_answers.in_state(conn, "active") == []
        assert not [one for one in passages.every(conn) if one.kind == "approved"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("您的订单今天已经发出。", "one order or one day"),
        ("请打19900001217联系王小明。", "personal data"),
        ("稍后回复您。", "answers nothing"),
    ],
)
def test_what_is_true_of_one_customer_is_said_to_no_other(
    shop: Shop, ask: Ask, text: str, why: str
) -> None:
    said = shop.judge(ask("能放洗碗机吗").id, "edited", "李主管", text)
    assert said.approved is None
    assert why in said.why_not
    assert ask("能放洗碗机吗").decision == "hand_over"


def test_without_a_product_only_what_holds_for_the_shop_is_kept(shop: Shop, ask: Ask) -> None:
    said = shop.judge(ask("能放洗碗机吗", None).id, "edited", "李主管", "不可以放洗碗机。")
    assert "names no product" in said.why_not


def test_a_changed_product_silences_what_was_said_of_it(shop: Shop, ask: Ask, folder: Path) -> None:
    shop.judge(ask("能放洗碗机吗").id, "edited", "李主管", "不可以放洗碗机。")
    stocked = PRODUCTS.replace("69,5", "66,2")
    (folder / "products.csv").write_text(stocked, encoding="utf-8")
    assert shop.import_folder(folder).answers_stale == 0
    assert ask("能放洗碗机吗").decision == "send"
    changed = stocked.replace("净重:198g", "净重:198g;内胆:316不锈钢")
    (folder / "products.csv").write_text(changed, encoding="utf-8")
    assert shop.import_folder(folder).answers_stale == 1
    assert ask("能放洗碗机吗").decision == "hand_over"
    assert [one.answer for one in shop.replies.stale()] == ["不可以放洗碗机。"]


def test_a_changed_passage_silences_what_leans_on_it(shop: Shop, ask: Ask, folder: Path) -> None:
    said = shop.judge(
        ask("能开发票吗", None).id, "edited", "李主管", "能开电子普通发票，3天内发到邮箱。"
    )
    assert said.approved is not None
    (folder / "faq.csv").write_text(FAQ.replace("3天", "5天"), encoding="utf-8")
    assert shop.import_folder(folder).answers_stale == 1

    with shop.store.read() as conn:
        assert not [one for one in passages.every(conn) if one.kind == "approved"]


def test_a_suggestion_whose_passage_changed_is_not_sent_to_others(
    shop: Shop, ask: Ask, folder: Path
) -> None:
    quoted = ask("能开发票吗", None)
    assert quoted.passages
    suggested = replace(quoted, id="s1", decision="suggest")
    question = Question(id="s1", question="能开发票吗")
    with shop.store.begin() as conn:
        replies.put(conn, suggested, "s1", question=question)
    (folder / "faq.csv").write_text(FAQ.replace("3天", "5天"), encoding="utf-8")
    shop.import_folder(folder)
    said = shop.judge("s1", "right", "李主管")
    assert said.approved is None
    assert "has changed" in said.why_not
    # Who writes the answer knows what holds today.
    assert shop.judge("s1", "edited", "李主管", "可以开，5天内发到邮箱。").approved is not None


def test_the_list_holds_what_nobody_judged(shop: Shop, ask: Ask) -> None:
    sent, handed = ask("多重"), ask("能放洗碗机吗")
    assert [one.reply.id for one in shop.replies.listing(decisions=("send", "hand_over"))] == [
        handed.id,
        sent.id,
    ]
    assert [one.reply.id for one in shop.replies.listing(decisions=("send",))] == [sent.id]
    shop.judge(sent.id, "right", "李主管")
    assert shop.replies.listing(decisions=("send",)) == []
    (one,) = shop.replies.listing(decisions=("send",), judged=True)
    assert one.judgement is not None
    assert one.judgement.verdict == "right"


def test_a_judgement_needs_a_reply_a_name_and_a_text(shop: Shop, ask: Ask) -> None:
    reply = ask("多重")
    with pytest.raises(InputError, match="no reply"):
        shop.judge("q99", "right", "李主管")
    with pytest.raises(InputError, match="--by"):
        shop.judge(reply.id, "right", " ")
    with pytest.raises(InputError, match="text"):
        shop.judge(reply.id, "edited", "李主管")
    with shop.store.read() as conn:
        assert judgements.every(conn) == []


def test_the_audit_knows_who_judged(shop: Shop, ask: Ask) -> None:
    reply = ask("多重")
    shop.judge(reply.id, "wrong", "李主管")
    (chapter,) = [one for one in shop.story(reply.id) if one.kind == "judge"]
    assert (chapter.decision, chapter.actor) == ("wrong", "李主管")
    assert shop.check_audit().whole


def test_a_replay_says_how_right_it_would_have_been(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "replay.jsonl"
    report = shop.replay(out=out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["decision"], row["agreement"]) for row in rows] == [
        ("T1/1", "send", "agree"),
        ("T1/2", "hand_over", "staff_only"),
        ("T2/1", "send", "differ"),
    ]
    assert "19900001217" not in out.read_text(encoding="utf-8")
    assert report.tickets == 2
    assert [row.turn.question.id for row in report.to_read()] == ["T2/1"]
    assert [(gap.question, gap.product_id) for gap in report.gaps] == [("能放洗碗机吗", "P1")]
    lowest = report.steps()[0]
    assert (lowest.sent, lowest.compared, lowest.differ) == (2, 2, 1)
    assert lowest.coverage == pytest.approx(2 / 3)
    limit = report.limit("quote")
    assert limit is not None
    assert (limit.judged, limit.wrong, limit.proved) == (2, 1, False)


def test_a_replay_lets_customers_go_first(shop: Shop, tmp_path: Path) -> None:
    said = [{"role": "customer", "text": "杯盖什么材质"}, {"role": "shop", "text": "食品级，环保"}]
    ticket = {"id": "T9", "product_id": "P1", "messages": said}
    (tmp_path / "past.jsonl").write_text(json.dumps(ticket), encoding="utf-8")
    shop.replay(tmp_path / "past.jsonl")
    engine = shop.engine
    assert isinstance(engine, FakeEngine)
    assert engine.history
    assert {request.priority for request in engine.history} == {"bulk"}


def test_a_file_of_tickets_is_replayed_as_an_imported_one(
    shop: Shop, folder: Path, tmp_path: Path
) -> None:
    imported = shop.replay()
    shutil.copy(folder / "tickets.jsonl", tmp_path / "past.jsonl")
    given = shop.replay(tmp_path / "past.jsonl")
    assert [row.row() for row in given.rows] == [row.row() for row in imported.rows]
    with shop.store.read() as conn:
        assert len(judgements.every(conn)) == 2


def test_a_person_speaks_over_a_replay_and_never_the_other_way(shop: Shop) -> None:
    shop.replay()
    shop.judge("T2/1", "right", "李主管")
    shop.replay()
    with shop.store.read() as conn:
        said = {one.id: (one.verdict, one.source) for _, one in judgements.every(conn)}
    assert said == {"T1/1": ("right", "replay"), "T2/1": ("right", "staff")}


def test_a_change_that_breaks_a_right_reply_is_seen(
    shop: Shop, ask: Ask, folder: Path, tmp_path: Path
) -> None:
    shop.replay()
    assert not [one for one in shop.regression() if one.flipped]
    wrong = PRODUCTS.replace("净重:198g", "净重:918g")
    (folder / "products.csv").write_text(wrong, encoding="utf-8")
    shop.import_folder(folder)
    out = tmp_path / "regression.jsonl"
    flipped = [one for one in shop.regression(out) if one.flipped]
    assert [one.judgement.id for one in flipped] == ["T1/1"]
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {(row["id"], row["was"], row["now"]) for row in rows} >= {("T1/1", "right", "wrong")}


def test_nothing_judged_is_no_regression(shop: Shop) -> None:
    with pytest.raises(InputError, match="No reply is judged"):
        shop.regression()


def test_an_erased_customer_leaves_the_judgements(shop: Shop, ask: Ask) -> None:
    shop.replay()
    reply = ask("多重", customer_id="c-lin")
    shop.judge(reply.id, "right", "李主管")
    with shop.store.read() as conn:
        assert len(judgements.every(conn)) == 3
    receipt = shop.erase("c-lin")
    assert receipt.complete
    assert receipt.deleted["judgements"] == 2
    with shop.store.read() as conn:
        assert [one.id for _, one in judgements.every(conn)] == ["T2/1"]


def test_personal_data_are_kept_by_pseudonym_and_given_to_their_person(
    shop: Shop, ask: Ask
) -> None:
    reply = ask("我电话19900001217，多重", customer_id="c-lin")
    shop.judge(reply.id, "right", "李主管")
    with shop.store.read() as conn:
        kept = list(conn.scalars(select(schema.judgements.c.record)))
        asked = list(conn.scalars(select(schema.replies.c.question)))
    assert kept
    assert asked
    assert not [text for text in (*kept, *asked) if "19900001217" in text or "c-lin" in text]
    found = shop.personal_data("c-lin", {"pii"})
    assert "19900001217" in found.judgements[0]["question"]["question"]


def judge_alike(shop: Shop, count: int, verdict: Judged) -> None:
    """Says the same of `count` replies like the one that is judged."""
    with shop.store.begin() as conn:
        ((key, one),) = judgements.every(conn)
        for number in range(count):
            other = replace(one, id=f"x{number}", verdict=verdict, source="replay")
            judgements.put(conn, other, key)


def test_judged_replies_give_the_reply_its_bound(shop: Shop, ask: Ask) -> None:
    plain = ask("多重")
    assert "已评判" not in plain.reason
    shop.judge(ask("杯盖什么材质").id, "right", "李主管")
    assert "已评判" not in ask("多重").reason
    judge_alike(shop, 29, "right")
    told = ask("多重")
    assert told.decision == "send"
    assert "已评判 30 条，出错率不超过 9.5%" in told.reason


def test_enough_wrong_ones_turn_a_tier_into_suggestions(shop: Shop, ask: Ask) -> None:
    sent = ask("多重")
    assert sent.decision == "send"
    shop.judge(ask("杯盖什么材质").id, "right", "李主管")
    judge_alike(shop, 70, "wrong")
    again = ask("多重")
    assert again.decision == "suggest"
    assert again.text == sent.text
    assert again.citations == sent.citations == (Citation("products.csv:P1/净重", "198g"),)
