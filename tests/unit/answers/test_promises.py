from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from zhanggui.answers.due import after_working_days, times
from zhanggui.answers.promises import commitments, licensing, unlicensed
from zhanggui.text.normalise import normalise

# A Wednesday.
NOW = datetime(2026, 11, 25, 14, 30)
RULES = [
    ("knowledge/发货.md", "周一至周六16:00前付款的订单当天发货，之后付款的次日发货。"),
    ("knowledge/退款.md", "验收后24小时内退款。"),
    ("knowledge/运费.md", "满59元包邮。"),
    ("knowledge/价保.md", "付款后15天内降价，可以退差价。"),
    ("knowledge/破损.md", "收到破损，给您免费补发。"),
    ("knowledge/Shipping.md", "Orders ship within 48 hours after payment."),
]


def end_of(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59)


@pytest.mark.parametrize(
    ("text", "kind", "span", "due", "amount"),
    [
        ("您放心，今天一定给您发出哦", "dispatch", "今天一定给您发出哦", end_of(25), None),
        ("48小时之内，我们会给您发出", "dispatch", None, NOW + timedelta(hours=48), None),
        (
            "亲，明天下午5点前发货",
            "dispatch",
            "明天下午5点前发货",
            datetime(2026, 11, 26, 17),
            None,
        ),
        ("下周一寄出", "dispatch", "下周一寄出", end_of(30), None),
        ("付款后48小时内发货", "dispatch", "付款后48小时内发货", None, None),
        ("您的包裹三到五天内送达", "arrival", None, end_of(30), None),
        ("这款11月28日到货", "arrival", None, end_of(28), None),
        ("3号给您补发", "compensation", "3号给您补发", end_of(3, 12), None),
        ("我给您补偿15块", "compensation", "我给您补偿15块", None, Decimal(15)),
        ("送您一双袜子", "compensation", "送您一双袜子", None, None),
        ("給您打9折", "price", "給您打9折", None, None),
        ("差价3天内退您", "refund", "差价3天内退您", end_of(28), None),
        ("给您退款20元", "refund", "给您退款20元", None, Decimal(20)),
        ("3个工作日内给您答复", "follow_up", None, end_of(30), None),
        ("稍后给您回电话", "follow_up", "稍后给您回电话", end_of(25), None),
        ("We will ship it today", "dispatch", "We will ship it today", end_of(25), None),
        (
            "I'll call you back tomorrow before 3 pm",
            "follow_up",
            None,
            datetime(2026, 11, 26, 15),
            None,
        ),
        ("I can give you 10% off", "price", "I can give you 10% off", None, None),
        ("We'll refund $5.50 on Friday", "refund", None, end_of(27), Decimal("5.50")),
    ],
)
def test_what_binds_the_shop_is_found(
    text: str, kind: str, span: str | None, due: datetime | None, amount: Decimal | None
) -> None:
    found = {one.kind: one for one in commitments(text, NOW)}
    assert kind in found
    one = found[kind]  # type: ignore[index]
    assert one.text == text[one.start : one.end]
    assert one.text == (span or text)
    assert (one.due, one.amount) == (due, amount)


@pytest.mark.parametrize(
    "text",
    [
        "不好意思，今天发不了",
        "没法保证今天发货",
        "已经给您发货了",
        "补偿您15块可以吗？",
        "不支持保价",
        "We can't refund that",
        "The parcel has been shipped today",
        "7天无理由退货，运费自理",
        "这件衣服领口比较大，发票随箱",
        "保质期12个月，净含量500ml",
        "发货时间：2026-11-02。",
        "",
    ],
)
def test_what_is_denied_done_or_asked_binds_nobody(text: str) -> None:
    assert commitments(text, NOW) == []


def test_two_promises_in_one_sentence_have_their_own_times() -> None:
    first, second = commitments("今天发货，明天到", NOW)
    assert (first.kind, first.due) == ("dispatch", end_of(25))
    assert (second.kind, second.due) == ("arrival", end_of(26))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("今天给您发出", "knowledge/发货.md"),
        ("明天给您发出", "knowledge/发货.md"),
        ("1小时内给您发出", ""),
        ("24小时内给您退款", "knowledge/退款.md"),
        ("2小时内给您退款", ""),
        ("满59元包邮", "knowledge/运费.md"),
        ("给您包邮", ""),
        ("给您打9折", ""),
        ("给您补发", "knowledge/破损.md"),
        ("送您一双袜子", ""),
        ("补偿您20元", ""),
        ("We will ship within 72 hours", "knowledge/发货.md"),
        ("We will ship within 2 hours", ""),
    ],
)
def test_a_rule_allows_what_it_says_itself_and_no_more(text: str, source: str) -> None:
    (one, *_) = commitments(text, NOW)
    assert licensing(one, RULES, NOW) == source


