from __future__ import annotations

import json

import pytest

from zhanggui.labels import (
    draft_is_ai,
    draft_label,
    file_metadata,
    reply_is_ai,
    reply_label,
)
from zhanggui.records import Draft, Reply, ReplyTier, Verdict


def draft(body: str, tier: str = "model") -> Draft:
    return Draft(
        id="P1:generic",
        product_id="P1",
        channel="generic",
        title="",
        bullets=(),
        body=body,
        verdict=Verdict(claims=(), violations=()),
        tier=tier,  # type: ignore[arg-type]
    )


def reply(text: str, tier: ReplyTier, decision: str = "send") -> Reply:
    return Reply(id="1", decision=decision, text=text, tier=tier)  # type: ignore[arg-type]


@pytest.mark.parametrize("tier", ["model", "quote", "approved"])
@pytest.mark.parametrize("decision", ["send", "suggest"])
def test_a_chinese_ai_label_has_both_words_that_the_standard_wants(
    tier: ReplyTier, decision: str
) -> None:
    made = reply("可以的。", tier, decision)
    label = reply_label(made)
    assert reply_is_ai(made)
    assert "AI" in label or "人工智能" in label
    assert "生成" in label or "合成" in label


def test_fixed_words_are_an_automatic_reply_and_not_ai() -> None:
    for made in (reply("您好", "rule"), reply("我帮您转人工", "model", "hand_over")):
        assert not reply_is_ai(made)
        assert reply_label(made) == "系统自动回复"


def test_the_label_speaks_the_language_of_the_text() -> None:
    assert reply_label(reply("It weighs 198 g.", "model")) == "AI-generated reply"
    assert draft_label(draft("A mug for the road.")) == "AI-generated copy"
    assert draft_label(draft("路上喝水的杯子。")) == "本文案由 AI 生成"


def test_a_list_of_attributes_is_not_labelled() -> None:
    listed = draft("容量：500ml。", tier="rule")
    assert not draft_is_ai(listed)
    assert draft_label(listed) == ""


def test_a_files_metadata_has_the_elements_of_the_standard() -> None:
    assert json.loads(file_metadata("青禾生活", "ab12")) == {
        "Label": "1",
        "ContentProducer": "青禾生活",
        "ProduceID": "ab12",
    }
