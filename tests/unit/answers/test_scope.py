from __future__ import annotations

import pytest

from zhanggui.answers.scope import conditions_of, is_of_place, kind_of, line, of_others, refuses
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.records import Passage, Product
from zhanggui.store.database import Store


def product(title: str, category: str, **attributes: str) -> Product:
    return Product(id="X", title=title, category=category, brand="云朵", attributes=attributes)


def policy(text: str) -> Passage:
    return passages_of_markdown("a.md", f"# 规则\n- {text}")[0]


@pytest.mark.parametrize(
    ("title", "category", "text"),
    [
        ("云朵硅胶吸盘餐盘 分格款", "母婴", "餐盘使用过后不退"),
        ("云朵羊毛中筒袜 3双装", "服饰", "袜子拆开后不退"),
        ("云朵羊毛中筒袜 3双装", "服饰", "贴身衣物不退"),
        ("云朵黑咖啡 24颗装", "食品", "食品拆封后不退"),
        ("云朵玻璃奶瓶", "喂养", "易碎品请当面验货"),
        ("Cloudy Camping Mug 450 ml", "Outdoor", "the camping gear ships later"),
    ],
)
def test_a_line_names_a_kind_of_product(title: str, category: str, text: str) -> None:
    assert kind_of(product(title, category)).named_in(text)


@pytest.mark.parametrize(
    ("title", "category", "text"),
    [
        ("云朵豆腐猫砂", "宠物", "宠物饮水机保修1年"),
        ("云朵硅胶吸盘餐盘 分格款", "母婴", "以下款项不退"),
        ("云朵黑咖啡 24颗装", "食品", "食品级硅胶"),
    ],
)
def test_a_word_inside_another_names_nothing(title: str, category: str, text: str) -> None:
    assert not kind_of(product(title, category)).named_in(text)


def test_attributes_tell_of_batteries() -> None:
    drill = product("云朵手电钻", "工具", 电池="1.5Ah锂电池")
    assert kind_of(drill).named_in("带锂电池的商品不发新疆")


def test_no_product_is_named_nowhere() -> None:
    assert not kind_of(None).named_in("餐盘")


def test_states_and_refusals_are_read() -> None:
    assert conditions_of("封膜撕了还能退吗") == {"opened"}
    assert conditions_of("下过水的床品") == {"washed"}
    assert refuses(policy("猫砂拆包后不支持退货"))
    assert not refuses(policy("签收后7天内可以退货"))


def test_a_place_has_to_be_the_one_asked_for() -> None:
    remote = policy("新疆、西藏不发带电的商品")
    assert is_of_place(remote, "能寄乌鲁木齐吗")
    assert not is_of_place(remote, "湖南运费多少")
    assert is_of_place(policy("满59元包邮"), "湖南运费多少")


def test_lines_for_other_products_are_told_apart(store: Store) -> None:
    mine = kind_of(product("云朵台灯", "灯具"))
    others, general = policy("保温杯由京东快递发出"), policy("默认发中通快递")
    with store.read() as conn:
        assert of_others(conn, [others, general], mine, "发什么快递") == {others.id}
        assert not of_others(conn, [others, general], mine, "和保温杯一起买发什么快递")


def test_a_line_holds_its_lead() -> None:
    (item,) = passages_of_markdown("a.md", "# 规则\n以下商品不支持退货：\n- 鲜花")
    assert "不支持退货" in line(item)
    assert refuses(item)
