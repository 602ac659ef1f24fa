"""Questions that the copy answers, things that come with the goods, texts of odd characters."""

from __future__ import annotations

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Product

GLASS = Product(id="1", title="玻璃杯", attributes={"材质": "玻璃", "容量": "500ml"})
BAG = Product(id="2", title="Day pack", attributes={"Weight": "300 g", "Material": "nylon"})
PACK = Product(id="3", title="背包", attributes={"重量": "300g", "材质": "尼龙"})


def wrong(product: Product, text: str) -> list[str]:
    found = verify({"text": text}, facts_of(product))
    return [one.text for one in found if one.status in ("contradicted", "unsupported")]


@pytest.mark.parametrize(
    "text",
    [
        "谁说玻璃杯不能机洗？",
        "见过能防水的杯子吗？",
        "难道不能防摔？",
        "怎么能不防水呢？",
        "能进微波炉吗？当然能",
        "能进微波炉吗？可以的",
        "Can it go in the dishwasher? Yes.",
    ],
)
def test_a_question_that_says_it_is_a_claim(text: str) -> None:
    assert wrong(GLASS, text)


@pytest.mark.parametrize("text", ["能进微波炉吗？", "能进微波炉吗？问问客服", "能进微波炉吗？不能"])
def test_a_question_of_the_reader_is_none(text: str) -> None:
    assert wrong(GLASS, text) == []


@pytest.mark.parametrize(
    ("product", "text", "part"),
    [
        (BAG, "Weighs 300 g and the carry bag is included", "carry bag is included"),
        (BAG, "Weighs 300 g and the carry bag", "carry bag"),
        (BAG, "Weighs 300 g with a zip pocket inside", "zip pocket inside"),
        (BAG, "Weighs 300 g and comes with a carry bag", "carry bag"),
        # Not `th a carry bag`: a claim begins with a word.
        (BAG, "Weighs 300 g with a carry bag", "with a carry bag"),
        (PACK, "重300克还带收纳袋", "还带收纳袋"),
        (PACK, "内置拉链口袋", "内置拉链口袋"),
        (PACK, "送你一个收纳袋", "送你一个收纳袋"),
    ],
)
def test_what_comes_with_the_goods_is_never_mere_talk(
    product: Product, text: str, part: str
) -> None:
    assert wrong(product, text) == [part]


def test_half_a_character_pair_keeps_the_offsets() -> None:
    text = "容量500ml\ud83d防水"
    claims = verify({"t": text}, facts_of(GLASS))
    assert claims
    assert all(text[one.start : one.end] == one.text for one in claims)


_LONG = "1234567890" * 4


@pytest.mark.parametrize("amount", [f"{_LONG}ml", f"1-{_LONG}ml", f"{_LONG}元", f"3×{_LONG}cm"])
def test_a_number_too_long_to_calculate_with_is_no_amount(amount: str) -> None:
    facts = facts_of(Product(id="4", title=f"杯\ud83d {amount}", attributes={"容量": amount}))
    assert verify({"t": "容量500ml"}, facts)
    assert wrong(GLASS, f"容量{_LONG}ml")
