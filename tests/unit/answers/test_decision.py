from __future__ import annotations

from dataclasses import replace

from zhanggui.answers.decision import (
    decide,
    is_grey,
    is_likely,
    is_near,
    is_sure,
    judged,
    tier_of,
)
from zhanggui.answers.evidence import Evidence, Features
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
    behind=0.0,
    characters=0.5,
    label=0.0,
    kind="policy",
    narrow=False,
    own=True,
    elsewhere=False,
)


def evidence(confidence: float, passage: Passage = POLICY, **features: object) -> Evidence:
    return Evidence(passage, replace(GOOD, **features), confidence)  # type: ignore[arg-type]


def test_confidence_and_coverage_make_it_sure() -> None:
    assert is_sure(evidence(0.9))
    assert not is_sure(evidence(0.4))
    assert not is_sure(evidence(0.99, covered=0.5))
    assert not is_sure(evidence(0.99, holds=False))
    assert not is_sure(evidence(0.99, matter=0.4))


def test_without_a_known_matter_it_takes_more() -> None:
    assert not is_sure(evidence(0.7, asked=False, matter=0.0))
    assert is_sure(evidence(0.9, asked=False, matter=0.0))


def test_the_same_question_in_other_words_is_sure() -> None:
    assert is_sure(evidence(0.9, FAQ, covered=0.5, cosine=0.8))
    assert not is_sure(evidence(0.9, FAQ, covered=0.5, cosine=0.5))
    assert not is_sure(evidence(0.9, FAQ, covered=0.5, cosine=0.8, extra=0.8))


def test_the_model_is_not_asked_about_the_hopeless() -> None:
    assert is_grey(evidence(0.6))
    assert not is_grey(evidence(0.01))


def test_curated_answers_have_their_own_tier() -> None:
    assert tier_of(evidence(0.9, FAQ)) == "approved"
    assert tier_of(evidence(0.9, POLICY)) == "quote"


def test_every_word_of_the_model_counts() -> None:
    grey = evidence(0.4)
    good = judged(grey, 0.9, 0.8, first=True)
    assert good > judged(grey, 0.3, 0.8, first=True)
    assert good > judged(grey, 0.9, 0.3, first=True)
    assert good > judged(grey, 0.9, 0.8, first=False)
    assert good > judged(evidence(0.1), 0.9, 0.8, first=True)


def test_extreme_probabilities_stay_within_bounds() -> None:
    worst = judged(evidence(0.0), 0.0, 0.0, first=False)
    best = judged(evidence(1.0), 1.0, 1.0, first=True)
    assert 0.0 < worst < best < 1.0


def test_a_choice_is_sent_only_where_the_words_rank_it_first() -> None:
    assert decide(0.97, first=True) == "send"
    assert decide(0.97, first=False) == "suggest"
    assert decide(0.6, first=True) == "suggest"
    assert decide(0.2, first=True) == "hand_over"


def test_the_staff_see_what_is_likely() -> None:
    assert is_likely(evidence(0.8))
    assert not is_likely(evidence(0.8, covered=0.2))
    assert not is_likely(evidence(0.4))


def test_a_second_passage_is_near_from_half_the_confidence() -> None:
    assert is_near(evidence(0.5), evidence(0.9))
    assert not is_near(evidence(0.3), evidence(0.9))
