from __future__ import annotations

import pytest

from zhanggui.law.check import check

STEREOTYPES = [
    ("妈妈专属厨房好物，轻松搞定一日三餐", "gender"),
    ("男人就该用这样的剃须刀", "gender"),
    ("女生都爱的马卡龙色", "gender"),
    ("女人天生爱美，这款口红你值得拥有", "gender"),
    ("家庭主妇必备神器，洗碗不伤手", "gender"),
    ("解放妈妈双手，做饭更轻松", "gender"),
    ("女司机也能一把停好，倒车影像清晰", "gender"),
    ("操作简单，女生也能学会装", "gender"),
    ("没有哪个女人能拒绝的香味", "gender"),
    ("男孩玩车，女孩玩娃娃", "gender"),
    ("抓住他的胃，就抓住他的心", "gender"),
    ("做个贤妻良母，从一口好锅开始", "gender"),
    ("告别黄脸婆，七天见变化", "gender"),
    ("再不打扮就成剩女了", "gender"),
    ("女孩子不用那么努力，嫁得好就行", "gender"),
    ("家务就是女人的事，选个好拖把", "gender"),
    ("男人不会做饭没关系，有它就行", "gender"),
    ("不像个男人？那是你没喷对香水", "gender"),
    ("粉色是女生的颜色", "gender"),
    ("老婆再也不用手洗衣服了", "gender"),
    ("每个女孩心中都有一个公主梦", "gender"),
    ("是男人就该开手动挡", "gender"),
    ("拒绝娘炮，做硬汉", "gender"),
    ("Real men don't use moisturizer", "gender"),
    ("So easy even your wife can install it", "gender"),
    ("Every girl loves pink", "gender"),
    ("河南人都是骗子，认准我们这家", "region"),
    ("上海人就是小气", "region"),
    ("东北人都爱打架，这款外套耐磨", "region"),
    ("农村人也能用得起的高级货", "region"),
    ("告别土包子，一秒变洋气", "region"),
    ("外地人不懂的讲究", "region"),
    ("一股农村味的打扮该换了", "region"),
    ("乡下人也配穿羊绒", "region"),
    ("广东人最抠门，这价他们都说值", "region"),
    ("Even a country bumpkin will look smart", "region"),
    ("大字大键，老年人也学得会", "age"),
    ("操作简单，连奶奶都会用", "age"),
    ("老人都不懂智能手机，这款专门简化", "age"),
    ("一把年纪就别穿红色了", "age"),
    ("过了30岁就没人要了，快用眼霜", "age"),
    ("00后都吃不了苦", "age"),
    ("告别大妈款，穿出年轻", "age"),
    ("油腻大叔必看的穿搭", "age"),
    ("人老珠黄？用它就好", "age"),
    ("So simple that even your grandma can use it", "age"),
]
LAWFUL = [
    "男款，肩宽48cm",
    "女士尺码偏小，建议选大一码",
    "适合老人使用，扶手加粗防滑",
    "给妈妈的礼物，附手写贺卡",
    "男女同款，情侣装",
    "爸爸妈妈都喜欢的礼盒",
    "老人小孩都能轻松操作",
    "全家都能用的洗发水",
    "适合6岁以上儿童，大人陪同使用",
    "大字屏幕，字号24，老年人看得清",
    "河南信阳产的毛尖",
    "东北五常大米，当季新米",
    "四川人家常吃的泡菜口味",
    "新疆和田大枣，颗颗饱满",
    "上海仓发货，广东次日达",
    "农村和城市均可送货上门",
    "女生穿的防滑运动鞋，36到40码",
    "妈妈装，宽松显瘦",
    "送老婆送女友，礼盒包装",
    "孕妇可用，不含香精",
    "男士洁面乳，控油清爽",
    "女性护理液，弱酸性",
    "爷爷奶奶的生日礼物",
    "学生宿舍可用，功率低于500W",
    "喜欢穿长裙的姑娘都说不显腿粗",
    "谁说女生不会修车，工具箱一样得心应手",
    "不分性别，不分年龄，舒服就好",
    "厨房好物，洗碗不伤手",
    "男人味十足的木质香调",
    "温柔的粉色，也有男款",
    "单身公寓适用的小冰箱",
    "90后设计师作品",
    "本地人推荐的小吃",
    "老年人专用拐杖，承重100kg",
    "妈妈的味道，家常做法",
    "锅巴子香脆可口",
    "外地客户请留意配送时间",
    "南方人北方人口味都照顾到，甜咸两款",
    "女孩房间的窗帘，遮光率90%",
    "男生宿舍床帘，尺寸1.9m×0.9m",
    "For men and women, sizes S to XXL",
    "A gift for mom, with a handwritten card",
    "Easy-grip handle, suitable for seniors",
    "Girls' dress, ages 4 to 10",
    "Made in Sichuan, mild and hot flavours",
]


@pytest.mark.parametrize(("text", "kind"), STEREOTYPES)
def test_a_stereotype_is_named(text: str, kind: str) -> None:
    found = check({"body": text}, "")
    assert f"stereotype.{kind}" in {violation.rule for violation in found}
    for violation in found:
        assert text[violation.start : violation.end] == violation.text


@pytest.mark.parametrize("text", LAWFUL)
def test_a_group_may_be_named(text: str) -> None:
    assert [one for one in check({"body": text}, "") if one.rule.startswith("stereotype")] == []
