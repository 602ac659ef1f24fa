from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.pii.finder import find, find_all, mask, mask_all
from zhanggui.pii.gate import may_hold_people
from zhanggui.pii.lexicon import SURNAMES
from zhanggui.text.traditional import simplified

SURNAME = st.sampled_from(("王", "李", "覃", "欧阳", "司马", "诸葛", "林", "郭", "许", "仝"))
GIVEN = st.sampled_from(("伟", "秀英", "建国", "雨桐", "子轩", "思远", "丽华", "晓东", "静怡"))
NAMES = st.tuples(SURNAME, GIVEN).map("".join)
STREETS = st.builds(
    "{}{}号".format,
    st.sampled_from(("人民路", "文三路", "建设大道", "学府街", "中山北路")),
    st.integers(1, 999),
)
ADDRESSES = st.tuples(
    st.sampled_from(("", "浙江省", "广东省")),
    st.sampled_from(("杭州市西湖区", "深圳市南山区", "成都市武侯区")),
    STREETS,
    st.sampled_from(("", "阳光花园3栋2单元501室", "时代大厦12楼")),
).map("".join)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in find(text)]


@settings(deadline=None)
@given(NAMES)
def test_names_behind_a_label_are_found(name: str) -> None:
    assert kinds(f"收件人：{name}，电话19900001234") == [("NAME", name), ("PHONE", "19900001234")]


TRADITIONAL = st.tuples(
    st.sampled_from(("陳", "張", "劉", "黃", "歐陽", "鄭", "蕭", "鄧", "龔")),
    st.sampled_from(("麗華", "偉", "國強", "曉東", "雨涵", "詩婷", "學軍", "靜怡")),
).map("".join)


@settings(deadline=None)
@given(TRADITIONAL, st.sampled_from(("", "您好，", "ﬁ㍿", "退貨。")))
def test_traditional_characters_are_found_like_simplified_ones(name: str, before: str) -> None:
    text = f"{before}收件人：{name}，電話19900001234"
    found = find(text)
    assert [(entity.type, entity.text) for entity in found] == [
        ("NAME", name),
        ("PHONE", "19900001234"),
    ]
    plain = find(simplified(text))
    assert [(one.start, one.end) for one in plain] == [(one.start, one.end) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("陳麗華", [("NAME", "陳麗華")]),
        ("陳先生您好", [("NAME", "陳")]),
        ("麻煩改成張偉收", [("NAME", "張偉")]),
        (
            "地址：臺北市信義區市府路45號3樓",
            [("ADDRESS", "臺北市信義區市府路45號3樓")],
        ),
        ("訂單編號：82736455", [("ORDER_NO", "82736455")]),
        ("微信號是lihua_88", [("WECHAT", "lihua_88")]),
    ],
)
def test_traditional_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@settings(deadline=None)
@given(SURNAME, st.sampled_from(("先生", "女士", "经理", "老师")))
def test_the_title_is_no_part_of_the_name(surname: str, title: str) -> None:
    assert kinds(f"麻烦转告{surname}{title}，货到了") == [("NAME", surname)]


@settings(deadline=None)
@given(ADDRESSES)
def test_addresses_are_covered_to_the_last_number(address: str) -> None:
    text = f"麻烦改一下地址，{address}，谢谢"
    found = [entity for entity in find(text) if entity.type == "ADDRESS"]
    assert [entity.text for entity in found] == [address]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我叫欧阳修远", [("NAME", "欧阳修远")]),
        ("改成张伟收", [("NAME", "张伟")]),
        ("王先生您好", [("NAME", "王")]),
        (
            "张三 19900001234 浙江省杭州市西湖区文三路138号东方通信大厦7楼",
            [
                ("NAME", "张三"),
                ("PHONE", "19900001234"),
                ("ADDRESS", "浙江省杭州市西湖区文三路138号东方通信大厦7楼"),
            ],
        ),
        ("送到朝阳区建国路88号", [("ADDRESS", "朝阳区建国路88号")]),
        ("放幸福小区3栋2单元501", [("ADDRESS", "幸福小区3栋2单元501")]),
        ("My name is Emily Carter", [("NAME", "Emily Carter")]),
        # Where two kinds claim a place, the one with a format has it.
        ("收件人19900001234", [("PHONE", "19900001234")]),
    ],
)
def test_people(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "发杭州要几天",
        "浙江省杭州市能到吗",
        "我在成都，明天能到吗",
        "李宁的跑鞋有42码吗",
        "王老吉凉茶一箱多少钱",
        "小姐姐帮忙看一下",
        "放菜鸟驿站就行",
        "马上发货吗",
        "7号电池要几节",
        "3号线地铁能到吗",
        "李渡高粱酒还有吗",
        "江小白",
        "江小白40度白酒100ml",
        "梅见青梅酒好喝吗",
        "张裕解百纳干红葡萄酒 750ml",
        "季小南香水多少钱",
        "GB 4806.7-2016",
        "执行GB 4806.7-2016和ISO 9001:2015",
        "QB/T 1333-2018",
        "meets ASTM F963-17 and IEEE 802.11",
        "Where is my parcel?",
        "Do you ship to New Zealand?",
        "[姓名]您好，您的[地址]",
        "〔姓名·kqztbd〕您好",
    ],
)
def test_nobody_is_here(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The word that the segmenter makes of a given name is not cut.
        ("薛文静好的", "薛文静"),
        ("杜宇航继续送货请您拒收", "杜宇航"),
        ("收件人萧国庆", "萧国庆"),
        # Nor is anything of the next word taken.
        ("收件人是王书瑶哦", "王书瑶"),
        ("让皇甫勇和钱丽华一起来", "皇甫勇"),
        # A name alone, or one that many bear, needs nothing around it.
        ("赖佳琪", "赖佳琪"),
        ("要的是曹雨涵那个", "曹雨涵"),
    ],
)
def test_names_are_whole(text: str, expected: str) -> None:
    assert kinds(text)[0] == ("NAME", expected)


