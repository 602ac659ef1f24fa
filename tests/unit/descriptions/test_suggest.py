from __future__ import annotations

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.descriptions.rows import verify_row
from zhanggui.descriptions.suggest import repaired, suggestions
from zhanggui.descriptions.verdict import judged
from zhanggui.records import Copy, Product

CUP = Product(
    id="P1",
    title="青禾 316不锈钢保温杯 500ml",
    category="厨具",
    attributes={
        "容量": "500ml",
        "内胆材质": "316不锈钢",
        "保温时长": "12小时",
        "颜色": "雾霾蓝、奶白",
        "产地": "浙江永康",
        "质保": "2年",
        "重量(g)": "320",
    },
)


def suggested(text: str, product: Product = CUP) -> list[tuple[str, str]]:
    verdict = judged(product, {"text": text}, facts_of(product))
    found = suggestions(product, {"text": text}, verdict)
    return [(text[start:end], words) for (_, start, end), words in sorted(found.items())]


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("容量600ml，够喝半天。", "600ml", "500ml"),
        ("内胆是304不锈钢，安心。", "304不锈钢", "316不锈钢"),
        ("保温24小时，出门一天都热。", "24小时", "12小时"),
        ("有黑色可选。", "黑色", "雾霾蓝、奶白"),
        ("产自广东，做工细。", "广东", "浙江永康"),
        ("质保5年，放心用。", "5年", "2年"),
        ("整杯重500g。", "500g", "320g"),
        ("内胆的料是塑料。", "塑料", "316不锈钢"),
    ],
)
def test_a_contradicted_span_gets_the_facts_own_words(text: str, span: str, words: str) -> None:
    assert suggested(text) == [(span, words)]


@pytest.mark.parametrize(
    "text",
    [
        "容量500ml，够喝半天。",
        "送杯刷一把。",
        "可以放洗碗机。",
        # The fact says it in Chinese, and the sentence is English.
        "Keeps warm for 24 hours.",
    ],
)
def test_what_is_true_or_nowhere_in_the_data_gets_none(text: str) -> None:
    assert suggested(text) == []


@pytest.mark.parametrize(
    ("attribute", "value", "text"),
    [
        ("尺寸", "21×29.7cm", "尺寸30×40cm。"),
        ("适用年龄", "3岁以上", "宝宝也能用。"),
        ("洗涤", "被芯不可水洗，套被套使用", "被芯可水洗。"),
        ("洗碗机", "不可", "可放洗碗机。"),
        ("包装清单", "香薰主体×1、香片×2", "盒里有三片香片。"),
    ],
)
def test_words_that_would_not_fit_the_sentence_are_not_offered(
    attribute: str, value: str, text: str
) -> None:
    product = Product(id="P3", title="东西", attributes={attribute: value})
    verdict = judged(product, {"text": text}, facts_of(product))
    assert any(claim.status == "contradicted" for claim in verdict.claims)
    assert suggested(text, product) == []


def test_words_that_the_law_forbids_are_not_offered() -> None:
    product = Product(id="P2", title="面霜", category="护肤", attributes={"香型": "全网第一香型"})
    assert suggested("香型是玫瑰香型。", product) == []


def test_only_the_faulty_clause_is_rewritten() -> None:
    copy = Copy(
        "青禾 316不锈钢保温杯 500ml",
        ("容量600ml，一天的水都够", "内胆是304不锈钢，摸着踏实"),
        "早晨出门，杯子里是热的。保温24小时，路上慢慢喝。",
        seo_title="304不锈钢保温杯",
    )
    assert repaired(CUP, copy) == Copy(
        "青禾 316不锈钢保温杯 500ml",
        ("容量500ml，一天的水都够", "内胆是316不锈钢，摸着踏实"),
        "早晨出门，杯子里是热的。保温12小时，路上慢慢喝。",
        seo_title="316不锈钢保温杯",
    )


def test_with_the_proof_of_before_only_spans_of_the_very_attribute_are_replaced() -> None:
    copy = Copy("保温杯", ("容量600ml，够喝", "质保5年，放心"), "")
    proof = {"600ml": "容量", "5年": "电池寿命"}
    assert repaired(CUP, copy, proof).bullets == ("容量500ml，够喝", "质保5年，放心")
    assert repaired(CUP, copy, {}) == copy


def test_a_row_of_verify_offers_both_kinds_of_repair() -> None:
    row = verify_row("D1", "容量600ml，全网最好的杯子。", CUP)
    (claim,) = [one for one in row["claims"] if one["status"] == "contradicted"]
    assert (claim["text"], claim["suggestion"]) == ("600ml", "500ml")
    assert all(one["suggestion"] is None for one in row["claims"] if one is not claim)
    assert [bool(one["suggestion"]) for one in row["violations"]] == [True]
    alone = verify_row("D2", "全网最好的杯子。", None)
    assert alone["violations"][0]["suggestion"]
