from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.claims.facts import facts_of
from zhanggui.claims.judge import Judgement
from zhanggui.claims.verify import verify
from zhanggui.records import Claim, Fact, Product

CUP = Product(
    id="C1",
    title="云沐 316不锈钢保温杯 500ml",
    category="家居/杯具",
    brand="云沐",
    attributes={
        "容量": "500ml",
        "内胆材质": "316不锈钢",
        "外壳材质": "PP",
        "保温时长": "12小时",
        "保冷时长": "24小时",
        "颜色": "雾霾蓝;奶白",
        "杯口直径": "4.5cm",
        "高度": "23cm",
        "净重": "280g",
        "产地": "浙江永康",
        "质保": "1年",
        "包装清单": "杯子×1、清洁刷×1、说明书×1",
        "适用人群": "通用",
        "可否进洗碗机": "否",
        "温显": "不支持",
        "密封": "硅胶密封圈，倒置不漏",
    },
)
FACTS = facts_of(CUP)


def claims(text: str) -> tuple[Claim, ...]:
    return verify({"text": text}, FACTS)


def statuses(text: str) -> set[str]:
    return {claim.status for claim in claims(text)}


@pytest.mark.parametrize(
    "text",
    [
        "容量500ml",
        "半升容量，一天的水量刚刚好",
        "316不锈钢内胆，12小时保温",
        "不锈钢内胆",
        "重量仅0.28kg",
        "约280克",
        "Holds 17 oz.",
        "keeps drinks hot for 12 hours and cold for 24 hours",
        "保温超过6小时",
        "浙江制造",
        "国产好物",
        "雾霾蓝配色",
        "质保12个月",
        "高23厘米",
        "男士女士都合适",
        "不可放入洗碗机",
        "内附清洁刷",
        "倒置不漏",
        "轻松应对日常通勤",
        "送给自己的一份温柔",
        "没有温显",
        "温显不支持",
        "温显：不支持",
    ],
)
def test_true_and_tasteful_texts_pass(text: str) -> None:
    assert statuses(text) <= {"supported", "opinion"}, claims(text)


@pytest.mark.parametrize(
    ("text", "span", "status", "attribute"),
    [
        ("容量800ml", "800ml", "contradicted", "容量"),
        ("容量500L", "500L", "contradicted", "容量"),
        ("内胆是304不锈钢", "304不锈钢", "contradicted", "内胆材质"),
        ("外壳316不锈钢", "316不锈钢", "contradicted", "外壳材质"),
        ("红色杯身", "红色", "contradicted", "颜色"),
        ("产自日本", "日本", "contradicted", "产地"),
        ("婴儿也能放心用", "婴儿", "contradicted", "适用人群"),
        ("质保两年", "两年", "contradicted", "质保"),
        ("可放进洗碗机", "洗碗机", "contradicted", "可否进洗碗机"),
        ("保温24小时，保冷24小时", "24小时", "contradicted", "保温时长"),
        ("高度4.5cm", "4.5cm", "contradicted", "高度"),
        ("保温超过12小时", "超过12小时", "contradicted", "保温时长"),
        ("支持温显", "温显", "contradicted", "温显"),
        ("通过SGS检测", "SGS", "unsupported", None),
        ("附赠精美杯套", "附赠精美杯套", "unsupported", None),
        ("荣获红点奖", "红点", "unsupported", None),
        ("比普通保温杯更保温", "比普通保温杯更保温", "unsupported", None),
        ("终身保修", "终身保修", "unsupported", None),
        ("内置UV杀菌", "杀菌", "unsupported", None),
        ("月销十万件", "十万件", "unsupported", None),
        ("不含甲醛", "甲醛", "unsupported", None),
        ("安全无毒", "无毒", "unsupported", None),
        ("SPF50防晒", "SPF50", "unsupported", None),
        ("comes with a free straw", "free straw", "unsupported", None),
    ],
)
def test_errors_are_caught_with_their_span(
    text: str, span: str, status: str, attribute: str | None
) -> None:
    start = text.index(span)
    bad = [claim for claim in claims(text) if claim.status in ("contradicted", "unsupported")]
    hits = [claim for claim in bad if claim.start < start + len(span) and start < claim.end]
    assert status in {claim.status for claim in hits}, claims(text)
    assert all(claim.why for claim in bad)
    if attribute:
        evidence = {claim.evidence.attribute for claim in hits if claim.evidence}
        assert evidence == {attribute}


def test_every_supported_claim_has_its_evidence() -> None:
    for claim in claims("316不锈钢内胆，保温12小时，净重280g，配清洁刷，雾霾蓝很耐看。"):
        assert (claim.evidence is not None) == (claim.status == "supported")
        if claim.evidence:
            value = {fact.attribute: fact.value for fact in FACTS}[claim.evidence.attribute]
            assert value == claim.evidence.value


def test_a_closer_claim_than_the_fact_is_unsupported_not_contradicted() -> None:
    from zhanggui.claims.facts import fact

    (claim,) = [c for c in verify({"t": "304不锈钢锅身"}, [fact("材质", "不锈钢")]) if c.why]
    assert claim.status == "unsupported"


def test_markup_is_skipped_and_offsets_stay() -> None:
    text = "<p class='x3'>容量<b>800ml</b></p>"
    (bad,) = [claim for claim in claims(text) if claim.status == "contradicted"]
    assert (bad.text, text[bad.start : bad.end]) == ("800ml", "800ml")


def test_without_facts_every_number_is_unsupported() -> None:
    assert {claim.status for claim in verify({"t": "容量800ml"}, ())} == {"unsupported"}


class _Judge:
    def __init__(self, answer: Judgement) -> None:
        self.answer: Judgement = answer
        self.asked: list[str] = []

    def judge(self, statement: str, facts: tuple[Fact, ...]) -> Judgement:
        self.asked.append(statement)
        return self.answer


@pytest.mark.parametrize("answer", ["supported", "opinion", "unsupported"])
def test_the_judge_decides_only_what_rules_leave_open(answer: Judgement) -> None:
    judge = _Judge(answer)
    found = verify({"t": "容量500ml，杯身经过阳极氧化处理"}, FACTS, judge)  # type: ignore[arg-type]
    assert judge.asked == ["杯身经过阳极氧化处理"]
    assert found[-1].status == answer


@given(st.text(alphabet=st.sampled_from(list("容量500mlL不锈钢，。 a3℃<b>Ａ½赠送")), max_size=60))
def test_offsets_hold_and_claims_do_not_overlap(text: str) -> None:
    end = 0
    for claim in claims(text):
        assert text[claim.start : claim.end] == claim.text
        assert end <= claim.start < claim.end
        end = claim.end


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    for claim in claims(text):
        assert text[claim.start : claim.end] == claim.text


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("执行GB 4706.19-2008", "supported"),
        ("执行GB 4706.19-2018", "contradicted"),
        ("酥脆，适合坚果过敏人群", "unsupported"),
    ],
)
def test_the_year_of_a_standard_and_the_allergic_count(text: str, status: str) -> None:
    facts = facts_of(
        Product(
            id="K",
            title="花生壶",
            attributes={"执行标准": "GB 4706.19-2008", "过敏原": "花生，坚果过敏者禁食"},
        )
    )
    assert status in {claim.status for claim in verify({"t": text}, facts)}
