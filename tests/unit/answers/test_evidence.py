from __future__ import annotations

import pytest

from zhanggui.answers.decision import is_sure
from zhanggui.answers.evidence import Evidence, weigh
from zhanggui.answers.understanding import understand
from zhanggui.knowledge.search import Hit
from zhanggui.records import Passage, Product

POT = Product(id="K1", title="禾木炒锅", category="炒锅")


def attribute(name: str, value: str) -> Passage:
    source = f"products.csv:K1/{name}"
    return Passage(
        id=source, source=source, text=f"{name}：{value}", kind="attribute", product_id="K1"
    )


def policy(text: str, heading: str = "售后") -> Passage:
    return Passage(
        id=text, source=f"a.md#{heading}", text=text, kind="policy", heading=f"总 > {heading}"
    )


def faq(question: str, answer: str) -> Passage:
    return Passage(id=question, source="faq.csv:2", text=answer, kind="faq", question=question)


def weighed(question: str, *passages: Passage, cosine: float = 0.4) -> list[Evidence]:
    hits = [Hit(passage, 0.5, cosine, 0.5) for passage in passages]
    return weigh(understand(question, product=POT), hits, POT)


def confidence(question: str, passage: Passage, cosine: float = 0.4) -> float:
    return weighed(question, passage, cosine=cosine)[0].confidence


@pytest.mark.parametrize(
    ("question", "right", "near"),
    [
        ("能放洗碗机吗", attribute("洗碗机", "可用"), attribute("材质", "铝合金")),
        ("多重", attribute("重量", "1.35kg"), attribute("承重", "5kg")),
        ("多久发货", policy("付款后48小时内发货。"), policy("签收后7天内可以退货。")),
        ("退货运费谁出", policy("退货运费由买家承担。"), policy("运费满39元包邮。")),
        ("运费多少", policy("不满39元收运费6元。"), policy("退货运费由买家承担。")),
        ("保修多久", attribute("质保", "2年"), policy("保修期内凭订单号报修。")),
        ("能开专票吗", faq("可以开专票吗", "只能开普票。"), faq("能开发票吗", "可以开电子发票。")),
        ("带盖子吗", attribute("锅盖", "玻璃盖"), attribute("锅底", "复底")),
    ],
)
def test_the_passage_that_answers_beats_its_neighbour(
    question: str, right: Passage, near: Passage
) -> None:
    first, second = weighed(question, near, right)
    assert first.passage == right
    assert is_sure(first)
    assert not is_sure(second)


def test_a_part_is_not_its_property() -> None:
    thing = attribute("手柄材质", "电木")
    assert confidence("手柄能拆吗", thing) < 0.5


def test_an_answer_without_the_kind_asked_for_is_none() -> None:
    assert not is_sure(weighed("多久发货", policy("发货时间以页面为准。"))[0])


def test_care_of_another_kind_of_product_says_nothing() -> None:
    assert confidence("能放洗碗机吗", policy("竹砧板不要放洗碗机。")) < 0.5
    assert confidence("能放洗碗机吗", policy("炒锅不要放洗碗机。")) > 0.7


def test_a_heading_about_something_else_weighs_less() -> None:
    line = "保温失效和杯盖损坏在范围内，期限2年。"
    under_care = confidence("保温多久", policy(line, "保温"))
    assert confidence("保温多久", policy(line, "保修期限")) < under_care


def test_the_same_question_in_a_faq_needs_no_word_list() -> None:
    row = faq("可以帮忙挂树上吗", "不可以。")
    assert confidence("可以帮忙挂树上吗", row, cosine=0.95) > 0.7
    assert confidence("可以帮忙挂墙上画吗", row, cosine=0.45) < 0.5


def test_a_row_about_more_than_was_asked_weighs_less() -> None:
    plain, narrow = faq("包邮吗", "满39元包邮。"), faq("新疆西藏包邮吗", "不包邮，收15元。")
    found = weighed("包邮吗", narrow, plain)
    assert found[0].passage == plain
