from __future__ import annotations

from dataclasses import replace

import pytest

from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.descriptions.rows import verify_row
from zhanggui.descriptions.wording import SHOP_STATEMENT
from zhanggui.records import Product
from zhanggui.settings import Wording

CUP = Product(
    id="C1",
    title="山岚 保温杯 500ml",
    category="杯壶",
    brand="山岚",
    attributes={
        "容量": "500ml",
        "材质": "304不锈钢",
        "净重": "256g",
        "颜色": "雾白、松绿",
        "产地": "浙江永康",
        "质保": "2年",
    },
)
TAOBAO = load_channel("taobao")
STATEMENT = "本店坐标杭州，下单送杯刷一把"


def test_a_statement_of_the_shop_is_added_and_proves_itself_alone() -> None:
    draft = describe(CUP, TAOBAO, None, wording=Wording(mandatory=(STATEMENT,)))
    assert draft.state == "draft"
    assert draft.body.endswith(f"{STATEMENT}。")
    stated = [
        claim
        for claim in draft.verdict.claims
        if claim.evidence and claim.evidence.attribute == SHOP_STATEMENT
    ]
    assert [claim.text for claim in stated] == [STATEMENT]
    row = verify_row("D1", "送杯刷两把。", CUP, wording=Wording(mandatory=(STATEMENT,)))
    assert row["publishable"] is False


def test_a_statement_is_said_once_in_its_language_and_within_the_limits() -> None:
    both = Wording(mandatory=("500ml", "Ask us anything.", "有问题找掌柜"))
    chinese = describe(CUP, TAOBAO, None, wording=both)
    assert chinese.body.count("有问题找掌柜") == 1
    assert "Ask us" not in chinese.body
    english = describe(CUP, load_channel("shopify"), None, wording=both)
    assert english.body.endswith("Ask us anything.")
    long = describe(CUP, TAOBAO, None, wording=Wording(mandatory=("掌柜说" * 100,)))
    assert long.state == "needs_review"
    assert [one.rule for one in long.verdict.violations] == ["shop.mandatory"]


def test_the_law_holds_for_the_shops_statements_too() -> None:
    draft = describe(CUP, TAOBAO, None, wording=Wording(mandatory=("本店是全网最好的店",)))
    assert draft.state == "needs_review"
    assert draft.verdict.violations


def test_forbidden_words_are_not_chosen_and_a_title_with_one_waits() -> None:
    plain = describe(CUP, TAOBAO, None)
    word = plain.body[:4]
    careful = describe(CUP, TAOBAO, None, wording=Wording(forbidden=(word,)))
    assert careful.state == "draft"
    assert not any(word in text for text in careful.copy.parts().values())
    titled = describe(CUP, TAOBAO, None, wording=Wording(forbidden=("保温杯",)))
    assert titled.state == "needs_review"
    fault = titled.verdict.violations[0]
    assert (fault.rule, fault.part, fault.text) == ("shop.forbidden", "title", "保温杯")


@pytest.mark.parametrize(
    ("text", "found"), [("买TEE送杯", ["TEE"]), ("steel", []), ("ｔｅｅ", ["ｔｅｅ"])]
)
def test_forbidden_words_are_whole_words_in_any_width(text: str, found: list[str]) -> None:
    row = verify_row("D1", text, None, wording=Wording(forbidden=("tee",)))
    assert [one["text"] for one in row["violations"]] == found


def test_the_glossary_is_used_and_believed() -> None:
    words = Wording(glossary={"保温杯": "随身壶", "松绿": "松针绿"})
    draft = describe(CUP, TAOBAO, None, wording=words)
    assert draft.state == "draft"
    assert draft.title == "山岚 随身壶 500ml"
    told = " ".join(draft.copy.parts().values())
    assert "松针绿" in told
    colour = next(
        claim.evidence
        for claim in draft.verdict.claims
        if claim.evidence and claim.evidence.attribute == "颜色"
    )
    assert colour.value == CUP.attributes["颜色"]
    english = describe(
        CUP, load_channel("shopify"), None, wording=Wording(glossary={"保温杯": "thermos"})
    )
    assert english.state == "draft"
    assert "Thermos" in english.title


def test_verification_takes_the_shops_word_for_the_datas() -> None:
    product = replace(CUP, attributes={**CUP.attributes, "涂层": "麦饭石釉"})
    text = "涂层是玄岩釉。"
    assert verify_row("D1", text, product)["publishable"] is False
    words = Wording(glossary={"麦饭石釉": "玄岩釉"})
    assert verify_row("D1", text, product, wording=words)["publishable"] is True
