"""The product that the tests of descriptions write about."""

from __future__ import annotations

from zhanggui.records import Product

POT = Product(
    id="P9",
    title="炉语 铸铁炖锅 24cm",
    category="厨具",
    brand="炉语",
    attributes={
        "材质": "铸铁",
        "口径": "24cm",
        "容量": "4.5L",
        "重量": "5.2kg",
        "适用炉灶": "燃气灶、电磁炉",
        "颜色": "墨绿",
        "产地": "河北",
        "质保": "2年",
    },
)
