"""Numbers that follow from the data, and numbers that are not of the goods."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Product

KETTLE = Product(
    id="1",
    title="恒温电热水壶 1.5L",
    category="电热水壶",
    price=Decimal("159"),
    attributes={"容量": "1.5L", "净重": "1.2kg", "座高": "45-53cm", "质保": "整机2年 底座3年"},
)
TEA = Product(
    id="2",
    title="气泡水 480ml×15瓶",
    category="饮料",
    price=Decimal("59.9"),
    attributes={"规格": "480ml×15瓶", "成分": "棉70% 麻30%", "用量": "每日2粒", "装量": "60粒"},
)
BAG = Product(
    id="3",
    title="Trail Backpack",
    category="Backpacks",
    price=Decimal("128"),
    attributes={
        "Pockets": "7 (4 outside, 3 inside)",
        "Weight": "2.7 lb",
        "Ports": "2 HDMI / 1 USB",
        "Burn time": "40 hours each",
        "Set": "3 candles",
    },
)


def faults(product: Product, text: str) -> list[str]:
    found = verify({"text": text}, facts_of(product, price=True))
    return [one.text for one in found if one.status in ("contradicted", "unsupported")]


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (KETTLE, "一壶三斤水"),
        (KETTLE, "座高上下有八厘米的余地"),
        (KETTLE, "一百六还找一块"),
        (KETTLE, "底座比整机多保一年"),
        (TEA, "十五瓶七升二"),
        (TEA, "四块钱一瓶"),
        (TEA, "七成是棉，三成才是麻"),
        (TEA, "一瓶吃一个月"),
        (BAG, "Yours for just under 130."),
        (BAG, "lighter than three pounds"),
        (BAG, "seven pockets"),
        (BAG, "$130 with change"),
    ],
)
def test_what_follows_from_the_data_is_no_fault(product: Product, text: str) -> None:
    assert faults(product, text) == []


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (KETTLE, "一壶四斤水"),
        (KETTLE, "座高上下有九厘米的余地"),
        (TEA, "十五瓶八升二"),
        (TEA, "三块钱一瓶"),
        (BAG, "nine pockets"),
        (BAG, "three HDMI inputs"),
        (BAG, "120 hours of glow across the set"),
    ],
)
def test_what_does_not_follow_is_one(product: Product, text: str) -> None:
    assert faults(product, text)


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (KETTLE, "三天两头出差的人最懂"),
        (KETTLE, "一砖一瓦从零开始"),
        (KETTLE, "996的抽屉里总得有点念想"),
        (KETTLE, "火车开了十二个小时也不无聊"),
        (KETTLE, "三伏天离不了手"),
        (BAG, "up for the 6 a.m. bus"),
        (BAG, "beat the 8:15 by skipping it entirely"),
        (BAG, "drop one in and wait"),
    ],
)
def test_figures_of_speech_and_hours_of_the_clock_claim_nothing(
    product: Product, text: str
) -> None:
    assert faults(product, text) == []
