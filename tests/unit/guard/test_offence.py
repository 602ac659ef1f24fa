from __future__ import annotations

import pytest

from zhanggui.guard.offence import insults
from zhanggui.guard.screen import shipped_guard


@pytest.mark.parametrize(
    "text",
    [
        "你们这帮骗子，傻逼店铺，滚",
        "客服脑残，全家去死",
        "河南人都是小偷，没一个好东西",
        "那些黑人就是又懒又脏",
        "傻\u200b逼卖家",
        "You stupid bastard, go to hell",
        "all immigrants are thieves",
    ],
)
def test_offence_is_found(text: str) -> None:
    (found,) = shipped_guard().screen([text])
    assert found.offensive


@pytest.mark.parametrize(
    "text",
    [
        "杯子很好看，物流很快",
        "质量太差了，要求退货，差评",
        "垃圾桶容量多大",
        "河南人能发货吗",
        "黑人牙膏有货吗",
        "我们不应该歧视任何地方的人",
        "The lamp is broken, I want a refund",
        "Is this jacket for women?",
        "",
    ],
)
def test_complaints_and_names_of_groups_are_not(text: str) -> None:
    (found,) = shipped_guard().screen([text])
    assert not found.offensive


def test_the_lists_know_harmless_uses() -> None:
    assert insults("你这个废物东西")
    assert not insults("智障儿童的教具有吗")
