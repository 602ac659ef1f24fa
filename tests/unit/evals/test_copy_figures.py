"""The table of three ways to write."""

from __future__ import annotations

from zhanggui.claims.facts import facts_of
from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.overlap import copied
from zhanggui.evals.copy_figures import LISTED, OURS, UNCHECKED, figures, listed, measure
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Product

CUP = Product(
    id="P1",
    title="云沐 保温杯 500ml",
    category="家居/杯具",
    attributes={"容量": "500ml", "内胆材质": "316不锈钢", "颜色": "奶白", "质保": "1年"},
)


def test_a_list_of_attributes_tells_all_and_is_copied() -> None:
    channel = load_channel("generic")
    one = measure(CUP, channel, listed(CUP, channel))
    assert (one.covered, one.contradicted, one.publishable) == (1.0, 0, True)
    assert one.copied > 0.3


def test_what_is_invented_counts() -> None:
    one = measure(CUP, load_channel("generic"), {"body": "容量800ml，获红点奖，内胆316不锈钢。"})
    assert (one.contradicted, one.unsupported, one.publishable) == (1, 1, False)


def test_a_sentence_in_two_parts_is_a_repeat() -> None:
    channel = load_channel("generic")
    assert measure(CUP, channel, {"title": "半升容量", "body": "半升容量。"}).repeats
    assert not measure(CUP, channel, {"title": "半升容量", "body": "奶白色。"}).repeats


def test_copied_characters_are_those_in_pieces_of_an_attribute() -> None:
    facts = facts_of(CUP)
    assert copied("316不锈钢", facts) == 1.0
    assert copied("白天喝水", facts) == 0.0


def test_three_ways_stand_beside_each_other() -> None:
    engine = FakeEngine(lambda request: "获红点奖，容量800ml。")
    names = [figure.name for figure in figures([CUP], engine)]
    assert len(names) == 18
    assert all(any(name.endswith(way) for way in (OURS, UNCHECKED, LISTED)) for name in names)
