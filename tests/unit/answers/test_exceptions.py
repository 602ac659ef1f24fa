from __future__ import annotations

import pytest

from zhanggui.answers.exceptions import Ruling, foreign, is_foreign, is_rule, ruling
from zhanggui.answers.scope import kind_of
from zhanggui.answers.understanding import understand
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.records import Passage, Product
from zhanggui.store.database import Store

PLATE = Product(id="E1", title="米芽硅胶吸盘餐盘 分格款", category="母婴", brand="米芽")
QUILT = Product(id="E2", title="棉屿大豆纤维冬被 6斤", category="家纺", brand="棉屿")
MUG = Product(id="E3", title="雾岚马克杯", category="杯壶", brand="雾岚")
LINES = passages_of_markdown(
    "规则.md",
    """# 规则
## 七天无理由退货
- 签收后7天内，商品完好可以申请无理由退货。
## 不支持无理由退货的商品
- 硅胶餐盘使用过后不支持无理由退货。
- 猫砂拆包后不支持无理由退货。
- 刻字定制的商品不支持退货。
## 快递
- 默认发中通快递。
- 冬被和四件套默认发德邦快递。
""",
)
RULE, PLATES, SAND, ENGRAVED, COURIER, LARGE = LINES


def rule_for(store: Store, question: str, product: Product | None, rule: Passage) -> Ruling:
    with store.read() as conn:
        asked = understand(question, (), product)
        return ruling(conn, asked, rule, LINES, kind_of(product))


def test_a_stated_condition_replaces_the_rule_by_its_exception(store: Store) -> None:
    assert rule_for(store, "用过了还能退吗", PLATE, RULE) == Ruling((PLATES,), settled=True)


def test_an_exception_with_a_condition_stands_beside_the_rule(store: Store) -> None:
    assert rule_for(store, "不喜欢能退吗", PLATE, RULE) == Ruling((RULE, PLATES), settled=True)


def test_a_state_that_no_line_speaks_of_is_not_settled(store: Store) -> None:
    found = rule_for(store, "封膜撕了还能退吗", PLATE, RULE)
    assert PLATES in found.passages
    assert not found.settled


def test_an_exception_for_other_products_is_left_out(store: Store) -> None:
    assert rule_for(store, "不喜欢能退吗", MUG, RULE) == Ruling((RULE,), settled=True)


def test_an_exception_for_a_state_holds_for_every_product(store: Store) -> None:
    assert rule_for(store, "刻了字能退吗", MUG, RULE).passages[0] == ENGRAVED


@pytest.mark.parametrize(("product", "line"), [(QUILT, LARGE), (MUG, COURIER)])
def test_the_rule_for_this_product_goes_before_the_general_one(
    store: Store, product: Product, line: Passage
) -> None:
    assert rule_for(store, "走什么快递", product, COURIER) == Ruling((line,), settled=True)


def test_a_line_of_care_is_no_rule() -> None:
    assert is_rule(RULE)
    (care,) = passages_of_markdown("养护.md", "# 养护\n- 花瓶每天换水。")
    assert not is_rule(care)


def test_another_products_refusal_is_no_answer() -> None:
    mug, plate = kind_of(MUG), kind_of(PLATE)
    asked = understand("拆了包不喜欢能退吗")
    assert is_foreign(SAND, mug, asked)
    assert not is_foreign(RULE, mug, asked)
    assert not is_foreign(PLATES, plate, asked)
    assert not is_foreign(COURIER, mug, asked)
    assert foreign(LINES, mug, asked) == {PLATES.id, SAND.id, ENGRAVED.id}
    assert not foreign(LINES, plate, asked)


def test_a_state_that_the_customer_names_is_not_foreign() -> None:
    assert not is_foreign(ENGRAVED, kind_of(MUG), understand("刻字定制的能退吗"))
