from __future__ import annotations

import pytest

from zhanggui.answers import bounds
from zhanggui.evals.answer_outcomes import Outcome
from zhanggui.evals.shops import Case
from zhanggui.evals.stated_bound import bound_figures, left_out
from zhanggui.records import Question, Reply, ReplyTier
from zhanggui.settings import AnswerSettings


def outcomes(shop: str, right: int, wrong: int, tier: ReplyTier = "quote") -> list[Outcome]:
    def one(number: int, is_right: bool) -> Outcome:
        question = Question(id=f"{shop}-{tier}-{number}", question="?")
        reply = Reply(id=question.id, decision="send", text="", confidence=0.9, tier=tier)
        return Outcome(Case(shop, question, ("a",)), reply, is_right)

    return [one(number, number >= wrong) for number in range(right + wrong)]


def test_a_shop_is_held_against_what_the_others_state() -> None:
    known = [*outcomes("a", 40, 0), *outcomes("b", 40, 0), *outcomes("c", 8, 2)]
    a, b, c = left_out(known, AnswerSettings())
    assert (a.wrong.part, a.wrong.whole, c.wrong.part, c.wrong.whole) == (0, 40, 2, 10)
    # What is wrong on the shop itself is no part of what is stated for it.
    assert c.stated == pytest.approx(bounds.upper(0, 80))
    assert a.stated == b.stated == pytest.approx(bounds.upper(2, 50))
    (figure,) = bound_figures(known, "all")
    assert figure.value == pytest.approx(2 / 90)
    assert "2/90" in figure.note
    assert "2 of 3 shops" in figure.note


def test_each_tier_has_its_own_bound() -> None:
    known = [
        *outcomes("a", 60, 0),
        *outcomes("a", 5, 0, "approved"),
        *outcomes("b", 3, 0),
        *outcomes("b", 1, 0, "approved"),
    ]
    b = list(left_out(known, AnswerSettings()))[1]
    stated = (3 * bounds.upper(0, 60) + bounds.upper(0, 5)) / 4
    assert b.stated == pytest.approx(stated)


def test_one_shop_alone_states_nothing() -> None:
    assert list(bound_figures(outcomes("a", 40, 0), "one")) == []
