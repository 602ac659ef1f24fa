from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.pii.checks import is_barcode, is_card, is_id_card, luhn
from zhanggui.pii.finder import TOKEN, find, mask
from zhanggui.pii.words import WORDS

CONTEXTS = (
    "",
    "你好，",
    "麻烦改一下 ",
    "亲在吗？",
    "这个杯子500ml的有货吗，",
    "Hi, ",
    "\n",
    "谢谢😊",
)
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
WIDE = str.maketrans("0123456789-+", "０１２３４５６７８９－＋")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in find(text)]


def check_digit(digits: str) -> str:
    return next(last for last in "0123456789" if luhn(digits + last))


@st.composite
def mobiles(draw: Any) -> str:
    digits = (
        "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))
    )
    forms = (
        digits,
        f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
        f"{digits[:3]}.{digits[3:7]}.{digits[7:]}",
        f"{digits[:3]} {digits[3:6]} {digits[6:]}",
        f"{digits[:4]} {digits[4:8]} {digits[8:]}",
        f"{digits[:3]} {digits[3:]}",
        f"{digits[:5]} {digits[5:]}",
        f"+86{digits}",
        f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}",
        f"86-{digits}",
        f"0086 {digits}",
        f"(+86){digits}",
        " ".join(digits),
        "-".join(digits),
        digits.translate(WIDE),
        f"{digits[:3]}－{digits[3:7]}－{digits[7:]}".translate(WIDE),
        digits.translate(SPOKEN),
        "\ufe0f\u20e3".join([*digits, ""]),
    )
    return draw(st.sampled_from(forms))


@st.composite
def id_cards(draw: Any) -> str:
    birth = draw(
        st.dates(
            min_value=__import__("datetime").date(1930, 1, 1),
            max_value=__import__("datetime").date(2020, 12, 31),
        )
    )
    head = draw(st.sampled_from(("110105", "330106", "440305", "510104"))) + birth.strftime(
        "%Y%m%d"
    )
    head += draw(st.text("0123456789", min_size=3, max_size=3))
    code = next(head + last for last in "0123456789x" if is_id_card(head + last))
    return draw(
        st.sampled_from(
            (code, code.upper(), f"{code[:6]} {code[6:14]} {code[14:]}", code.translate(WIDE))
        )
    )


@st.composite
def cards(draw: Any) -> str:
    prefix, size = draw(st.sampled_from((("62", 19), ("62", 16), ("4", 16), ("53", 16))))
    body = prefix + draw(
        st.text("0123456789", min_size=size - 1 - len(prefix), max_size=size - 1 - len(prefix))
    )
    card = body + check_digit(body)
    grouped = " ".join(card[place : place + 4] for place in range(0, size, 4))
    return draw(st.sampled_from((card, grouped, grouped.replace(" ", "-"))))


@st.composite
def orders(draw: Any) -> str:
    label = draw(
        st.sampled_from(("订单号", "订单号：", "订单编号是", "我的订单号 ", "order number: "))
    )
    digits = draw(st.text("123456789", min_size=10, max_size=20))
    return label, draw(st.sampled_from((digits, f"DD{digits}", f"{digits[:6]}-{digits[6:]}")))


def surrounded(value: str, before: str, after: str) -> str:
    joint = " " if before[-1:].isascii() and before[-1:].isalnum() else ""
    return f"{before}{joint}{value}{after}"


@settings(deadline=None)
@given(mobiles(), st.sampled_from(CONTEXTS), st.sampled_from(("", "，谢谢", " 麻烦了", "。")))
def test_mobiles_are_found_in_any_form(mobile: str, before: str, after: str) -> None:
    text = surrounded(mobile, before, after)
    found = find(text)
    assert [entity.type for entity in found] == ["PHONE"], text
    assert found[0].start <= text.index(mobile)
    assert found[0].end == text.index(mobile) + len(mobile)


@settings(deadline=None)
@given(id_cards(), st.sampled_from(CONTEXTS))
def test_id_cards_are_found(code: str, before: str) -> None:
    assert kinds(surrounded(code, before, "，请核对")) == [("ID_CARD", code)]


