"""Every sentence of the house is proved by the attribute that it says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from zhanggui.claims.facts import fact, facts_of
from zhanggui.claims.verify import verify
from zhanggui.descriptions.brief import brief
from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.descriptions.fit import PIECE
from zhanggui.descriptions.framefile import frames_file
from zhanggui.descriptions.frames import closed, framed, plainly, shortly, topic
from zhanggui.descriptions.phrases import joined
from zhanggui.descriptions.scenes import closings, scenes
from zhanggui.law.check import check
from zhanggui.records import Draft, Product
from zhanggui.text.language import Language
from zhanggui.text.normalise import fold
from zhanggui.text.sentences import clauses

_ROOT = Path(__file__).parents[3]
_SHOPS = (_ROOT / "examples/shop/products.csv", _ROOT / "tests/data/second_shop/products.csv")
_GENERIC = load_channel("generic")


def _products() -> list[Product]:
    rows = [
        row
        for shop in _SHOPS
        for row in csv.DictReader(shop.read_text(encoding="utf-8-sig").splitlines())
    ]
    return [
        Product(
            id=row["id"],
            title=row["title"],
            category=row["category"],
            brand=row["brand"],
            attributes={
                name: value
                for name, _, value in (pair.partition(":") for pair in row["attributes"].split(";"))
            },
        )
        for row in rows
    ]


PRODUCTS = _products()


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_each_attribute_has_a_proved_sentence_for_either_place(product: Product) -> None:
    facts = facts_of(product)
    language = _GENERIC.language_for(product)
    for one in facts[: len(product.attributes)]:
        for place in ("bullet", "body"):
            lines = [line for _, line in framed(one, language, place, 0, light=True)]
            proved = [
                line
                for line in lines
                if not any(claim.why for claim in verify({"line": line}, facts))
                and not check({"line": line}, product.category)
            ]
            assert proved, (one.attribute, one.value, lines)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_scenes_and_closings_claim_nothing(product: Product) -> None:
    language = _GENERIC.language_for(product)
    for line in (*scenes(product, language, 0), *closings(product, language, 0)):
        statuses = {claim.status for claim in verify({"line": line}, facts_of(product))}
        assert statuses <= {"opinion", "supported"}, line
        assert not check({"line": line}, product.category), line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_scene_may_be_printed_for_what_it_is_about(language: Language) -> None:
    for scene in frames_file(language).scenes:
        product = Product(id="1", title=scene.words[0], category=scene.words[0])
        for line in scene.lines:
            statuses = {claim.status for claim in verify({"line": line}, facts_of(product))}
            assert statuses <= {"opinion", "supported"}, line
            assert not check({"line": line}, product.category), line


def _told(draft: Draft) -> str:
    return fold(" ".join((draft.title, *draft.bullets, draft.body)))


@pytest.mark.parametrize("channel", ["generic", "taobao"])
def test_copy_of_the_house_covers_its_facts_and_says_nothing_twice(channel: str) -> None:
    covered = asked = publishable = 0
    chinese = [one for one in PRODUCTS if _GENERIC.language_for(one) == "zh"]
    for product in chinese:
        draft = describe(product, load_channel(channel), None)
        publishable += draft.state == "draft"
        for one in brief(product, facts_of(product), load_channel(channel), "zh").facts:
            asked += 1
            # 无 and 有 are said with the attribute's name.
            pieces = one.value.replace("有，", "").split("，") if len(one.value) > 1 else []
            covered += all(fold(piece) in _told(draft) for piece in pieces or [one.attribute])
        said = [fold(one.text) for text in (*draft.bullets, draft.body) for one in clauses(text)]
        long = [clause for clause in said if len(clause) > 5]
        assert len(long) == len(set(long)), long
    assert covered >= 0.95 * asked
    assert publishable >= 0.9 * len(chinese)


@pytest.mark.parametrize(
    ("attribute", "value", "language", "said"),
    [
        ("遥控", "无", "zh", "遥控"),
        ("视频输出", "不支持", "zh", "不支持"),
        ("防干烧", "有，自动断电", "zh", "自动断电"),
        ("是否带盖", "不带盖", "zh", "不带盖"),
        ("微波炉", "可用", "zh", "微波炉可用"),
        ("Lining", "none", "en", "lining"),
    ],
)
def test_yes_and_no_are_said_in_words(
    attribute: str, value: str, language: Language, said: str
) -> None:
    for place in ("bullet", "body"):
        for _, line in framed(fact(attribute, value), language, place, 1):
            assert said in line
            assert "是无" not in line
            assert "是有" not in line


def test_the_choice_is_the_same_every_time_and_differs_between_products() -> None:
    one = fact("颜色", "白色、黑色")
    first = [next(iter(framed(one, "zh", "body", n))) for n in range(12)]
    assert first == [next(iter(framed(one, "zh", "body", n))) for n in range(12)]
    assert len(set(first)) > 1


def test_only_what_is_light_is_called_so() -> None:
    light, heavy = (
        [line for _, line in framed(fact("重量", value), "zh", "body", 0)]
        for value in ("28g", "8kg")
    )
    assert "重量只有28g" in light
    assert not any("只有" in line for line in heavy)


@pytest.mark.parametrize(
    ("attribute", "value", "line"),
    [
        ("香精", "不含", "不含香精"),
        ("电磁炉适用", "否", "不能用在电磁炉上"),
        ("不适用热源", "电磁炉", "不适用于电磁炉"),
        ("不适宜人群", "孕妇", "不适合孕妇"),
        ("可拆洗", "否", "不可拆洗"),
        ("可冲厕所", "是", "可冲厕所"),
        ("双面防滑", "是", "双面防滑"),
        ("结团", "是", "可结团"),
        ("支架", "无", "没有支架"),
        ("停车监控", "支持，需另购降压线", "支持停车监控，需另购降压线"),
        ("清洁模式", "3种（清洁、柔和、美白）", "清洁模式有3种（清洁、柔和、美白）"),
        ("适用方式", "凉拌、煎炒", "适合凉拌、煎炒"),
        ("手柄", "可拆卸", "手柄可拆卸"),
        ("洗涤方式", "干洗", "洗涤方式是干洗"),
    ],
)
def test_an_attribute_is_said_in_good_grammar(attribute: str, value: str, line: str) -> None:
    assert next(framed(fact(attribute, value), "zh", "body", 0))[1] == line


@pytest.mark.parametrize(
    ("attribute", "value", "line"),
    [
        ("闭合方式", "拉链", "拉链闭合"),
        ("帮高", "中帮", "中帮"),
        ("光源类型", "LED", "LED光源"),
        ("织法", "缎纹", "缎纹织法"),
        ("反光条", "正面及肩带", "反光条在正面及肩带"),
        ("防胀气", "双导气阀", "防胀气靠双导气阀"),
        ("外壳", "PP，双层防烫", "外壳用PP，双层防烫"),
        ("材质", "主机ABS，软管PVC", "主机ABS，软管PVC"),
        ("控制方式", "遥控器、语音", "可用遥控器、语音控制"),
        ("供电", "DC12V适配器，线长1.5m，无内置电池", "DC12V适配器供电，线长1.5m，无内置电池"),
        ("壶盖开启方式", "按键弹盖", "壶盖开启方式是按键弹盖"),
        ("梯形校正", "自动", "自动梯形校正"),
        ("停车监控", "支持（需另购降压线）", "支持停车监控，需另购降压线"),
        ("适用季节", "四季通用", "四季通用"),
        ("认证", "3C", "通过3C认证"),
    ],
)
def test_what_an_attribute_is_like_goes_before_its_name(
    attribute: str, value: str, line: str
) -> None:
    assert next(framed(fact(attribute, value), "zh", "body", 0))[1] == line


@pytest.mark.parametrize(
    ("attribute", "value", "line"),
    [
        ("Capacity", "500 ml", "It holds 500 ml"),
        ("Safety lock", "yes", "It has a safety lock"),
        ("Poster included", "yes", "It has a poster"),
        ("Dishwasher safe", "no", "It is not dishwasher safe"),
        ("Wi-Fi", "no", "It has no Wi-Fi"),
        ("Frets", "18", "It has 18 frets"),
        ("Vessel", "Amber glass jar with lid", "The vessel is an amber glass jar with lid"),
        ("Lens", "Glass", "The lens is glass"),
        ("Care", "Hand wash only", "Hand wash only"),
        ("Colors", "Slate, Moss, Marigold", "It comes in Slate, Moss and Marigold"),
        ("Made in", "USA", "It is made in the USA"),
        ("Altitude", "1,600–1,900 m", "The altitude is 1,600–1,900 m"),
        ("Stone", "white topaz, 2 mm, round", "Stone: white topaz, 2 mm, round"),
    ],
)
def test_an_english_attribute_is_a_sentence_where_it_can_be(
    attribute: str, value: str, line: str
) -> None:
    assert next(framed(fact(attribute, value), "en", "body", 0))[1] == line


def test_english_statements_share_a_sentence() -> None:
    lines = ["It holds 500 ml", "It weighs 320 g", "The body is 304 stainless steel"]
    whole = "It holds 500 ml and weighs 320 g, and the body is 304 stainless steel"
    assert joined(lines, "en", "body") == whole
    alike = ["It is vegan", "It is made in Ireland"]
    assert joined(alike, "en", "body") == "It is vegan and made in Ireland"


def test_a_broad_category_leaves_the_scene_to_the_title() -> None:
    coffee = Product(id="1", title="冻干速溶黑咖啡", category="食品")
    assert any("咖啡" in line for line in scenes(coffee, "zh", 0))


def test_a_last_sentence_is_about_what_the_product_has() -> None:
    sized = Product(id="1", title="桌布", attributes={"尺码": "M", "颜色": "红"})
    assert "尺码" in closings(sized, "zh", 0)[0]
    assert not any("尺码" in line for line in closings(sized, "zh", 0, {"尺码"}))
    assert not any("尺码" in line for line in closings(Product(id="2", title="桌布"), "zh", 0))


def test_a_value_within_an_english_sentence_begins_small_but_for_names() -> None:
    def said(attribute: str, value: str) -> str:
        return next(framed(fact(attribute, value), "en", "body", 0))[1]

    assert said("Frame colour", "Tortoise") == "The frame colour is tortoise"
    assert said("Made in", "Poland") == "It is made in Poland"
    assert said("Colour", "Oat Stripe") == "It comes in Oat Stripe"


def test_a_remark_is_only_made_where_it_is_asked_for() -> None:
    washable = fact("面套", "可机洗")
    plain, remarked = (
        [line for _, line in framed(washable, "zh", "body", 0, light=light)]
        for light in (False, True)
    )
    assert plain[0] == "面套可机洗"
    assert remarked[0] == "面套可机洗，脏了直接放进洗衣机"


def test_sentences_are_closed_once() -> None:
    assert closed("好用。", "zh") == closed("好用", "zh") == "好用。"
    assert closed("Good", "en") == "Good."
    assert closed("谁不喜欢？", "zh") == "谁不喜欢？"


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("咖啡色针织连衣裙", "咖啡"),
        ("清香洗衣液 2kg", "衣柜"),
        ("电动剃须刀", "厨房"),
        ("轻薄笔记本电脑 14英寸", "本子"),
        ("儿童安全座椅", "坐下来歇"),
        ("Coffee brown dress", "break"),
        ("电动晾衣架", "衣柜"),
        ("花园水管", "阳台"),
    ],
)
def test_a_scene_is_chosen_by_what_the_thing_is(title: str, word: str) -> None:
    language: Language = "en" if title.isascii() else "zh"
    for turn in range(12):
        lines = scenes(Product(id="1", title=title), language, turn)
        assert not any(word in line for line in lines)


def test_a_brand_is_not_what_the_thing_is() -> None:
    puzzle = Product(id="1", title="格子猫 1000片木质拼图", brand="格子猫", category="拼图")
    lines = scenes(puzzle, "zh", 0)
    assert lines
    assert not any("猫" in line for line in lines)


def test_a_question_that_is_answered_otherwise_is_not_taken_for_yes() -> None:
    said = fact("是否含虫卵", "高温消毒")
    for place in ("bullet", "body"):
        lines = [line for _, line in framed(said, "zh", place, 1)]
        assert lines
        assert not any("虫卵" in line for line in lines)


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("噪音", "不高于78dB", "安静|安安静静|不闹心|忙你的"),
        ("容量", "48L", "不多不少|刚好|不大不小"),
    ],
)
def test_a_number_is_praised_within_bounds(attribute: str, value: str, words: str) -> None:
    for place in ("bullet", "body"):
        lines = [line for _, line in framed(fact(attribute, value), "zh", place, 1)]
        assert lines
        assert not any(re.search(words, line) for line in lines)


def test_what_is_about_the_same_goes_into_one_line() -> None:
    lining, shell = fact("内胆材质", "316不锈钢"), fact("外壳材质", "304不锈钢")
    assert topic(lining, "zh") == topic(shell, "zh")
    assert topic(fact("面料", "棉，可拆洗"), "zh") is None
    lines = [plainly(lining, "zh"), plainly(shell, "zh")]
    assert joined(lines, "zh", "bullet") == "内胆是316不锈钢，外壳是304不锈钢"
    assert joined(["不含香精", "不含酒精"], "zh", "bullet") == "不含香精和酒精"


def test_a_fact_is_told_in_a_clause_and_in_few_words() -> None:
    lining = fact("内胆材质", "316不锈钢")
    assert plainly(fact("书签带", "2条"), "zh") == "书签带有2条"
    assert plainly(fact("握手", "硅胶防滑"), "zh") == "握手是硅胶防滑"
    assert list(shortly(lining, "zh")) == ["316不锈钢内胆"]
    assert list(shortly(fact("liner material", "steel"), "en")) == ["steel liner"]
    assert list(shortly(fact("颜色", "白、黑"), "zh")) == []
    assert list(shortly(fact("形状数", "8"), "zh")) == ["形状数8"]


@pytest.mark.parametrize("channel", ["generic", "taobao", "xiaohongshu", "shopify"])
def test_no_closing_phrase_wears_out_over_a_catalogue(channel: str) -> None:
    endings: Counter[str] = Counter()
    publishable = 0
    for product in PRODUCTS:
        draft = describe(product, load_channel(channel), None)
        publishable += draft.state == "draft"
        for sentence in (*draft.bullets, *re.split("[。.] ?", draft.body)):
            pieces = [fold(piece[0]) for piece in PIECE.finditer(sentence)]
            # What the shop's own data say comes as often as they say it.
            own = fold(" ".join(product.attributes.values()))
            remarks = [piece for piece in pieces if len(pieces) > 1 and piece[-2:] not in own]
            endings.update(remarks[-1:])
    assert endings.most_common(1)[0][1] <= 6
    assert publishable >= 0.95 * len(PRODUCTS)


@pytest.mark.parametrize("care", ["不可机洗", "勿机洗，不可机洗"])
def test_what_may_not_be_done_is_not_advised(care: str) -> None:
    product = Product(
        id="P7",
        title="软垫凉感枕",
        category="家纺/枕头",
        attributes={"洗护": care, "材质": "棉", "尺寸": "60×40cm", "颜色": "米白"},
    )
    draft = describe(product, load_channel("generic"), None)
    assert "洗衣机" not in " ".join(draft.copy.parts().values())
    claims = verify({"body": f"{care}，脏了直接放进洗衣机"}, facts_of(product))
    assert "contradicted" in {claim.status for claim in claims}
