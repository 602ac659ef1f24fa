from __future__ import annotations

import pytest

from zhanggui.answers.agreement import agreement
from zhanggui.errors import EngineTimeout
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.engine import Engine, Request
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.records import Citation, Decision, Product, Reply, ReplyTier

EMBEDDER = UniversalSentenceEncoder(threads=1)
CUP = Product(id="P1", title="保温杯", attributes={"颜色": "雾白、雾蓝、雾灰", "容量": "350ml"})


def compared(
    question: str,
    ours: str,
    staff: str,
    *,
    decision: Decision = "send",
    tier: ReplyTier = "quote",
    engine: Engine | None = None,
) -> str:
    name, _, value = ours.partition("：")
    source = f"products.csv:P1/{name}" if value else "knowledge/a.md#b"
    citations = (Citation(source, value or ours),)
    reply = Reply(id="1", decision=decision, text=ours, citations=citations, tier=tier)
    found = agreement(question, reply, staff, product=CUP, embedder=EMBEDDER, engine=engine)
    assert found.why
    return found.verdict


@pytest.mark.parametrize(
    ("question", "ours", "staff", "verdict"),
    [
        ("承重多少", "承重：120kg", "承重240斤的亲", "agree"),
        ("承重多少", "承重：120kg", "承重200斤的亲", "differ"),
        ("申请到什么时候", "申请截止12月31日", "申请截止到12月31日哦", "agree"),
        ("申请到什么时候", "申请截止12月31日", "申请截止到11月30日哦", "differ"),
        ("能放微波炉吗", "微波炉可以用", "可以放微波炉的", "agree"),
        ("能放微波炉吗", "微波炉不可用", "可以放微波炉的", "differ"),
        ("这个壶能保温吗", "保温功能：无", "没有保温功能，烧开后会自动断电。", "agree"),
        ("什么颜色", "颜色：雾白", "颜色只有雾蓝", "differ"),
        ("什么颜色", "颜色：雾白", "颜色有雾白", "agree"),
        ("杯盖什么材质", "杯盖材质：PP", "杯盖材质是PP", "agree"),
        ("怎么清洗", "内胆用软布擦", "先问问您买的哪一款吧", "cannot_tell"),
    ],
)
def test_code_compares_numbers_dates_answers_and_values(
    question: str, ours: str, staff: str, verdict: str
) -> None:
    assert compared(question, ours, staff) == verdict


def test_a_handover_is_right_where_the_staff_had_no_answer_either() -> None:
    put_off = "这个我需要跟厂家确认一下，稍后回复您。"
    assert compared("能放洗碗机吗", "…", put_off, decision="hand_over") == "agree"
    assert compared("能放洗碗机吗", "…", "可以放", decision="hand_over") == "staff_only"
    assert compared("能放洗碗机吗", "可以放", put_off) == "cannot_tell"


def test_an_order_that_moved_on_is_no_error() -> None:
    now = "您的订单目前是「已签收」。发货时间：2026-11-14 16:09。承运快递：中通快递。"
    assert compared("到哪了", now, "11月14日已由中通发出", tier="rule") == "agree"
    assert compared("到哪了", now, "还在备货呢", tier="rule") == "cannot_tell"


def test_the_model_is_asked_only_where_code_cannot_tell() -> None:
    engine = FakeEngine({"answer.agree": Canned("1", {"1": -0.01, "0": -5.0})})
    assert compared("承重多少", "承重：120kg", "承重240斤", engine=engine) == "agree"
    assert engine.history == []
    assert compared("怎么清洗", "内胆用软布擦", "冲干净晾干就好", engine=engine) == "agree"
    (asked,) = engine.history
    assert asked.json_schema == {"type": "integer", "enum": [0, 1]}
    unsure = FakeEngine({"answer.agree": Canned("1", {"1": -0.6, "0": -0.8})})
    assert compared("怎么清洗", "内胆用软布擦", "冲干净晾干就好", engine=unsure) == "cannot_tell"
    no = FakeEngine({"answer.agree": Canned("0", {"0": -0.01, "1": -5.0})})
    assert compared("怎么清洗", "内胆用软布擦", "冲干净晾干就好", engine=no) == "differ"


def test_a_failing_model_leaves_it_open() -> None:
    def fail(request: Request) -> str:
        raise EngineTimeout("too slow")

    engine = FakeEngine(fail)
    assert compared("怎么清洗", "内胆用软布擦", "冲干净晾干", engine=engine) == "cannot_tell"
