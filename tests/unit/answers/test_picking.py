from __future__ import annotations

import math

import pytest

from zhanggui.answers.picking import FACTS, check, fact, pick
from zhanggui.errors import InvalidOutput
from zhanggui.llm.fake import Canned, FakeEngine
from zhanggui.records import Passage


def passage(number: int, text: str = "", **fields: str) -> Passage:
    given = {"kind": "policy", "heading": "售后 > 退货", **fields}
    return Passage(id=str(number), source="a.md", text=text or f"第{number}条", **given)  # type: ignore[arg-type]


def test_the_number_names_the_passage() -> None:
    engine = FakeEngine({"answer.pick": "2"})
    picked = pick(engine, "能退吗", [passage(1), passage(2)])
    assert picked.passage == passage(2)
    assert (picked.probability, picked.choices) == (1.0, 3)


def test_zero_is_none_of_them() -> None:
    assert pick(FakeEngine({"answer.pick": "0"}), "能退吗", [passage(1)]).passage is None


def test_the_probability_is_that_of_the_digit_among_the_choices() -> None:
    logprobs = {"1": math.log(0.6), "0": math.log(0.2), "9": math.log(0.1), "好": math.log(0.1)}
    engine = FakeEngine({"answer.pick": Canned("1", logprobs)})
    picked = pick(engine, "能退吗", [passage(1), passage(2)])
    assert picked.probability == pytest.approx(0.75)


def test_only_a_few_facts_are_shown_and_the_answer_is_constrained() -> None:
    engine = FakeEngine({"answer.pick": "0"})
    pick(engine, "能退吗", [passage(number) for number in range(1, 10)])
    (request,) = engine.history
    shown = request.messages[-1].content
    assert f"{FACTS}. " in shown
    assert f"{FACTS + 1}. " not in shown
    assert request.json_schema == {"type": "integer", "enum": list(range(FACTS + 1))}
    assert request.priority == "customer"


def test_the_prompt_starts_the_same_for_every_question() -> None:
    engine = FakeEngine({"answer.pick": "0"})
    pick(engine, "能退吗", [passage(1)])
    pick(engine, "包邮吗", [passage(2)])
    first, second = engine.history
    assert first.messages[:-1] == second.messages[:-1]


@pytest.mark.parametrize("question", ["{facts} {question} {0}", "能退吗" * 200, "a\nb"])
def test_a_question_is_data(question: str) -> None:
    engine = FakeEngine({"answer.pick": "0"})
    pick(engine, question, [passage(1)])
    lines = engine.history[0].messages[-1].content.splitlines()
    assert sum(line.startswith("问题：") for line in lines) == 1
    assert len(lines) == 4


@pytest.mark.parametrize("answer", ["3", "-1", "二", '"1"', "1.5"])
def test_an_answer_out_of_range_is_an_error(answer: str) -> None:
    with pytest.raises(InvalidOutput):
        pick(FakeEngine({"answer.pick": answer}), "能退吗", [passage(1), passage(2)])


def test_a_fact_is_one_short_line() -> None:
    assert fact(passage(1, "**7天**内\n可退")) == "退货：7天内 可退"
    assert fact(passage(1, "净重：198g", kind="attribute", heading="杯")) == "净重：198g"
    assert fact(passage(1, "可以。", question="包邮吗")) == "包邮吗 可以。"
    assert len(fact(passage(1, "长" * 500))) < 100


def test_a_second_look_gives_the_probability_of_yes() -> None:
    logprobs = {"1": math.log(0.6), "0": math.log(0.2), "好": math.log(0.2)}
    engine = FakeEngine({"answer.check": Canned("1", logprobs)})
    assert check(engine, "能退吗", passage(1), "保温杯") == pytest.approx(0.75)
    (request,) = engine.history
    assert request.json_schema == {"type": "integer", "enum": [0, 1]}
    assert request.messages[-1].content.startswith(
        "商品：保温杯\n资料：退货：第1条\n问题：能退吗\n"
    )


@pytest.mark.parametrize(("answer", "probability"), [("1", 1.0), ("0", 0.0)])
def test_a_server_without_probabilities_says_yes_or_no(answer: str, probability: float) -> None:
    engine = FakeEngine({"answer.check": answer})
    assert check(engine, "{fact}能退吗", passage(1), "") == probability
    assert "问题：{fact}能退吗" in engine.history[0].messages[-1].content
