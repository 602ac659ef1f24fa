from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.answers.weighing import Logistic, evidence_weights, model_signals, odds

share = st.floats(0, 1)


def test_a_logistic_model_adds_up() -> None:
    model = Logistic(bias=-1.0, weights={"a": 2.0, "b": 0.5})
    assert model.probability({"a": 0.5, "b": 0.0}) == pytest.approx(0.5)
    with pytest.raises(KeyError):
        model.probability({"c": 1.0})


@given(share, share, share, st.booleans())
def test_the_model_never_gets_certain(
    words: float, picked: float, checked: float, first: bool
) -> None:
    signals = model_signals(words, picked, checked, first=first)
    assert 0.0 < evidence_weights().model.probability(signals) < 1.0


@given(share)
def test_odds_are_symmetric_and_bounded(probability: float) -> None:
    assert abs(odds(probability)) < 4.0
    assert odds(probability) == pytest.approx(-odds(1.0 - probability))


def test_the_shipped_weights_point_the_right_way() -> None:
    words, model = evidence_weights().words.weights, evidence_weights().model.weights
    assert min(words[name] for name in ("matter", "covered", "policy_cosine", "label")) > 0
    assert max(words[name] for name in ("stranger", "extra", "lacks", "elsewhere", "behind")) < 0
    assert min(model.values()) > 0
