from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.knowledge.markdown import plain, read_markdown
from zhanggui.knowledge.outline import passages_of_markdown

RETURNS = """---
title: 退换
valid_from: 2026-11-01
valid_to: 2026-11-30
---
# 售后
签收后7天内可以退货。但定制商品除外。退款会原路返回您的付款账户。
## 例外
包装要齐全。以下商品不支持退货：
- 已拆封的食品
- 定制商品
  - 刻字的杯子

## 运费
| 地区 | 运费 |
|---|---|
| 新疆 | **15元** |

1. 满99元包邮
2. 详见[说明](https://example.com/a)
<!-- 内部备注：不要告诉顾客 -->
"""


def passages() -> list[tuple[str, str, str]]:
    found = passages_of_markdown("knowledge/退换货.md", RETURNS)
    return [(p.source, p.heading, p.text) for p in found]


def test_each_unit_is_one_passage_under_its_headings() -> None:
    name = "knowledge/退换货.md"
    assert passages() == [
        (f"{name}#售后", "售后", "签收后7天内可以退货。但定制商品除外。"),
        (f"{name}#售后", "售后", "退款会原路返回您的付款账户。"),
        (f"{name}#例外", "售后 > 例外", "包装要齐全。"),
        (f"{name}#例外", "售后 > 例外 > 以下商品不支持退货：", "已拆封的食品"),
        (f"{name}#例外", "售后 > 例外 > 以下商品不支持退货：", "定制商品"),
        (f"{name}#例外", "售后 > 例外 > 以下商品不支持退货： > 定制商品", "刻字的杯子"),
        (f"{name}#运费", "售后 > 运费 > 地区 | 运费", "新疆 | **15元**"),
        (f"{name}#运费", "售后 > 运费", "满99元包邮"),
        (f"{name}#运费", "售后 > 运费", "详见[说明](https://example.com/a)"),
    ]


def test_front_matter_limits_the_passages_in_time() -> None:
    found = passages_of_markdown("a.md", RETURNS)
    assert {(p.valid_from, p.valid_to) for p in found} == {(date(2026, 11, 1), date(2026, 11, 30))}


def test_a_file_without_headings_is_cited_by_its_name() -> None:
    (only,) = passages_of_markdown("a.md", "满99元包邮。")
    assert (only.source, only.heading, only.kind) == ("a.md", "", "policy")


def test_a_wrapped_list_item_stays_one_passage() -> None:
    found = passages_of_markdown("a.md", "- 满99元\n  包邮\n- 偏远地区除外")
    assert [p.text for p in found] == ["满99元\n包邮", "偏远地区除外"]


def test_repeated_sentences_have_different_ids_that_stay() -> None:
    text = "# 甲\n- 包邮\n- 包邮\n"
    first, second = passages_of_markdown("a.md", text)
    assert first.id != second.id
    assert [p.id for p in passages_of_markdown("a.md", text)] == [first.id, second.id]


def test_comments_of_several_lines_go_and_an_open_one_stays() -> None:
    text = "包邮<!-- 一\n二 -->。\n<!---->\n七天内可退。<!-- 开着"
    assert [p.text for p in passages_of_markdown("a.md", text)] == [
        "包邮。",
        "七天内可退。<!-- 开着",
    ]


def test_closing_marks_of_headings_go() -> None:
    (only,) = passages_of_markdown("a.md", "##  运费   ##  \n满99元包邮。")
    assert only.heading == "运费"


HOSTILE = {
    "spaces": "# " + " " * 200_000 + "x",
    "brackets": "# " + "[" * 200_000,
    "links": "# " + "[a](" * 50_000,
    "comments": "<!--" * 50_000,
    "front": "---" + "\n" * 200_000 + "x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    assert len(read_markdown(text).parts) <= 2


def test_what_a_part_stands_under_is_bounded() -> None:
    deep = "\n".join(f"{' ' * depth}- 第{depth}层" for depth in range(200))
    found = passages_of_markdown("a.md", f"以下都可以退：\n{deep}")
    assert found[-1].heading.split(" > ") == [
        "以下都可以退：",
        *(f"第{depth}层" for depth in range(191, 199)),
    ]
    long = passages_of_markdown("a.md", f"- {'长' * 50_000}\n  - 短")
    assert len(long[-1].heading) == 1_000


def test_plain_leaves_out_marks() -> None:
    assert plain("**满99元**见[说明](x)`包邮`") == "满99元见说明包邮"


line = st.text(alphabet="甲乙丙，。：；#-|* 1.\t>()", max_size=30)


@given(st.lists(line, max_size=12))
def test_every_quote_stands_in_the_file(lines: list[str]) -> None:
    text = "\n".join(lines)
    # Joined lines lose their indent, table cells their padding.
    bare = "".join(text.split())
    for passage in passages_of_markdown("a.md", text):
        assert passage.text.strip()
        for piece in passage.text.replace(" | ", "\n").splitlines():
            assert "".join(piece.split()) in bare


@given(st.lists(line, max_size=12))
def test_ids_are_unique(lines: list[str]) -> None:
    found = passages_of_markdown("a.md", "\n".join(lines))
    assert len({passage.id for passage in found}) == len(found)
