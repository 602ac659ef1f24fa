from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from zhanggui.records import Finding
from zhanggui.reviews.digest import category_name, digest
from zhanggui.reviews.trend import Outbreak

_FINDING = Finding(
    category="质量",
    polarity="negative",
    n=23,
    total=58,
    low=0.28,
    high=0.53,
    change=0.31,
    topics=(("杯盖漏水", 21),),
)
_OUTBREAK = Outbreak(
    product_id="P002",
    category="质量",
    since=date(2026, 9, 1),
    until=date(2026, 9, 30),
    n=23,
    total=58,
    n_outside=4,
    total_outside=120,
    chance=1e-6,
    topics=(),
    quotes=(),
)


def test_chinese() -> None:
    (sentence,) = digest([_FINDING], "zh")
    assert sentence == (
        "58 条评价里有 23 条提到质量问题（40%，95% 区间 28%–53%），其中杯盖漏水 21 条，"
        "近期上升了 31 个百分点。"
    )


def test_english() -> None:
    outbreak, finding = digest([_FINDING], "en", [_OUTBREAK])
    assert "23 of 58 reviews complain about quality" in finding
    assert "up by 31" in finding
    assert "from 2026-09-01 to 2026-09-30, 23 of 58 reviews complain about quality" in outbreak


def test_an_outbreak_names_the_product_by_its_title() -> None:
    (named,) = digest([], "zh", [_OUTBREAK], titles={"P002": "弹盖保温杯"})
    assert named == (
        "“弹盖保温杯”：2026 年 9 月 1 日至 9 月 30 日集中出现质量问题："
        "58 条评价里有 23 条提到；其余时间 120 条里只有 4 条。"
    )
    (unnamed,) = digest([], "zh", [_OUTBREAK])
    assert unnamed.startswith("商品 P002：")


def test_nothing_in_particular_is_no_headline() -> None:
    vague = replace(_FINDING, category="其他", n=40)
    assert digest([vague, _FINDING, _FINDING], "zh", limit=1) == digest([_FINDING], "zh")
    assert digest([vague], "zh") == ["评价说得比较分散，没有集中在某个方面。"]


def test_every_number_comes_from_the_figures() -> None:
    known = {"21", "58", "23", "40", "28", "53", "31", "95"}
    for language in ("zh", "en"):
        for sentence in digest([_FINDING], language):  # type: ignore[arg-type]
            assert set(re.findall(r"\d+", sentence)) <= known


def test_nothing_to_say_is_said() -> None:
    assert digest([], "zh") == ["评价还太少，没有可以下结论的内容。"]


def test_a_shops_own_category_keeps_its_name() -> None:
    assert category_name("成分", "en") == "成分"
    assert category_name("物流", "en") == "delivery"
