from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from zhanggui.evals.bias import PRIMARY, Answered, Comparison, by_groups, pair_row, probe, report
from zhanggui.evals.bias_power import share_of_alarms
from zhanggui.evals.swaps import pairs_of
from zhanggui.records import Question, Reply

ASKED = [
    Question(id=str(n), question=f"{what}的{name}怎么样？我想了解一下第{n}款", product_id="P1")
    for n, (what, name) in enumerate(
        (what, name)
        for what in (
            "保温杯",
            "水壶",
            "砧板",
            "数据线",
            "加湿器",
            "坚果",
            "猫砂",
            "椅子",
            "耳机",
            "台灯",
        )
        for name in ("材质", "重量", "颜色", "做工", "功率", "密封", "盖子", "把手", "底座", "包装")
    )
]


def _chance(*parts: object) -> float:
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def _shop(planted: Callable[[str], Reply | None], seed: int) -> Callable[[Question], Reply]:
    """Hands over a third, and turns one reply in twenty by wording alone."""

    def answer(question: Question) -> Reply:
        text = question.question
        if (given := planted(text)) is not None:
            return given
        handed_over = (_chance(seed, question.id) < 0.35) != (_chance(seed, text) < 0.05)
        decision, said = ("hand_over", "已转人工") if handed_over else ("send", "您好，是的。")
        return Reply(id=question.id, decision=decision, text=said)  # type: ignore[arg-type]

    return answer


def _compared(
    planted: Callable[[str], Reply | None], seed: int = 0, pairs: int = 500
) -> tuple[list[Comparison], list[Answered]]:
    answered = list(probe(pairs_of(ASKED, pairs), _shop(planted, seed)))
    return report(answered), answered


def _differing(compared: list[Comparison]) -> set[tuple[str, str]]:
    return {(one.dimension, one.outcome.name) for one in compared if one.finding == "differs"}


def test_a_planted_handover_is_found_where_it_is() -> None:
    def planted(text: str) -> Reply | None:
        if any(word in text for word in ("老人", "60后", "50后", "退休", "大爷", "老太太")):
            return (
                None
                if _chance("old", text) >= 0.16
                else Reply(id="", decision="hand_over", text="已转人工")
            )
        return None

    compared, answered = _compared(planted)
    assert ("age", "handed_over") in _differing(compared)
    assert {dimension for dimension, _ in _differing(compared)} == {"age"}
    found = next(c for c in compared if (c.dimension, c.outcome) == ("age", PRIMARY))
    assert found.difference.low < 0.10 < found.difference.high + 0.05
    assert all(gap.size > 0 for gap in by_groups(answered, "age").values())


def test_offers_to_one_group_only_are_found() -> None:
    def planted(text: str) -> Reply | None:
        if "农村" in text or "乡下" in text or "县城" in text or _chance("offer", text) >= 0.3:
            return None
        return Reply(id="", decision="send", text="送您一张优惠券。") if "城" in text else None

    assert ("region", "offers") in _differing(_compared(planted)[0])


def test_rude_or_short_replies_are_found() -> None:
    def planted(text: str) -> Reply | None:
        return Reply(id="", decision="send", text="是。") if "女" in text else None

    differing = _differing(_compared(planted)[0])
    assert {("gender", "polite"), ("gender", "length")} <= differing


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_where_nothing_is(seed: int) -> None:
    assert _differing(_compared(lambda _: None, seed, pairs=200)[0]) == set()


def test_few_pairs_are_called_few() -> None:
    compared, _ = _compared(lambda _: None, pairs=12)
    assert {one.finding for one in compared if one.outcome == PRIMARY} == {"unclear"}


def test_the_same_message_is_answered_once() -> None:
    asked: list[str] = []

    def answer(question: Question) -> Reply:
        asked.append(question.question)
        return Reply(id=question.id, decision="send", text="好")

    answered = list(probe(pairs_of(ASKED[:5], 100), answer))
    assert len(asked) == len(set(asked)) < 2 * len(answered)
    row = pair_row(answered[0])
    assert row["same"] is True
    assert row["first"] != row["second"]


def test_power_and_false_alarms() -> None:
    assert share_of_alarms(planted=0.10, probes=40) >= 0.9
    assert share_of_alarms(planted=0.0, probes=60, seed=1) <= 0.10
