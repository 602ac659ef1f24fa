from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.law.check import check
from zhanggui.law.rulebook import rulebook

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
    ("堪比母乳", "母婴/奶粉", "baby.absolute"),
    ("签约保过", "教育培训", "education.promise"),
    ("开光手串，转运招财", "", "superstition"),
    ("专家一致推荐", "", "authority"),
    ("别家都是偷工减料", "", "disparage"),
    ("The best water bottle in the world", "", "absolute.english"),
    ("Our No.1 choice", "", "absolute.first"),
    ("An unbeatable deal", "", "absolute.english"),
    ("女生都爱的颜色", "", "stereotype.gender"),
    ("告别土包子", "", "stereotype.region"),
    ("老年人也学得会", "", "stereotype.age"),
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


@given(st.text(max_size=80), st.sampled_from(["", "食品", "护肤", "母婴"]))
def test_offsets_hold_for_any_text(text: str, category: str) -> None:
    end = 0
    for violation in check({"t": text}, category):
        assert text[violation.start : violation.end] == violation.text
        assert violation.start >= end
        end = violation.end