@settings(deadline=None)
@given(cards(), st.sampled_from(CONTEXTS))
def test_bank_cards_are_found(card: str, before: str) -> None:
    assert kinds(surrounded(card, before, "，退到这里")) == [("BANK_CARD", card)]


@settings(deadline=None)
@given(orders(), st.sampled_from(CONTEXTS))
def test_labelled_orders_are_found(order: tuple[str, str], before: str) -> None:
    label, number = order
    assert kinds(f"{before}{label}{number}，什么时候发货") == [("ORDER_NO", number)]


@settings(deadline=None)
@given(
    st.from_regex(
        r"[a-z][a-z0-9_]{1,12}(\.[a-z0-9]{1,5})?@[a-z0-9]{2,8}(\.[a-z]{2,4}){1,2}", fullmatch=True
    ),
    st.sampled_from(("邮箱", "发到", "Mail: ", "（")),
)
def test_emails_are_found(email: str, before: str) -> None:
    assert kinds(f"{before}{email}，谢谢") == [("EMAIL", email)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vx13800138000", [("PHONE", "13800138000")]),
        ("19900001234一共两件", [("PHONE", "19900001234")]),
        ("旺旺名tb123_88", [("WANGWANG", "tb123_88")]),
        ("淘宝ID：爱喝奶茶的猫2020", [("WANGWANG", "爱喝奶茶的猫2020")]),
        ("我是tb88342211，帮我看看", [("WANGWANG", "tb88342211")]),
        ("税号33010619900101001892", [("ID_CARD", "330106199001010018")]),
        ("Fax: 0494 92 82 32", [("PHONE", "0494 92 82 32")]),
        ("电话13800138000-0021", [("PHONE", "13800138000-0021")]),
        ("13800138000、13900139000都行", [("PHONE", "13800138000"), ("PHONE", "13900139000")]),
        ("座机010-88886666转801", [("LANDLINE", "010-88886666转801")]),
        ("（0755）8376 5566", [("LANDLINE", "（0755）8376 5566")]),
        ("家里电话：88886666", [("LANDLINE", "88886666")]),
        ("身份证11010519491231002X", [("ID_CARD", "11010519491231002X")]),
        ("卡号6222021234567890123", [("BANK_CARD", "6222021234567890123")]),
        ("订单3512345678901234567到哪了", [("ORDER_NO", "3512345678901234567")]),
        ("3512345678901234567", [("ORDER_NO", "3512345678901234567")]),
        ("123456789012", [("ORDER_NO", "123456789012")]),
        ("帮我查下123456789012发货没", [("ORDER_NO", "123456789012")]),
        ("订单号A1B2C3D4E5F6789", [("ORDER_NO", "A1B2C3D4E5F6789")]),
        (
            "订单编号DD20260315001和DD20260315002",
            [("ORDER_NO", "DD20260315001"), ("ORDER_NO", "DD20260315002")],
        ),
        ("240101-123456789012345这单", [("ORDER_NO", "240101-123456789012345")]),
        ("Order #12345678 has not arrived", [("ORDER_NO", "12345678")]),
        ("快递单号：SF1234567890123", [("TRACKING_NO", "SF1234567890123")]),
        ("快递单号是顺丰1234567890123", [("TRACKING_NO", "1234567890123")]),
        ("中通75312345678901到哪了", [("TRACKING_NO", "75312345678901")]),
        ("yt1234567890123", [("TRACKING_NO", "yt1234567890123")]),
        ("JDVB12345678901-1-1-", [("TRACKING_NO", "JDVB12345678901-1-1-")]),
        ("tracking number 1Z999AA10123456784", [("TRACKING_NO", "1Z999AA10123456784")]),
        ("我的微信是abc_123", [("WECHAT", "abc_123")]),
        ("加我vx: hello2020", [("WECHAT", "hello2020")]),
        ("wxid_a1b2c3d4e5", [("WECHAT", "wxid_a1b2c3d4e5")]),
        ("QQ 123456789", [("QQ", "123456789")]),
        ("车是粤B12345", [("PLATE", "粤B12345")]),
        ("沪AD12345", [("PLATE", "沪AD12345")]),
        ("车牌黑A12345", [("PLATE", "黑A12345")]),
        ("来自192.168.10.25", [("IP", "192.168.10.25")]),
        ("ip是10.0.0.1", [("IP", "10.0.0.1")]),
        ("2001:db8::ff00:42:8329", [("IP", "2001:db8::ff00:42:8329")]),
        ("见 https://a.cn/x?phone=13800138000", [("PHONE", "13800138000")]),
        ("my card 30282123456780 was charged", [("BANK_CARD", "30282123456780")]),
        ("call me at +1 212-555-2368", [("PHONE", "+1 212-555-2368")]),
        ("call (212) 555-2368 please", [("PHONE", "(212) 555-2368")]),
    ],
)
def test_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


