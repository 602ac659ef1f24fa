from __future__ import annotations

import pytest

from zhanggui.descriptions.glossary import Glossary, glossary

ENGLISH, CHINESE = glossary("en"), glossary("zh")


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("2年", "2 years"),
        ("1个月", "1 month"),
        ("约2.5小时", "about 2.5 hours"),
        ("不高于32dB", "at most 32dB"),
        ("6个月以上", "6 months and up"),
        ("304不锈钢", "304 stainless steel"),
        ("7075铝合金", "7075 aluminium alloy"),
        ("100%棉", "100% cotton"),
        ("55%亚麻，45%棉", "55% linen, 45% cotton"),
        ("雾白、松绿", "misty white, pine green"),
        ("USB-C×2、USB-A×1", "USB-C × 2, USB-A × 1"),
        ("直径6.2cm×高17.5cm", "6.2cm in diameter × 17.5cm high"),
        ("燕麦、深灰各1双", "one pair each of oatmeal, dark grey"),
        ("30℃以下机洗，不可漂白", "machine wash at 30°C or below, do not bleach"),
        ("保温杯×1、说明书×1", "vacuum flask × 1, manual × 1"),
        ("有，自动断电", "yes, switches off by itself"),
    ],
)
def test_a_value_is_told_word_for_word(chinese: str, english: str) -> None:
    assert ENGLISH.value(chinese) == english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("16 oz cotton canvas", "16盎司棉帆布"),
        ("15 L", "15L"),
        ("natural, black", "原色、黑色"),
        ("18 months and up", "18个月以上"),
        ("8.5 cm diameter × 9.2 cm high", "直径8.5cm×高9.2cm"),
        ("3 outside mesh pockets", "3个网袋外袋"),
        ("not included", "不含"),
    ],
)
def test_the_same_the_other_way(english: str, chinese: str) -> None:
    assert CHINESE.value(english) == chinese


@pytest.mark.parametrize(
    "value",
    ["六道玄冰工艺", "304不锈钢玄冰层", "杯体可拆水洗，机身底座不可浸水", "开裂180天内换新", ""],
)
def test_a_value_with_a_word_that_nobody_knows_is_not_told(value: str) -> None:
    assert ENGLISH.value(value) == ""


def test_the_shops_words_go_before_all_others() -> None:
    words = Glossary("en", (("保温杯", "thermos"), ("玄冰层", "ice layer")))
    assert words.value("保温杯×1") == "thermos × 1"
    assert words.value("304不锈钢玄冰层") == "304 stainless steel ice layer"
    assert Glossary("zh", (("保温杯", "thermos"),)).value("thermos") == "保温杯"


def test_words_of_one_language_are_exchanged_once() -> None:
    words = Glossary("zh", (("猫砂盆", "猫厕所"), ("盆", "盆子")))
    assert words.reworded("大号猫砂盆和花盆") == "大号猫厕所和花盆子"
    assert words.reworded("花盆子") == "花盆子"
    assert Glossary("en", (("tee", "T-shirt"),)).reworded("Tee in steel") == "T-shirt in steel"


def test_names_and_things() -> None:
    assert ENGLISH.name("内胆材质") == "liner material"
    assert ENGLISH.name("祖传工艺") == ""
    assert CHINESE.name("Made in") == "产地"
    assert ENGLISH.thing("山岚轻量保温杯") == "vacuum flask"
    assert CHINESE.thing("Camp Mug") == "马克杯"
    assert CHINESE.thing("smug") == ""
