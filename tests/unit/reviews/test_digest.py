from __future__ import annotations

import re
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
        "杯盖漏水 21 条：58 条评价里有 23 条提到质量不好（40%，区间 28%–53%），"
        "近期上升了 31 个百分点。"
    )


def test_english() -> None:
    outbreak, finding = digest([_FINDING], "en", [_OUTBREAK])
    assert "23 of 58 reviews complain about quality" in finding
    assert "up by 31" in finding
    assert "quality from 2026-09-01 to 2026-09-30, in 23 of 58 reviews" in outbreak


def test_every_number_comes_from_the_figures() -> None:
    known = {"21", "58", "23", "40", "28", "53", "31"}
    for language in ("zh", "en"):
        for sentence in digest([_FINDING], language):  # type: ignore[arg-type]
            assert set(re.findall(r"\d+", sentence)) <= known


def test_nothing_to_say_is_said() -> None:
    assert digest([], "zh") == ["评价还太少，没有可以下结论的内容。"]


def test_a_shops_own_category_keeps_its_name() -> None:
    assert category_name("成分", "en") == "成分"
    assert category_name("物流", "en") == "delivery"
