from __future__ import annotations

from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.records import FaqRow


def test_a_row_is_a_passage_with_its_question() -> None:
    (only,) = passages_of_faq([FaqRow(line=12, question="能开发票吗 ", answer=" 可以开电子发票。")])
    assert (only.source, only.question, only.text, only.kind, only.product_id) == (
        "faq.csv:12",
        "能开发票吗",
        "可以开电子发票。",
        "faq",
        None,
    )


def test_a_row_may_belong_to_a_product() -> None:
    row = FaqRow(line=2, question="要开锅吗", answer="不用。", product_id="K03")
    assert passages_of_faq([row], "faq.xlsx")[0].product_id == "K03"
    assert passages_of_faq([row], "faq.xlsx")[0].source == "faq.xlsx:2"


def test_half_rows_are_left_out() -> None:
    rows = [FaqRow(line=2, question="", answer="好"), FaqRow(line=3, question="在吗", answer=" ")]
    assert passages_of_faq(rows) == []


def test_a_changed_answer_is_another_passage() -> None:
    before, after = (
        passages_of_faq([FaqRow(line=2, question="包邮吗", answer=answer)])[0]
        for answer in ("满99元包邮", "满59元包邮")
    )
    assert before.id != after.id
