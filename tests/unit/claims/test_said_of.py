"""A value proves only what it is said of: each false line beside its true twin."""

from __future__ import annotations

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Claim, Product


def goods(title: str, **attributes: str) -> Product:
    return Product(id="1", title=title, attributes=attributes)


def wrong(product: Product, text: str) -> list[Claim]:
    found = verify({"t": text}, facts_of(product))
    return [one for one in found if one.status in ("contradicted", "unsupported")]


KETTLE = goods("保温壶", 容量="1.5L", 保温="6小时后不低于60℃", 灌装温度="95℃")
CHAIR = goods("儿童椅", 坐高="60cm", 坐垫="66cm", 总高="95cm")
CHARGER = goods("充电器", C1口="65W", C2口="30W", 总功率="65W")
PORTS = goods("充电器", 输出="C1：65W，C2：30W，A：18W")
WASH = goods("洁面", pH值="5.5-7", 净含量="120g", 其他="9.5成新包装")
SPEAKER = goods("音箱", 机身防水="IPX5", 续航="10小时")
SPLASH = goods("音箱", 防水="机身IPX5，底座不防水")
LAMP = goods("台灯", 显色指数="95", 灯珠="60颗", 编号="60")
SHAVER = goods("剃须刀", 质保="整机1年只修不换，刀头6个月只换不修")
JACKET = goods("冲锋衣", 面料="尼龙", 里料="涤纶")
CAMERA = goods("记录仪", 前摄分辨率="4K", 后摄分辨率="1080P")
FOUNTAIN = goods("饮水机", 滤芯更换周期="30天", 水泵清洗周期="14天")
ZITHER = goods("古筝", 面板="泡桐木", 边框="黑檀木")
QUILT = goods("被子", 充绒量="200×230cm 1.0kg；220×240cm 1.15kg")
PIANO = Product(id="1", title="Piano", attributes={"Tones": "20", "Demo songs": "50"})


@pytest.mark.parametrize(
    ("product", "false", "true"),
    [
        (KETTLE, "6小时后不低于90℃", "6小时后不低于60℃"),
        (KETTLE, "6小时后还有95℃", "95℃灌装"),
        (KETTLE, "灌装温度60℃", "95℃灌装，6小时后还在60℃以上"),
        (CHAIR, "坐高66cm", "坐高60cm"),
        (CHAIR, "坐高95厘米", "总高95厘米"),
        (CHARGER, "C2口65W", "C2口30W"),
        (CHARGER, "C2支持65W输出", "C1支持65W输出"),
        (PORTS, "C2口65W", "C1口65W、C2口30W"),
        (WASH, "pH 5.5–9.5", "pH 5.5–7"),
        (WASH, "pH值：5.5-9.5", "pH值：5.5-7"),
        (WASH, "pH值9.5", "pH值约6.5"),
        (LAMP, "显色指数60", "显色指数95"),
        (SPEAKER, "整机防水IPX5", "机身防水IPX5"),
        (SPEAKER, "底座IPX5防水", "IPX5防水"),
        (SPLASH, "底座IPX5防水", "机身IPX5防水"),
        (SHAVER, "整机1年只换不修", "整机1年只修不换"),
        (SHAVER, "刀头半年只修不换", "刀头半年只换不修"),
        (SHAVER, "整机一年，只换不修", "整机一年，只修不换"),
        (JACKET, "面料是涤纶", "里料是涤纶"),
        (JACKET, "外层涤纶，内里尼龙", "外层尼龙，内里涤纶"),
        (JACKET, "涤纶面料、尼龙里料", "尼龙面料、涤纶里料"),
        (CAMERA, "后摄4K", "前摄4K"),
        (CAMERA, "前后都是4K", "前摄4K，后摄1080P"),
        (FOUNTAIN, "滤芯14天一换，水泵30天一洗", "滤芯30天一换，水泵14天一洗"),
        (ZITHER, "黑檀木面板配泡桐木边框", "泡桐木面板配黑檀木边框"),
        (QUILT, "200×230的充1.15公斤，220×240的充1.0公斤", "200×230的充1.0公斤"),
        (PIANO, "It has 50 tones and 20 demo songs.", "It has 20 tones and 50 demo songs."),
    ],
)
def test_a_value_proves_what_it_is_said_of(product: Product, false: str, true: str) -> None:
    assert wrong(product, false), false
    assert wrong(product, true) == [], true


