from __future__ import annotations

from zhanggui.evals.law_figures import cases, figures


def test_half_of_the_cases_use_the_listed_words_and_half_of_those_are_lawful() -> None:
    listed = [case for case in cases().cases if case.listed]
    assert len(listed) * 2 == len(cases().cases)
    assert sum(case.unlawful for case in listed) * 2 == len(listed)


def test_the_goal_is_met_where_the_listed_words_are_used() -> None:
    found = figures()
    goals = [figure for figure in found if figure.goal]
    assert [figure.met for figure in goals] == [True, True]
    words = [figure.value for figure in found if "a plain word list, " in figure.name][:2]
    assert words[0] < goals[0].value
    assert words[1] < goals[1].value
