"""What may be multiplied, divided and compared, and what may not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Product


def goods(title: str, price: str = "", **attributes: str) -> Product:
    money = Decimal(price) if price else None
    return Product(id="1", title=title, price=money, attributes=attributes)


def faults(product: Product, text: str) -> list[str]:
    found = verify({"text": text}, facts_of(product, price=True))
    return [one.text for one in found if one.status in ("contradicted", "unsupported")]


CUP = goods("保温杯 500ml", 保温="12小时", 颜色="黑、白", 配件="2个盖子", 容量="500ml")
POT = goods("不锈钢锅", 质保="1年", 层数="5层", 功率="800W")
FAN = goods("桌面风扇", 功率="20W", 出风口="2个")
BOX = goods("收纳盒 2个装", 尺寸="40×30×2cm", 规格="2个装")
BEANS = goods("咖啡豆", 净含量="500g", 粉水比="1:15", 容量="250ml", 功率="800W")
SPRING = goods("气泡水 480ml×15瓶", "59.9", 规格="480ml×15瓶")
TINS = goods("Tea", "16", Set="4 tins")
MUG = goods("Mug", "20", Lids="2")
LAMP = goods("台灯", "128", 功率="12W")
QUILT = goods("鹅绒被", 填充="白鹅绒90%")
CHAIR = goods("升降椅", 座高="45-53cm", 桌高="75cm", 面宽="60cm")
POWDER = goods("蛋白粉", 成分="每100克含蛋白质20克", 净含量="500克")
PILLS = goods("维生素", 用量="每日2粒，每次500mg", 装量="60粒")


@pytest.mark.parametrize(
    ("product", "false", "true"),
    [
        (CUP, "两个盖子轮换保温24小时", "保温12小时"),
        (CUP, "两个颜色可选容量1升", "容量半升"),
        (CUP, "两个季节都能用容量1000ml", "两个颜色可选"),
        (POT, "整套质保5年", "质保1年"),
        (POT, "质保达到5年", "质保达到1年"),
        (POT, "质保共5年", "一年质保"),
        (POT, "功率拉直4000W", "功率800W"),
        (FAN, "两侧出风功率40W", "功率20W"),
        (BOX, "长80厘米", "长40厘米"),
        (BEANS, "净重30克，容量450毫升", "15克豆配225毫升水"),
        (BEANS, "豆子6小时，90小时", "20克粉加300毫升水"),
        (SPRING, "十五瓶898.5元", "十五瓶七升二"),
        (SPRING, "一瓶六块钱", "一瓶四块钱"),
        (LAMP, "找灯就选它，只要130元", "130元还找两块"),
        (LAMP, "Fits your back, costs $130", "$130 with change"),
        (LAMP, "less than you think, 140元", "128元"),
        (TINS, "a tin, $5", "$4 a tin"),
        (TINS, "$4 as a gift", "$16"),
        (MUG, "$10 a lid", "$20"),
        (CHAIR, "升级坐垫8厘米", "座面可升8厘米"),
        (CHAIR, "调温8厘米", "座高上下有八厘米的余地"),
        (CHAIR, "比别家宽15厘米", "桌高比面宽多15厘米"),
        (QUILT, "鹅绒才10%", "一成才是毛片"),
        (QUILT, "不只10%", "鹅绒90%"),
        (POWDER, "蛋白质2000克", "每100克含蛋白质20克"),
        (PILLS, "一瓶吃120天", "一瓶吃30天"),
    ],
)
def test_only_what_adds_up_is_calculated(product: Product, false: str, true: str) -> None:
    assert faults(product, false), false
    assert faults(product, true) == [], true


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (goods("台灯", "128"), "打工人专享价99元"),
        (goods("台灯", "128"), "毕业季只要99元"),
        (goods("台灯", "128"), "打工人的99块"),
        (CUP, "开会24小时水都烫"),
        (CUP, "上班带着它30小时都是热的"),
        (goods("耳机", 续航="12小时"), "飞机上连着放30小时音乐"),
        (CUP, "过了24小时还是烫的"),
        (CUP, "24小时里就靠它"),
        (goods("背包", 容量="20L"), "能装三十斤米"),
        (goods("背包", 容量="20L"), "背四十斤大米"),
        (goods("风扇", 转速="120"), "转速360"),
        (goods("风扇", 噪音="40"), "噪音95"),
    ],
)
def test_no_scene_makes_a_number_of_the_goods_idle(product: Product, text: str) -> None:
    assert faults(product, text)


@pytest.mark.parametrize(
    ("product", "text"),
    [
        (LAMP, "90后的书桌"),
        (LAMP, "996的书桌"),
        (LAMP, "火车开了十二个小时也不无聊"),
        (LAMP, "六百个里才挑得出一个"),
    ],
)
def test_what_is_of_other_things_stays_idle(product: Product, text: str) -> None:
    assert faults(product, text) == []