@pytest.mark.parametrize(
    ("product", "text"),
    [
        # A name before one value and behind the other is not crosswise.
        (
            goods("书包", 肩带="S型加宽", 胸扣="可调节", 反光="肩带有"),
            "S型加宽肩带，胸扣可调，肩带有反光",
        ),
        (goods("缝纫机", 倒缝="支持", 锁扣眼="四步"), "倒缝、四步锁扣眼都支持"),
        (goods("牛排 500g", 规格="125g×4块"), "一份500克分四块"),
        (goods("壶", 保温="6小时后不低于60℃", 灌装="95℃"), "95℃热水6小时后还有60℃"),
    ],
)
def test_other_orders_of_words_are_true(product: Product, text: str) -> None:
    assert wrong(product, text) == []


FLASK = Product(
    id="1",
    title="Flask",
    attributes={"Material": "Steel", "Keeps cold": "12 hours", "Keeps hot": "6 hours"},
)
SCOPE = goods("望远镜", 焦距="400mm", 目镜="25mm一只")


@pytest.mark.parametrize(
    ("product", "false", "true"),
    [
        (SPEAKER, "两倍续航", "两倍的快乐"),
        (SPEAKER, "续航是上一代的两倍", "加倍用心"),
        (SPEAKER, "音量翻倍", "快乐翻倍"),
        (FLASK, "Twice the capacity.", "Twice the fun."),
        (FLASK, "Three times stronger.", "Rinse it three times a day."),
        (FLASK, "Keeps cold three times as long as hot.", "Keeps cold twice as long as hot."),
        (SCOPE, "25毫米目镜20倍", "25毫米目镜16倍"),
    ],
)
def test_a_multiple_needs_the_numbers(product: Product, false: str, true: str) -> None:
    assert wrong(product, false), false
    assert wrong(product, true) == [], true


PHONE = goods("老人机", NFC="不支持", 芯片="无", 特点="无钢圈、无海绵垫")
NOODLES = goods("面条", 配料="小麦粉、水", 不添加="食盐、味精")
SOAP = Product(id="1", title="Soap", attributes={"Free from": "phosphates, dyes, parabens"})
CREAM = goods("面霜", 成分="不含香精、酒精", 是否含糖="不含")
LENS = goods("护理液", 适用镜片="软性隐形眼镜（含硅水凝胶）")


@pytest.mark.parametrize(
    ("product", "false", "true"),
    [
        (PHONE, "带海思芯片", "不带芯片"),
        (PHONE, "自带NFC功能", "不支持NFC"),
        (PHONE, "含海绵垫", "不含海绵垫"),
        (PHONE, "加了钢圈", "告别钢圈的束缚"),
        (CREAM, "含玻色因", "包含心意"),
        (NOODLES, "含荞麦粉", "含小麦粉"),
        (LENS, "含硫酸和硅水凝胶", "含硅水凝胶镜片也能用"),
        (CREAM, "不含香精和增稠剂", "不含香精和酒精"),
        (CREAM, "不含香精、酒精、增稠剂", "不含糖果"),
        (NOODLES, "不添加食盐、味精和增稠剂", "不添加食盐和味精"),
        (NOODLES, "不含小麦粉", "不含食盐"),
        (SOAP, "Free from dyes, parabens and bleach.", "Free from dyes, phosphates and parabens."),
    ],
)
def test_what_is_in_it_and_what_is_not(product: Product, false: str, true: str) -> None:
    assert wrong(product, false), false
    assert wrong(product, true) == [], true


def test_what_the_data_deny_is_contradicted() -> None:
    (claim,) = wrong(PHONE, "带海思芯片")
    assert claim.status == "contradicted"
    assert claim.evidence is not None
    assert claim.evidence.attribute == "芯片"


BED = Product(id="1", title="Dog bed", attributes={"Material": "Linen", "Suitable for": "pets"})


@pytest.mark.parametrize(
    ("false", "true"),
    [
        ("Made of PET.", "A bed your pet deserves."),
        ("Better than other beds.", "Better than your own bed."),
        ("Better than your old bed.", "Softer than a cloud."),
        ("Lighter than your phone.", "Nicer than my sofa."),
    ],
)
def test_english_words_that_look_like_claims(false: str, true: str) -> None:
    assert wrong(BED, false), false
    assert wrong(BED, true) == [], true


def test_zero_characters_move_no_offset() -> None:
    text = "好\0用，\0\0坐高66cm"
    (claim,) = wrong(CHAIR, text)
    assert (claim.text, text[claim.start : claim.end]) == ("66cm", "66cm")