def test_a_cut_off_time_that_is_over_means_the_next_day() -> None:
    evening = NOW.replace(hour=18)
    (today,) = commitments("今天发货", evening)
    (tomorrow,) = commitments("明天发货", evening)
    assert licensing(today, RULES[:1], evening) == ""
    assert licensing(tomorrow, RULES[:1], evening) == "knowledge/发货.md"


@pytest.mark.parametrize(
    ("text", "ground", "fault"),
    [
        ("您好，关于发货：付款后48小时内发货。", "付款后48小时内发货。", ""),
        ("您好，关于发货：付款后48小时内发货，今天就发。", "付款后48小时内发货。", "今天"),
        ("您好，48小时内给您回电话。", "48小时内可以退换。", "48小时内给您回电话"),
        ("您好，关于到货时间：省内次日达，其他3-5天送达。", "省内次日达，其他3-5天送达。", ""),
        ("您好，关于退款与到账：验货后24小时内退款。", "验货后24小时内退款。", ""),
        ("您好，稍后给您回电话。", "", "稍后给您回电话"),
        ("您好，我请同事核实后再回复您。", "", ""),
        ("您好，保证是正品。", "正品。", "保证"),
    ],
)
def test_an_automatic_reply_binds_to_its_quotes_only(text: str, ground: str, fault: str) -> None:
    assert unlicensed(text, ground) == fault


def test_working_days_leave_out_the_weekend() -> None:
    assert after_working_days(NOW, 2) == end_of(27)
    assert after_working_days(NOW, 3) == end_of(30)
    assert after_working_days(NOW, 10) == end_of(9, 12)
    saturday = NOW.replace(day=28)
    assert after_working_days(saturday, 5) == end_of(4, 12)
    assert after_working_days(saturday, 10) == end_of(11, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2月29日发货",
        "9999999天内发货",
        "99999999999天内发货",
        "2000000个工作日内发货",
        "99999999999小时内发货",
        "9999年12月31日发货",
        "0001年1月1日发货",
        f"{'9' * 400}天内发货",
    ],
)
def test_what_stands_in_no_calendar_is_promised_without_a_day(text: str) -> None:
    march = datetime(2028, 3, 10, 9, tzinfo=timezone(timedelta(hours=8)))
    (one,) = commitments(text, march)
    assert (one.kind, one.due) == ("dispatch", None)
    licensing(one, [("a", text), ("b", "付款后9999999天内发货")], march)


def test_a_day_that_this_year_lacks_is_allowed_by_no_rule() -> None:
    (one,) = commitments("2月29日发货", datetime(2028, 3, 10))
    assert licensing(one, RULES, datetime(2028, 3, 10)) == ""


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("48小时内给您补发", "knowledge/补发.md"),
        ("3天内给您补发", "knowledge/补发.md"),
        ("3天内给您补偿一台冰箱", ""),
        ("3天内送您一双袜子", ""),
        ("1小时内给您补发", ""),
    ],
)
def test_a_rule_with_a_time_allows_only_the_thing_it_names(text: str, source: str) -> None:
    rules = [("knowledge/补发.md", "收到破损，48小时内给您补发。")]
    (one, *_) = commitments(text, NOW)
    assert one.kind == "compensation"
    assert licensing(one, rules, NOW) == source


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("1月2日", datetime(2027, 1, 2, 23, 59, 59)),
        ("2月30日", None),
        ("下午3点半", datetime(2026, 11, 25, 15, 30)),
        ("周日", end_of(29)),
        ("25点", None),
        ("半小时内", NOW + timedelta(minutes=30)),
        ("within two weeks", end_of(9, 12)),
        ("by dec 3", end_of(3, 12)),
    ],
)
def test_times_are_reasoned_against_the_clock(text: str, due: datetime | None) -> None:
    found = times(normalise(text).text, NOW)
    assert [when.due for when in found] == ([due] if due else [])
