from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.fit import fit, fit_title, lacking, mended
from zhanggui.records import Copy

TAOBAO = load_channel("taobao")


def test_a_title_ends_between_words() -> None:
    title = "云沐 316不锈钢保温杯 500ml 大容量 男女通用 便携 户外 学生 办公 车载水杯"
    fitted = fit_title(title, TAOBAO)
    assert title.startswith(fitted)
    assert title[len(fitted)] == " "
    assert TAOBAO.title.length(fitted) <= TAOBAO.title.limit


def test_a_title_loses_what_its_channel_does_not_print() -> None:
    assert fit_title("✨保温杯 500ml🔥！！", TAOBAO) == "保温杯 500ml"


def test_a_title_without_breaks_is_cut() -> None:
    assert len(fit_title("杯" * 50, TAOBAO)) == TAOBAO.title.limit


def test_bullets_lose_marks_repeats_and_the_title_but_no_numbers() -> None:
    copy = Copy("保温杯", ("- 保温杯", "1. 容量500ml。", "容量500ml", "1.7L容量", "5.2cm宽"), "")
    assert fit(copy, TAOBAO).bullets == ("容量500ml", "1.7L容量", "5.2cm宽")


def test_an_overlong_bullet_is_cut_at_a_comma_or_left_out() -> None:
    long = "容量" + "很" * 20
    copy = Copy("杯", (f"{long}，{'大' * 20}", "很" * 60), "")
    assert fit(copy, TAOBAO).bullets == (long,)


def test_a_body_loses_repeated_sentences_and_what_does_not_fit() -> None:
    body = "容量500ml。" * 3 + "好用。" + "长" * 300 + "。"
    assert fit(Copy("杯", (), body), TAOBAO).body == "容量500ml。好用。"


def test_a_body_does_not_repeat_a_bullet() -> None:
    assert fit(Copy("杯", ("容量500ml",), "容量500ml。好用。"), TAOBAO).body == "好用。"


def test_missing_parts_are_named() -> None:
    assert lacking(Copy("", ("a",), "短"), TAOBAO, "zh") == ["title", "bullets", "body"]
    assert lacking(Copy("杯", ("a", "b", "c"), "长" * 80), TAOBAO, "zh") == []


@given(st.text(max_size=80), st.lists(st.text(max_size=60), max_size=9), st.text(max_size=500))
def test_whatever_comes_the_limits_hold(title: str, bullets: list[str], body: str) -> None:
    fitted = fit(Copy(title, tuple(bullets), body), TAOBAO)
    assert TAOBAO.title.length(fitted.title) <= TAOBAO.title.limit
    assert len(fitted.bullets) <= TAOBAO.bullets.most
    assert all(0 < len(bullet) <= TAOBAO.bullets.limit for bullet in fitted.bullets)
    assert len(fitted.body) <= TAOBAO.body.limit


def test_a_clause_comes_once_in_the_bullets_and_once_in_the_body() -> None:
    copy = Copy(
        "垫",
        ("6mm厚，适合各种运动", "双面防滑，适合各种运动", "适合各种运动"),
        "6mm厚，很舒服，适合居家，很舒服的，适合居家。",
    )
    fitted = fit(copy, TAOBAO)
    assert fitted.bullets == ("6mm厚，适合各种运动", "双面防滑")
    assert fitted.body == "6mm厚，很舒服，适合居家，很舒服的。"


def test_han_characters_in_an_english_text_are_named() -> None:
    copy = Copy("Mug", ("steel", "不锈钢", "light"), "A mug for the road. " * 8)
    assert lacking(copy, load_channel("shopify"), "en") == ["bullets.1"]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("满足需求。、。", "满足需求。"),
        ("，好用。", "好用。"),
        ("好用，。很轻，；稳。", "好用。很轻，稳。"),
        ("It is light. , It holds 1.5 L.", "It is light. It holds 1.5 L."),
        ("1,000次，5V/2A。", "1,000次，5V/2A。"),
    ],
)
def test_torn_marks_are_mended(torn: str, whole: str) -> None:
    assert mended(torn) == whole


_CUT = re.compile(r"[，,、；;。！？!?]\s*[，,、；;。！？!?]|^[，,、；;。！？!?]|[，,、；;]$")
_CLAUSES = st.lists(
    st.sampled_from(["好用", "容量500ml", "很轻", "1,000次", "", "稳", "大小刚好"]), max_size=8
)
_MARKS = st.sampled_from([*"，、；。！", "。，", "，，"])


@given(st.lists(_CLAUSES, max_size=4), _CLAUSES, st.lists(_MARKS, min_size=9, max_size=9))
def test_no_copy_comes_out_torn(
    bullets: list[list[str]], body: list[str], marks: list[str]
) -> None:
    def text(pieces: list[str]) -> str:
        return "".join(piece + mark for piece, mark in zip(pieces, marks, strict=False))

    fitted = fit(Copy("杯", tuple(map(text, bullets)), text(body)), TAOBAO)
    for part in (*fitted.bullets, fitted.body):
        assert not _CUT.search(part), part
