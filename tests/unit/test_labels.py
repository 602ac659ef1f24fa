from __future__ import annotations

import json
import re

import pytest

from zhanggui.answers.screening import screen
from zhanggui.labels import (
    draft_is_ai,
    draft_label,
    file_metadata,
    metadata_of_rows,
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


@pytest.mark.parametrize("decision", ["send", "suggest"])
@pytest.mark.parametrize("text", ["可以的。", "Yes, it is."])
def test_an_ai_label_has_both_words_that_the_standard_wants(decision: str, text: str) -> None:
    made = reply(text, "model", decision)
    label = reply_label(made)
    assert reply_is_ai(made)
    assert "AI" in label or "人工智能" in label
    assert any(word in label for word in ("生成", "合成", "generated"))


@pytest.mark.parametrize("tier", ["quote", "approved", "rule"])
def test_the_shops_own_words_are_an_automatic_reply_and_not_ai(tier: ReplyTier) -> None:
    made = reply("您好", tier)
    assert not reply_is_ai(made)
    assert reply_label(made).startswith("系统自动回复")
    assert "AI" not in reply_label(made)


def test_a_handover_says_that_no_person_wrote_it() -> None:
    made = reply("我帮您转人工", "model", "hand_over")
    assert not reply_is_ai(made)
    assert reply_label(made) == "系统自动回复"


@pytest.mark.parametrize("tier", ["model", "quote", "approved", "rule"])
@pytest.mark.parametrize("text", ["可以的。", "Yes, it is."])
def test_the_word_in_a_label_leads_to_a_person(tier: ReplyTier, text: str) -> None:
    (word,) = re.findall(r'[“"](.+)[”"]', reply_label(reply(text, tier)))
    screened = screen(word)
    assert screened is not None
    assert screened.group == "wants_person"


def test_the_label_speaks_the_language_of_the_text() -> None:
    assert reply_label(reply("It weighs 198 g.", "model")).startswith("AI-generated reply")
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


def test_a_file_says_that_it_holds_ai_made_rows() -> None:
    made = {"generated": True, "service_provider": "青禾生活", "content_id": "a1"}
    plain = {"generated": False, "service_provider": "青禾生活", "content_id": "b2"}
    told = metadata_of_rows([{"ai": plain}, {"ai": made}])
    assert told is not None
    assert json.loads(told)["ContentProducer"] == "青禾生活"
    assert told == metadata_of_rows([{"ai": json.dumps(made)}]), "read back from a workbook"
    assert told != metadata_of_rows([{"ai": made | {"content_id": "c3"}}])
    for none in ({"ai": plain}, {"ai": "yes"}, {"ai": "1"}, {"ai": ["generated"]}, {}):
        assert metadata_of_rows([none]) is None
