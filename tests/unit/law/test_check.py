from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.law.atoms import atoms
from zhanggui.law.check import check
from zhanggui.law.disguise import plain
from zhanggui.law.rulebook import Rule, rulebook

UNLAWFUL = [
    ("全网最好用的保温杯", "", "absolute.most"),
    ("采用最先进的技术", "", "absolute.most"),
    ("全国销量第一", "", "absolute.first"),
    ("市面上唯一指定品牌", "", "absolute.first"),
    ("国家级品质", "", "absolute.level"),
    ("行业领先的工艺", "", "absolute.level"),
    ("100%有效", "", "absolute.guarantee"),
    ("永不褪色", "", "absolute.guarantee"),
    ("零风险，无效退款", "", "absolute.guarantee"),
    ("史低价，错过再等一年", "", "promotion.false"),
    ("这款枕头能治疗失眠", "家居", "medical.general"),
    ("这款蜂蜜润肠通便", "食品/蜂蜜", "food.function"),
    ("可以代替药物", "保健食品", "health_food.promise"),
    ("抗过敏，消除皱纹", "护肤", "cosmetics.medical"),
    ("堪比母乳", "母婴/奶粉", "baby.milk"),
    ("用了它宝宝提前走路", "母婴/学步", "baby.absolute"),
    ("香烟整条批发", "", "tobacco"),
    ("学区房，买了就升值", "", "realty.promise"),
    ("最后一天，手慢无", "", "promotion.urgency"),
    ("签约保过", "教育培训", "education.promise"),
    ("开光手串，转运招财", "", "superstition"),
    ("专家一致推荐", "", "authority"),
    ("别家都是偷工减料", "", "disparage"),
    ("The best water bottle in the world", "", "absolute.english"),
    ("Our No.1 choice", "", "absolute.english"),
    ("An unbeatable deal", "", "promotion.false"),
    ("女生都爱的颜色", "", "stereotype.gender"),
    ("告别土包子", "", "stereotype.region"),
    ("老年人也学得会", "", "stereotype.age"),
    ("这价位找不到第二家", "", "absolute.peerless"),
    ("睡前一用，改善睡眠", "家居/眼罩", "medical.function"),
    ("一周瘦八斤", "服饰/塑身衣", "medical.body"),
    ("This tea melts belly fat", "Tea", "medical.english"),
    ("祛斑面霜，早晚使用", "护肤/面霜", "cosmetics.special"),
    ("有效率高达98%", "医疗器械/理疗仪", "device.promise"),
    ("保本保息", "金融/理财", "finance.return"),
    ("对人畜绝对无毒", "园艺/农药", "agriculture.promise"),
    ("喝一口，消除烦恼", "酒水/白酒", "alcohol.virtue"),
    ("概不退换", "", "promotion.terms"),
    ("加VX领券", "", "platform.contact"),
    ("五星好评返现5元", "", "platform.reviews"),
    ("复刻1:1大牌包", "", "platform.counterfeit"),
    ("国家发明专利技术", "", "patent.unnumbered"),
    ("印有国徽图案的杯子", "", "state.symbol"),
    ("第*一品牌", "", "absolute.first"),
    ("国|家|级品质", "", "absolute.level"),
    ("zui佳口感", "", "absolute.most"),
    ("頂級做工", "", "absolute.level"),
    ("全网🥇沙发", "", "absolute.first"),
    ("喝了一个月，体检单上的箭头都不见了。", "", "medical.general"),
]
LAWFUL = [
    ("库存只剩最后一件", ""),
    ("最高温度60℃", ""),
    ("最大承重150kg", ""),
    ("第一次使用前请清洗", ""),
    ("最低调节至40℃", ""),
    ("最近上新", ""),
    ("安全第一，品质为先", ""),
    ("100%桑蚕丝", ""),
    ("请在最佳食用期内食用", "食品"),
    ("最长可达2米", ""),
    ("治愈系的配色", ""),
    ("本品不能代替药物", "保健食品"),
    ("天然木纹，每一件都独一无二", ""),
    ("Best before 12 months", ""),
    ("works best with cold water", ""),
    ("接在水龙头上", ""),
    ("安装在天花板上", ""),
    ("找到最适合自己的角度", ""),
    ("纹样寓意辟邪", ""),
    ("本产品不具有治疗功能", ""),
    ("防脱落设计", ""),
    ("内置降压阀", ""),
    ("抑菌配方洗手液", "洗手液"),
    ("祛斑霜，国妆特字G20200876", "护肤"),
    ("保健功能：改善睡眠；国食健字G20130256", "保健食品"),
    ("我们从不刷单", ""),
    ("客服不会要求您加微信退款", ""),
    ("外观设计专利号ZL202130123456.7", ""),
    ("《最好的告别》，平装", "图书"),
]


@pytest.mark.parametrize(("text", "category", "rule"), UNLAWFUL)
def test_unlawful(text: str, category: str, rule: str) -> None:
    found = check({"body": text}, category)
    assert rule in {violation.rule for violation in found}
    for violation in found:
        assert text[violation.start : violation.end] == violation.text
        assert violation.part == "body"
        assert "《" in violation.why


@pytest.mark.parametrize(("text", "category"), LAWFUL)
def test_lawful_in_context(text: str, category: str) -> None:
    assert check({"body": text}, category) == ()


def test_a_category_rule_is_for_its_category_only() -> None:
    text = {"body": "抗菌防螨"}
    assert check(text, "家纺/床上用品") == ()
    assert check(text, "护肤/面霜") != ()


def test_medical_words_are_for_medical_devices() -> None:
    text = {"body": "用于辅助治疗鼻炎患者"}
    assert check(text, "医疗器械") == ()
    assert check(text, "家居") != ()


def test_every_rule_has_a_reason_and_a_case_here() -> None:
    rules = {rule.id for rule in rulebook().rules}
    assert rules == {rule for _, _, rule in UNLAWFUL}
    assert rulebook().version


def test_a_licence_among_the_attributes_makes_its_claim_lawful() -> None:
    text = {"body": "淡化色斑，美白"}
    assert check(text, "护肤/精华")
    assert check(text, "护肤/精华", "注册证号:国妆特字G20231234") == ()


@pytest.mark.parametrize("rule", rulebook().rules, ids=lambda rule: rule.id)
def test_the_index_finds_each_alternative_that_matches(rule: Rule) -> None:
    # Each text that an alternative matches has one of the alternative's atoms.
    texts = [plain(text).text for text, _, _ in UNLAWFUL] + [plain(text).text for text, _ in LAWFUL]
    for pattern in rule.patterns:
        needed = atoms(pattern.pattern)
        assert needed, pattern.pattern
        for text in texts:
            assert not pattern.search(text) or any(atom in text for atom in needed)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("最(?:好|佳)", {"最"}),
        ("ab?cd", {"cd"}),
        ("(?:xy|z)+", {"xy", "z"}),
        ("[好佳]w*", {"好", "佳"}),
        ("(?<!不)治(?!理)疗", {"治疗"}),
        (r"\d*", None),
    ],
)
def test_atoms(pattern: str, needed: set[str] | None) -> None:
    found = atoms(pattern)
    assert (set(found) if found is not None else None) == needed


@given(st.text(max_size=80), st.sampled_from(["", "食品", "护肤", "母婴"]))
def test_offsets_hold_for_any_text(text: str, category: str) -> None:
    end = 0
    for violation in check({"t": text}, category):
        assert text[violation.start : violation.end] == violation.text
        assert violation.start >= end
        end = violation.end
