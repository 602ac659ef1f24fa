from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.records import (
    Citation,
    Claim,
    Draft,
    Evidence,
    Finding,
    Product,
    Question,
    Quote,
    Reply,
    Verdict,
)
from zhanggui.report.charts import Balance, Point, balance_chart, interval_bar, trend_chart
from zhanggui.report.page import (
    Cost,
    ReportData,
    ReviewSummary,
    Trend,
    render,
    segments,
    words,
)


def claim(start: int, end: int, text: str, part: str = "body", status: str = "supported") -> Claim:
    return Claim(
        part=part,
        text=text[start:end],
        start=start,
        end=end,
        status=status,  # type: ignore[arg-type]
        evidence=Evidence("容量", "500ml") if status == "supported" else None,
        why="没有属性说明这一点" if status == "unsupported" else "",
    )


def report(body: str = "容量500ml，送收纳袋。") -> ReportData:
    product = Product(id="P1", title="保温杯", category="厨具", attributes={"容量": "500ml"})
    draft = Draft(
        id="d1",
        product_id="P1",
        channel="generic",
        title="保温杯",
        bullets=("容量500ml",),
        body=body,
        verdict=Verdict(
            claims=(
                claim(0, 7, "容量500ml", part="bullets.0"),
                claim(0, 7, body),
                claim(8, 12, body, status="unsupported"),
            ),
            violations=(),
        ),
        tier="model",
        state="needs_review",
    )
    answers = [
        (
            Question(id="q1", question="多大容量？", product_id="P1"),
            Reply(
                id="q1",
                decision="send",
                text="容量：500ml",
                citations=(Citation("products.csv:P1/容量", "容量：500ml"),),
                tier="quote",
                ms=12.0,
            ),
        ),
        (
            Question(id="q2", question="<script>alert(1)</script>"),
            Reply(id="q2", decision="hand_over", text="帮您转人工", reason="资料里没有"),
        ),
    ]
    finding = Finding(
        category="质量",
        polarity="negative",
        n=23,
        total=58,
        low=0.28,
        high=0.53,
        product_id="P1",
        quotes=(Quote("r9", "杯盖漏水"),),
    )
    reviews = ReviewSummary(
        total=600,
        counted=575,
        positive=400,
        neutral=50,
        negative=150,
        suspicious={"内容重复": 25},
        balances=[Balance("质量", 120, 60)],
        findings=[finding],
        digest=["保温杯的质量被抱怨 23/58。"],
        trends=[Trend(title="漏水", sentence="8 月起升高", points=[Point(date(2026, 8, 1), 3, 9)])],
    )
    return ReportData(
        shop="示例店",
        made_at=datetime(2026, 11, 23, 12, 0),
        model="qwen",
        seconds=125,
        drafts=[(product, draft)],
        answers=answers,
        reviews=reviews,
        costs=[Cost("describe.write", 8, 4000, 3000, 2400, 96.0)],
        rest=["其余 16 件商品约需 3 min 12 s"],
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_needs_nothing_from_outside(language: str) -> None:
    page = render(report(), language)  # type: ignore[arg-type]
    assert not re.search(r"""(src|href)\s*=\s*["']""", page)
    assert "url(" not in page
    assert "@import" not in page


def test_headline_figures_are_those_of_the_rows() -> None:
    page = render(report())
    assert "<b>0/1</b>" in page
    assert "<b>1/2</b>" in page
    assert "<b>400/600</b>" in page
    assert "23/58" in page


def test_untrusted_text_is_escaped() -> None:
    assert "<script>" not in render(report())


def test_a_fault_says_why_and_a_proof_says_which_attribute() -> None:
    page = render(report())
    assert "没有属性说明这一点" in page
    assert "容量：500ml" in page


def test_ai_made_texts_carry_their_label() -> None:
    page = render(replace(report(), responsible="示例店"))
    assert page.count("本文案由 AI 生成") == 1
    assert page.count("系统自动回复，内容引自店铺资料；需要人工请回复") == 1
    assert page.count("系统自动回复") == 2
    (told,) = re.findall(r'<meta name="AIGC" content="([^"]+)">', page)
    metadata = json.loads(html.unescape(told))
    assert (metadata["Label"], metadata["ContentProducer"]) == ("1", "示例店")
    other = render(replace(report(body="容量500ml。"), responsible="示例店"))
    assert metadata["ProduceID"] not in html.unescape(other)


def test_both_languages_have_the_same_words() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {found for name, inner in value.items() for found in keys(inner, f"{path}/{name}")}

    assert keys(dict(words("zh"))) == keys(dict(words("en")))


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)
)
def test_segments_join_to_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    claims = [
        claim(min(a, b), max(a, b), text) for a, b in spans if min(a, b) < max(a, b) <= len(text)
    ]
    pieces = segments(text, "body", claims)
    assert "".join(piece.text for piece in pieces) == text


def test_charts_carry_their_figures_as_text() -> None:
    balance = balance_chart([Balance("物流", 30, 12)], title="各方面", names=("夸", "吐槽"))
    assert ">30<" in balance
    assert ">12<" in balance
    trend = trend_chart([Point(date(2026, 8, 3), 5, 20)], title="漏水", baseline=0.1)
    assert ">5/20<" in trend
    assert "bar-negative" in trend


def test_charts_of_nothing_are_nothing() -> None:
    assert balance_chart([], title="", names=("", "")) == ""
    assert trend_chart([], title="") == ""


def test_chart_labels_are_escaped() -> None:
    assert "<b>" not in interval_bar(0.1, 0.2, 0.3, label="<b>")
