from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.text.quantities import inexact, quantities


def only(text: str) -> tuple[Decimal, Decimal, str]:
    (span,) = quantities(text)
    return span.quantity.low, span.quantity.high, span.quantity.dimension


@pytest.mark.parametrize(
    "group",
    [
        ["500ml", "0.5 L", "半升", "500毫升", "五百毫升", "０．５升", "500 ML"],
        ["150cm", "1.5米", "一米五"],
        ["85%-90%", "85%到90%", "85~90%"],
        ["2米-3米", "2-3米", "200至300cm"],
        ["1斤", "500g", "0.5kg", "五百克", "500 grams", "½ kg"],
        ["1年", "12个月", "十二个月", "one year", "一年"],
        ["1500W", "1.5千瓦", "一千五百瓦", "1,500 watts", "1.5kW"],
        ["两个半小时", "2.5小时", "150分钟", "150 min"],
        ["80%", "百分之八十", "80 percent"],
        ["-20℃", "零下20摄氏度", "−20°C"],
        ["3万转/分", "30000转/分钟", "30,000 rpm"],
        ["一斤半", "750g"],
        ["四块四毛五", "4.45元", "四块四毛五分"],
        ["26块8", "二十六块八"],
        ["一成二", "12%"],
        ["一米零四", "104cm"],
        ["九两八", "490克"],
        ["两斤三两", "2斤零3两", "1.15kg"],
        ["四百个国际单位", "400IU"],
        ["a quarter of an hour", "15 minutes", "一刻钟"],
        ["four and a half hours", "4.5小时"],
        ["twenty-five grams", "25克"],
        ["a hundred and ten watts", "110W"],
    ],
)
def test_one_amount_however_it_is_written(group: list[str]) -> None:
    amounts = {only(text) for text in group}
    assert len(amounts) == 1, amounts


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("18-25cm", "18", "25"),
        ("3岁到6岁", "3", "6"),
        ("500±5g", "495", "505"),
        ("-20~60℃", "-20", "60"),
        ("-20℃至60℃", "-20", "60"),
        ("3至5厘米", "3", "5"),
        ("1500g±3%", "1455", "1545"),
        ("三十多克", "30", "40"),
        ("两毫米出头", "0.2", "0.3"),
        ("七十来克", "68", "76"),
    ],
)
def test_ranges_and_tolerances(text: str, low: str, high: str) -> None:
    assert only(text)[:2] == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["30×20×10cm", "30cm*20cm*10cm", "30 x 20 x 10 cm"])
def test_dimensions_are_three_lengths(text: str) -> None:
    spans = quantities(text)
    assert [span.quantity.low for span in spans] == [30, 20, 10]
    assert {span.quantity.dimension for span in spans} == {"length"}


def test_a_product_of_different_units_stays_two_amounts() -> None:
    assert [span.quantity.dimension for span in quantities("500ml×2瓶")] == ["volume", "count:瓶"]


@pytest.mark.parametrize(
    "text",
    [
        "X200",
        "iPhone 15",
        "USB 3.0",
        "5G网络",
        "A4纸",
        "第一次",
        "统一",
        "一体成型",
        "IPX7",
        "SPF50+",
        "三五个",
        "一两张嘴",
        "七八十度",
        "v1.2.3",
        "米5米色",
    ],
)
def test_names_and_figures_of_speech_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("约500ml", "about"),
        ("500ml左右", "about"),
        ("超过12小时", "over"),
        ("20多小时", "over"),
        ("12小时以上", "min"),
        ("至少12小时", "min"),
        ("不超过30℃", "max"),
        ("低于30dB", "under"),
        ("30dB以内", "max"),
        ("more than 12 hours", "over"),
        ("12小时", "exact"),
        ("约两斤三两", "about"),
        ("差不多八斤", "about"),
        ("not even 400 grams", "under"),
        ("四百块有找", "under"),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    (span,) = quantities(text)
    assert span.quantity.bound == bound
    assert span.quantity.approximate == (bound != "exact")
    assert text[span.start : span.end] == text


def test_currencies_are_apart() -> None:
    kinds = {only(text)[2] for text in ("¥99", "99元", "$99", "99美元")}
    assert kinds == {"currency:CNY", "currency:USD"}


def test_a_storage_size_and_a_weight_are_told_apart_by_case_and_number() -> None:
    assert only("256G")[2] == "storage"
    assert only("500G")[2] == "mass"
    assert only("256g")[2] == "mass"


def test_calendar_years_are_no_durations() -> None:
    assert only("2024年")[2] == "year"


def test_inches_are_rounded_by_people_and_centimetres_are_not() -> None:
    assert inexact("inch")
    assert not inexact("cm")
    assert not inexact("no such unit")


@given(st.text(max_size=60))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for span in quantities(text):
        assert end <= span.start < span.end <= len(text)
        assert span.quantity.low <= span.quantity.high
        end = span.end


@given(st.integers(1, 99_999), st.sampled_from(["ml", "克", "W", "cm", "小时", "元"]))
def test_separators_and_full_width_digits_change_nothing(number: int, unit: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    assert only(f"{number}{unit}") == only(f"{number:,}{unit}") == only(f"{wide}{unit}")


@given(st.integers(1, 9999))
def test_millilitres_and_litres_agree(number: int) -> None:
    assert only(f"{number}ml") == only(f"{Decimal(number) / 1000:f}L")


@pytest.mark.parametrize("text", ["三升四口之家", "一斤五香牛肉", "三斤一袋"])
def test_a_digit_that_counts_or_names_something_is_no_decimal(text: str) -> None:
    amount = quantities(text)[0]
    assert amount.end == 2


def test_the_price_of_one_piece_ends_before_it() -> None:
    text = "二十六块八一斤"
    (price,) = quantities(text)
    assert text[price.start : price.end] == "二十六块八"
    assert price.quantity.low == Decimal("26.8")


def test_a_fraction_is_not_a_list() -> None:
    assert [one.quantity.low for one in quantities("2.5/5/7.5/10kg")] == [2500, 5000, 7500, 10000]


def test_a_word_that_ends_like_a_bound_is_none() -> None:
    (span,) = quantities("最快30分钟")
    assert span.quantity.bound == "exact"