HARMLESS = (
    "尺寸120*200cm",
    "价格1299.00元",
    "￥12,999.00",
    "型号HT-2000-8848123456",
    "2026-03-15 12:30:45",
    "20260315",
    "2026年3月15日",
    "客服400-820-8820",
    "4008208820",
    "800-810-8888",
    "打95533",
    "12315投诉",
    "商品ID:100012345678",
    "条码6901234567892",
    "6901234567892",
    "20000mAh",
    "500ml*12瓶",
    "身高165体重120",
    "GB/T 22796-2021",
    "版本1.2.3.4",
    "iPhone 15 Pro Max 256G",
    "新MAX2024款",
    "黑色XL",
    "满300减50",
    "订单20260315的",
    "订单3件",
    "1920x1080",
    "3.1415926535",
    "货号88481234567",
    "工号10086123",
    "微信支付",
    "旺旺怎么没人回",
    "淘宝id是多少",
    "会员名怎么改",
    "QQ音乐",
    "微信 iphone版",
    "v2.10.3.1",
    "税号91330106MA2ABCDE1X",
    "7天无理由",
    "12:30:45",
    "第13800号",
    "100-200-300",
    "1-2天",
    "ISBN 9787111122334",
    "36/37/38/39/40/41码",
    "128GB+512GB",
    "@客服",
    "https://item.example.com/17243181888.html",
    "88888888888888888888",
    "[orderid_10004140]",
)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_personal_stays(text: str) -> None:
    assert kinds(text) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=4))
def test_what_is_not_personal_stays_together_too(parts: list[str]) -> None:
    text = "，".join(f"{part}吗" for part in parts)
    assert kinds(text) == []


PIECES = st.one_of(
    mobiles(),
    id_cards(),
    cards(),
    orders().map("".join),
    st.sampled_from(
        (
            *HARMLESS,
            *CONTEXTS,
            "订单",
            "快递单号",
            "和",
            "、",
            "-",
            ".",
            "①",
            "㍿",
            "⒈",
            "1",
            "[",
            "]",
            "a@b.cn",
            "[手机号]",
            "〔手机号·kqztbd〕",
            "〔订单号·13800138000〕",
            "vx",
            "粤B12345",
        )
    ),
    st.text(max_size=6),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_offsets_are_exact_and_nothing_overlaps(text: str) -> None:
    end = 0
    for entity in find(text):
        assert end <= entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text
        end = entity.end


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_masking_twice_is_masking_once(text: str) -> None:
    masked, _ = mask(text)
    assert mask(masked) == (masked, [])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_masking_leaves_the_rest_as_it_was(text: str) -> None:
    masked, entities = mask(text)
    for entity in reversed(entities):
        text = f"{text[: entity.start]}[{WORDS.names[entity.type]}]{text[entity.end :]}"
    assert masked == text


def test_a_number_cannot_hide_in_the_form_of_a_pseudonym() -> None:
    assert kinds("〔手机号·13800138000〕") == [("PHONE", "13800138000")]
    assert TOKEN.fullmatch("〔手机号·kqztbd〕")


def test_mask_writes_readable_names() -> None:
    assert mask("我叫小李，手机13800138000")[0] == "我叫[姓名]，手机[手机号]"


@pytest.mark.parametrize("code", ["11010519491231002x", "440308199901101512"])
def test_id_checks(code: str) -> None:
    assert is_id_card(code)
    assert not is_id_card(("2" if code[0] == "1" else "1") + code[1:])
    assert not is_id_card(code[:17] + "5")


def test_card_and_barcode_checks() -> None:
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert not is_card("9999999999999995")
    assert is_barcode("6901234567892")
    assert not is_barcode("6901234567893")
