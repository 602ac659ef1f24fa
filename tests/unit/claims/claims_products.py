"""A product that several tests speak of."""

from __future__ import annotations

from decimal import Decimal

from zhanggui.records import Product

CUP = Product(
    id="C1",
    title="云沐 316不锈钢保温杯 500ml",
    category="家居/杯具",
    brand="云沐",
    price=Decimal("89.00"),
    attributes={
        "容量": "500ml",
        "内胆材质": "316不锈钢",
        "外壳材质": "PP",
        "保温时长": "12小时",
        "保冷时长": "24小时",
        "颜色": "雾霾蓝;奶白",
        "杯口直径": "4.5cm",
        "高度": "23cm",
        "净重": "280g",
        "产地": "浙江永康",
        "质保": "1年",
        "包装清单": "杯子×1、清洁刷×1、说明书×1",
        "适用人群": "通用",
        "可否进洗碗机": "否",
        "温显": "不支持",
        "密封": "硅胶密封圈，倒置不漏",
    },
)
