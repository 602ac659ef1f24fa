from __future__ import annotations

import pytest

from zhanggui.answers.staff_words import answering, general, is_yes_no, says_no, why_not_general


@pytest.mark.parametrize(
    "text",
    [
        "这个我需要跟厂家确认一下，稍后回复您。",
        "您好，非常抱歉给您添麻烦了。麻烦拍一下杯底的批次号给我看看好吗？",
        "请稍等，我问一下厂家。",
        "收到，已转交。",
        "One moment, I will check.",
    ],
)
def test_what_answers_nothing(text: str) -> None:
    assert answering(text) == []


def test_the_answer_between_courtesies_is_found() -> None:
    assert answering("您好，签收18个月内只换不修，麻烦录个视频。") == ["签收18个月内只换不修"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "您好，前两次洗涤会有轻微浮色，请冷水手洗。",
            "前两次洗涤会有轻微浮色，请冷水手洗。",
        ),
        (
            "收到后48小时内验收，通过后退款。我看到退件还没有签收。",
            "收到后48小时内验收，通过后退款。",
        ),
        # What follows an order's fact may be about that order.
        ("这是受影响的批次，我们给您补寄。您也可以选择全额退款。", ""),
        ("您的订单11月14日已由中通快递发出。", ""),
        ("已经帮您改好地址，杭州市余杭区文一西路969号。", ""),
        ("电话联系13800138000就行。", ""),
        ("发到〔手机号·kqztbd〕了。", ""),
        (
            "Yes, within 7 days after delivery. You pay the return shipping.",
            "Yes, within 7 days after delivery. You pay the return shipping.",
        ),
        ("Your parcel was sent today.", ""),
    ],
)
def test_only_what_is_true_of_everybody_is_kept(text: str, kept: str) -> None:
    assert general(text) == kept


def test_the_reason_names_what_is_personal() -> None:
    assert "personal data" in why_not_general("打13800138000")
    assert "今天" in why_not_general("今天发出")
    assert why_not_general("不能放洗碗机。") == ""


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("可以的亲", False),
        ("不可以加精油", True),
        ("没有保温功能，烧开后会自动断电", True),
        ("保温功能：无", True),
        ("没问题", False),
        ("可以，但不建议", False),
        ("No, it comes without a lid.", True),
        ("Yes, you can.", False),
        ("噪音28dB", None),
        ("功能区在左边", None),
    ],
)
def test_yes_and_no(text: str, no: bool | None) -> None:
    assert says_no(text) is no


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("能放洗碗机吗", True),
        ("可以打冰不", True),
        ("有没有黑色", True),
        ("多重", False),
        ("Does the mug have a lid?", True),
        ("How heavy is it?", False),
    ],
)
def test_yes_or_no_questions(text: str, expected: bool) -> None:
    assert is_yes_no(text) is expected
