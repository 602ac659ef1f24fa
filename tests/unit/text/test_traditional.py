from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.text.traditional import simplified

CHARACTERS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
TEXTS = st.text(
    st.one_of(CHARACTERS, st.sampled_from("陳麗華張偉號碼ｅ㍿\ud800 a1"), st.characters())
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("陳麗華", "陈丽华"),
        ("收貨人：張偉，電話", "收货人：张伟，电话"),
        ("訂單號碼是多少？請問幾時發貨", "订单号码是多少？请问几时发货"),
        ("歐陽與諸葛", "欧阳与诸葛"),
        ("裏面裡面，爲什麼為什麼", "里面里面，为什么为什么"),
        ("乾隆年間的著名瓷器", "乾隆年间的著名瓷器"),
        ("收货人：张伟", "收货人：张伟"),
        ("Where is my parcel?", "Where is my parcel?"),
        ("", ""),
    ],
)
def test_simplified(text: str, plain: str) -> None:
    assert simplified(text) == plain


@given(TEXTS)
def test_the_length_stays_and_once_is_enough(text: str) -> None:
    plain = simplified(text)
    assert len(plain) == len(text)
    assert simplified(plain) == plain


@given(
    st.text(
        st.sampled_from(
            "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后"
        )
    )
)
def test_simplified_text_stays(text: str) -> None:
    assert simplified(text) == text
