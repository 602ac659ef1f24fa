from __future__ import annotations

from dataclasses import replace

import pytest

from zhanggui.answers.decision import decide_picked, is_grey, is_sure, judged, tier_of
from zhanggui.answers.evidence import Evidence, Features
from zhanggui.answers.picking import Pick
from zhanggui.records import Passage

POLICY = Passage(id="1", source="a.md", text="7天内可退", kind="policy")
FAQ = Passage(id="2", source="faq.csv:2", text="可以", kind="faq", question="能退吗")
GOOD = Features(
    asked=True,
    matter=1.0,
    covered=1.0,
    anchors=1,
    holds=True,
    extra=0.0,
    cosine=0.5,
    narrow=False,
    own=True,
    elsewhere=False,
)


def evidence(confidence: float, passage: Passage = POLICY, **features: object) -> Evidence:
    return Evidence(passage, replace(GOOD, **features), confidence)  # type: ignore[arg-type]


def picked(probability: float) -> Pick:
    return Pick(POLICY, probability, 6)


def test_confidence_and_coverage_make_it_sure() -> None:
    assert is_sure(evidence(0.9))
    assert not is_sure(evidence(0.6))
    assert not is_sure(evidence(0.99, covered=0.6))


def test_the_same_question_in_other_words_is_sure() -> None:
    assert is_sure(evidence(0.9, FAQ, covered=0.7, cosine=0.8))
    assert not is_sure(evidence(0.9, FAQ, covered=0.7, cosine=0.5))
    assert not is_sure(evidence(0.9, FAQ, covered=0.7, cosine=0.8, extra=0.8))


def test_the_model_is_not_asked_about_the_hopeless() -> None:
    assert is_grey(evidence(0.6))
    assert not is_grey(evidence(0.1))


def test_curated_answers_have_their_own_tier() -> None:
    assert tier_of(evidence(0.9, FAQ)) == "approved"
    assert tier_of(evidence(0.9, POLICY)) == "quote"


def test_a_choice_no_better_than_chance_changes_nothing() -> None:
    assert judged(evidence(0.8), picked(1 / 6)) == pytest.approx(0.8)
    assert judged(evidence(0.8), picked(0.7)) > 0.95
    assert judged(evidence(0.8), picked(0.01)) < 0.3


def test_extreme_probabilities_stay_within_bounds() -> None:
    assert 0.0 < judged(evidence(0.0), picked(0.0)) < judged(evidence(1.0), picked(1.0)) < 1.0


@pytest.mark.parametrize(
    ("confidence", "first", "features", "outcome"),
    [
        (0.97, True, {}, "send"),
        (0.97, False, {}, "suggest"),
        (0.97, True, {"matter": 0.5}, "suggest"),
        (0.97, True, {"holds": False}, "suggest"),
        (0.97, True, {"own": False, "covered": 0.3}, "suggest"),
        (0.8, True, {}, "suggest"),
        (0.5, True, {}, "hand_over"),
    ],
)
def test_a_choice_is_sent_only_where_the_words_agree(
    confidence: float, first: bool, features: dict[str, object], outcome: str
) -> None:
    assert decide_picked(confidence, evidence(0.8, **features), first=first) == outcome


def test_a_choice_that_is_not_about_the_matter_is_never_sent() -> None:
    assert decide_picked(0.99, evidence(0.9, matter=0.4), first=True) == "suggest"
