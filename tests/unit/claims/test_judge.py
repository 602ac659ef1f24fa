from __future__ import annotations

import pytest

from zhanggui.claims.facts import fact
from zhanggui.claims.judge import ModelJudge
from zhanggui.llm.fake import FakeEngine


@pytest.mark.parametrize("verdict", ["supported", "unsupported", "opinion"])
def test_the_answer_of_the_model_is_taken(verdict: str) -> None:
    engine = FakeEngine({"claims.judge": f'{{"verdict":"{verdict}"}}'})
    assert ModelJudge(engine).judge("杯身很轻", [fact("净重", "280g")]) == verdict
    (request,) = engine.history
    assert "280g" in request.messages[-1].content
    assert request.json_schema is not None


def test_an_unknown_answer_is_unsupported() -> None:
    engine = FakeEngine({"claims.judge": '{"verdict":"maybe"}'})
    assert ModelJudge(engine).judge("杯身很轻", []) == "unsupported"


def test_no_json_is_unsupported() -> None:
    assert ModelJudge(FakeEngine({"claims.judge": "好的"})).judge("杯身很轻", []) == "unsupported"
