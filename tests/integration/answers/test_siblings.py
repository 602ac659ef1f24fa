"""A question that names another size or model than that of the page, through a shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.evals.example_shop import CLOCK, example_shop
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.records import Message, Question, Reply
from zhanggui.settings import Settings
from zhanggui.shop import Shop

UNSURE = {"answer.pick": Canned("0"), "answer.check": Canned("0"), "answer.agree": Canned("0")}
ASKED = (Message("customer", "500的保温多久啊"), Message("shop", "95℃热水6小时后不低于65℃。"))
OWN, OTHER = "65℃", "58℃"


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, embedder: UniversalSentenceEncoder
) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("siblings")
    engine = FakeEngine(UNSURE)
    with Shop.open(Settings(home=home), now=CLOCK, engine=engine, embedder=embedder) as opened:
        opened.import_folder(example_shop())
        yield opened


def answer(shop: Shop, text: str, page: str | None = "P002", *history: Message) -> Reply:
    return shop.answer(Question(id="1", question=text, product_id=page, history=history))


@pytest.mark.parametrize(
    "text", ["那350的呢", "350ml的呢？", "350毫升那款呢", "小杯的呢", "69的呢"]
)
def test_the_sibling_that_the_words_name_is_the_one_in_question(shop: Shop, text: str) -> None:
    reply = answer(shop, text, "P002", *ASKED)
    assert OWN not in reply.text
    assert reply.decision == "send"
    assert OTHER in reply.text
    # It stands on the page of another product.
    assert "350ml" in reply.text
    assert {one.source for one in reply.citations} == {"products.csv:P001/保温性能"}


def test_what_leans_on_it_is_about_the_sibling_too(shop: Shop) -> None:
    turns = (*ASKED, Message("customer", "350的保温多久"), Message("shop", f"{OTHER}。"))
    assert OWN not in answer(shop, "冷水呢", "P002", *turns).text
    assert "198g" in answer(shop, "350的多重", "P002", *turns).text
    # What asks for itself is asked of the page.
    own = answer(shop, "多重", "P002", *turns)
    assert "256g" in own.text
    assert "「" not in own.text


@pytest.mark.parametrize("text", ["那1000的呢", "750ml的呢", "350和500的哪个保温久", "中号的呢"])
def test_a_size_that_no_one_product_has_is_for_a_person(shop: Shop, text: str) -> None:
    reply = answer(shop, text, "P002", *ASKED)
    assert reply.decision == "hand_over"
    assert OWN not in reply.text
    # The same where the thread, not the page, says which product it is about.
    if "350" not in text:
        assert answer(shop, text, None, *ASKED).decision == "hand_over"


def test_a_number_that_is_no_size_leaves_the_page_alone(shop: Shop) -> None:
    assert OWN in answer(shop, "500的保温多久啊").text
    assert OWN in answer(shop, "保温6小时后多少度").text
    holds = answer(shop, "能装350ml水吗").text
    assert "198g" not in holds
    assert "「" not in holds


def test_a_replayed_ticket_agrees_with_the_staff(shop: Shop, tmp_path: Path) -> None:
    report = shop.replay(out=tmp_path / "replayed.jsonl")
    row = next(one for one in report.rows if one.turn.question.id == "T007/2")
    assert (row.reply.decision, row.agreement.verdict) == ("send", "agree")
