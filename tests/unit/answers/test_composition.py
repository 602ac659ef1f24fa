from __future__ import annotations

from zhanggui.answers.composition import compose
from zhanggui.answers.grounding import fault
from zhanggui.answers.lexicon import frames
from zhanggui.records import Citation, Passage

ZH, EN = frames("zh"), frames("en")


def passage(text: str, kind: str = "policy", heading: str = "", question: str = "") -> Passage:
    return Passage(
        id=text,
        source="a.md#甲",
        text=text,
        kind=kind,  # type: ignore[arg-type]
        heading=heading,
        question=question,
    )


def test_an_attribute_is_named_and_its_value_quoted() -> None:
    composed = compose([passage("净重：198g", "attribute")], ZH)
    assert composed.text == "您好，帮您查了商品参数，净重：198g。"
    assert composed.citations == (Citation("a.md#甲", "198g"),)


def test_several_attributes_stand_side_by_side() -> None:
    both = [passage("内胆材质：316", "attribute"), passage("杯盖材质：PP", "attribute")]
    assert compose(both, ZH).text == "您好，帮您查了商品参数，内胆材质：316。 另外，杯盖材质：PP。"


def test_a_list_item_is_said_with_its_lead() -> None:
    item = passage("刻字的杯子", heading="售后 > 例外 > 以下商品不支持退货：")
    composed = compose([item], ZH)
    assert composed.text == "您好，关于例外：以下商品不支持退货：刻字的杯子。"
    assert composed.citations[0].quote == "刻字的杯子"


def test_a_table_row_is_said_with_its_header() -> None:
    row = passage("新疆 | 6天 | **15元**", heading="运费 > 地区 | 时效 | 运费")
    composed = compose([row], ZH)
    assert composed.text.endswith("地区：新疆，时效：6天，运费：15元。")
    assert fault(composed.text, composed.citations, composed.passages) == ""


def test_a_curated_answer_is_said_as_it_is() -> None:
    polite = passage("亲，可以的哦", "faq", question="包邮吗")
    assert compose([polite], ZH).text == "亲，可以的哦。"
    assert compose([passage("可以。", "faq", question="包邮吗")], ZH).text == "您好，可以。"


def test_english_frames_keep_the_quote_as_it_is() -> None:
    composed = compose([passage("净重：198g", "attribute")], EN)
    assert composed.text == 'Hello! Our product information says for "净重": 198g.'


def test_marks_are_left_out_of_the_reply_and_kept_in_the_quote() -> None:
    composed = compose([passage("满**39元**包邮")], ZH)
    assert composed.text == "您好，满39元包邮。"
    assert composed.citations[0].quote == "满**39元**包邮"