@settings(deadline=None)
@given(ADDRESSES, st.integers(101, 3999), st.sampled_from((" 12:02前送达", "，谢谢", " 已经签收")))
def test_no_number_of_an_address_is_cut(address: str, room: int, after: str) -> None:
    text = f"您的订单从{address}2单元{room}{after}"
    covered = max(entity.end for entity in find(text) if entity.type == "ADDRESS")
    assert covered >= len(text) - len(after)


def test_a_name_with_a_cue_is_no_brand() -> None:
    assert ("NAME", "季小南") in kinds("收件人：季小南")
    assert ("NAME", "季小南") in kinds("收件人：季小南 白酒两瓶")


def test_an_address_begins_where_the_larger_place_is_named() -> None:
    assert kinds("货从武汉浙江省杭州市西湖区文三路138号") == [
        ("ADDRESS", "浙江省杭州市西湖区文三路138号")
    ]


def test_without_people_only_formats_are_found() -> None:
    text = "收件人：王小明，电话19900001234"
    assert [entity.type for entity in find(text, people=False)] == ["PHONE"]


PIECES = st.one_of(
    NAMES,
    ADDRESSES,
    st.sampled_from(
        (
            "收件人",
            "王先生",
            "[姓名]",
            "〔地址·kqztbd〕",
            "，",
            " ",
            "19900001234",
            "谢谢",
            "张",
            "路",
            "号",
        )
    ),
    st.sampled_from(("My name is ", "John Smith", "45 Oak Street", "\n", "İ", "㍿", "ﬁ", "\ud800")),
    st.text(max_size=5),
)
TEXTS = st.lists(PIECES, max_size=7).map("".join)


@settings(deadline=None)
@given(TEXTS)
def test_offsets_are_exact_and_nothing_overlaps(text: str) -> None:
    end = 0
    for entity in find(text):
        assert end <= entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text
        end = entity.end


@settings(deadline=None)
@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked, _ = mask(text)
    assert mask(masked) == (masked, [])


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_many_texts_at_once_are_found_as_one_by_one(texts: list[str]) -> None:
    assert find_all(texts) == [find(text) for text in texts]
    assert mask_all(texts) == [mask(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["什么时候发货", "好的，谢谢", "尺寸120*200cm", "价格能便宜点吗", ""]
)
def test_the_gate_keeps_everyday_talk_from_the_student(text: str) -> None:
    assert not may_hold_people(text)


@settings(deadline=None)
@given(NAMES)
def test_the_gate_lets_labelled_names_pass(name: str) -> None:
    assert may_hold_people(f"收件人：{name}")


def test_surnames_are_many_and_some_are_of_two_characters() -> None:
    assert {"王", "欧阳", "覃"} <= SURNAMES
    assert len(SURNAMES) > 400


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("send it to 12 canary street, flat 4 please", "12 canary street, flat 4"),
        ("i live at 221b old mill road", "221b old mill road"),
        ("used it 2 times on the road", None),
        ("lasts 5 hours of road", None),
    ],
)
def test_a_street_without_capitals(text: str, address: str | None) -> None:
    found = [one.text for one in find(text) if one.type == "ADDRESS"]
    assert found == ([] if address is None else [address])
