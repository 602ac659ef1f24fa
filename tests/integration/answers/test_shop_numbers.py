"""The shop's own service number: sealed by the import, given back to the customer."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Question
from zhanggui.settings import Settings
from zhanggui.shop import Shop

NUMBER = "0571-88000004"


@pytest.mark.parametrize(
    ("file", "text", "question"),
    [
        (
            "knowledge/售后.md",
            f"# 售后\n## 联系方式\n- 售后电话是{NUMBER}，工作日9:00至18:00接听。\n",
            "售后电话是多少",
        ),
        ("faq.csv", f"question,answer\n客服电话是多少？,请打{NUMBER}。\n", "客服电话是多少"),
    ],
)
def test_a_service_number_in_a_quote_is_restored(
    tmp_path: Path, embedder: UniversalSentenceEncoder, file: str, text: str, question: str
) -> None:
    folder = tmp_path / "shop"
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text(text, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    with Shop.open(settings, engine=FakeEngine({}), embedder=embedder) as shop:
        shop.import_folder(folder)
        with shop.store.read() as conn:
            stored = conn.exec_driver_sql("select record from passages").scalars().all()
        assert not any(NUMBER in record for record in stored)
        reply = shop.answer(Question(id="1", question=question))
    assert reply.decision == "send"
    assert NUMBER in reply.text
    assert any(NUMBER in citation.quote for citation in reply.citations)
    assert "〔" not in reply.text
