from __future__ import annotations

from zhanggui.answers.agreement import Agreement
from zhanggui.answers.gaps import gaps
from zhanggui.answers.replay import Replayed, Turn, turns
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.records import Message, Question, Reply, Role, Ticket


def ticket(*said: tuple[Role, str]) -> Ticket:
    messages = tuple(Message(role, text) for role, text in said)
    return Ticket(id="T1", messages=messages, customer_id="c", product_id="P1")


def test_messages_sent_one_after_the_other_are_one_turn() -> None:
    found = list(
        turns(
            ticket(
                ("shop", "欢迎光临"),
                ("customer", "在吗"),
                ("customer", "多重"),
                ("shop", "198g"),
                ("shop", "很轻的"),
                ("customer", "谢谢"),
            )
        )
    )
    (only,) = found
    assert only.question.question == "多重"
    assert only.staff == "198g\n很轻的"
    assert only.question.history == (Message("shop", "欢迎光临"),)
    assert (only.question.product_id, only.question.customer_id) == ("P1", "c")


def test_each_turn_knows_what_was_said_before_it() -> None:
    first, second = turns(
        ticket(("customer", "多重"), ("shop", "198g"), ("customer", "那500的呢"), ("shop", "285g"))
    )
    assert first.question.history == ()
    assert [turn.text for turn in second.question.history] == ["多重", "198g"]
    assert (first.question.id, second.question.id) == ("T1/1", "T1/2")


def unanswered(
    number: int, text: str, staff: str, *, product: str = "P1", shop_matter: bool = False
) -> Replayed:
    question = Question(id=f"T{number}/1", question=text, product_id=product)
    return Replayed(
        turn=Turn(question, staff, None),
        reply=Reply(id=question.id, decision="hand_over", text="…", tier="quote"),
        agreement=Agreement("staff_only", "…"),
        matter="",
        shop_matter=shop_matter,
        answerable=True,
    )


def test_alike_questions_are_one_gap_and_frequent_ones_come_first() -> None:
    found = gaps(
        [
            unanswered(1, "有没有重力球", "没有重力球的。"),
            unanswered(2, "能放洗碗机吗", "不可以放洗碗机。"),
            unanswered(3, "能放洗碗机吗？", "您好，不可以放洗碗机。"),
            unanswered(4, "能放洗碗机吗", "我帮您问一下。"),
        ],
        FakeEmbedder(),
    )
    assert [gap.count for gap in found] == [3, 1]
    assert found[0].answer == "不可以放洗碗机。"
    assert found[0].examples == ("T2/1", "T3/1", "T4/1")
    # One answer alone may be a slip.
    assert (found[1].question, found[1].answer) == ("有没有重力球", "")


def test_staff_who_disagree_draft_nothing() -> None:
    found = gaps(
        [
            unanswered(1, "能放洗碗机吗", "不可以放洗碗机。"),
            unanswered(2, "能放洗碗机吗", "可以放洗碗机。"),
        ],
        FakeEmbedder(),
    )
    assert [gap.answer for gap in found] == [""]


def test_what_is_true_of_one_order_is_never_drafted() -> None:
    found = gaps(
        [unanswered(n, "发什么快递", "您的订单今天由中通发出。", shop_matter=True) for n in (1, 2)],
        FakeEmbedder(),
    )
    assert [(gap.count, gap.answer, gap.product_id) for gap in found] == [(2, "", None)]


def test_one_products_answer_is_not_drafted_for_another() -> None:
    found = gaps(
        [
            unanswered(1, "能放洗碗机吗", "可以放洗碗机。", product="P1"),
            unanswered(2, "能放洗碗机吗", "可以放洗碗机。", product="P2"),
        ],
        FakeEmbedder(),
    )
    assert [(gap.product_id, gap.count, gap.answer) for gap in found] == [
        ("P1", 1, ""),
        ("P2", 1, ""),
    ]


def test_a_question_with_personal_data_is_no_faq_line() -> None:
    rows = [unanswered(1, "能寄到〔地址·kqztbd〕吗", "可以的。")]
    assert gaps(rows, FakeEmbedder()) == []
