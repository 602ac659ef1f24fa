from __future__ import annotations

from dataclasses import replace

from iron_pot import POT

from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Draft

GENERIC = load_channel("generic")


def approved() -> Draft:
    """What a person made of it: her own bullet, and a last sentence of her own."""
    draft = describe(POT, GENERIC, None)
    others = [line for line in draft.bullets if "5.2kg" not in line and "4.5L" not in line]
    bullets = ("容量4.5L，一家五口的汤一锅搞定", "口径24cm", *others[:2])
    return replace(draft, bullets=bullets, body=draft.body + "慢炖的香味，推门就闻到。")


def test_where_everything_holds_the_approved_wording_is_all_there_is() -> None:
    fake = FakeEngine({})
    # The weight stood in the bullet that she left out.
    light = {name: value for name, value in POT.attributes.items() if name != "重量"}
    before = approved()
    again = describe(replace(POT, attributes=light), GENERIC, fake, approved=before)
    assert (again.title, again.bullets, again.body) == (before.title, before.bullets, before.body)
    assert "5.2kg" not in again.selling_point
    assert again.state == "draft"
    assert fake.history == [], "nothing was left to be written"


def test_what_is_there_is_told_by_its_name() -> None:
    pot = replace(POT, attributes={**POT.attributes, "水位窗": "有"})
    before = approved()
    before = replace(before, body=f"{before.body}它有水位窗，用到了就觉得值。")
    assert describe(pot, GENERIC, None, approved=before).body.count("水位窗") == 1


def test_only_what_it_does_not_tell_is_written_anew() -> None:
    fake = FakeEngine({"describe.write": "{}"})
    before = approved()
    again = describe(POT, GENERIC, fake, approved=before)
    assert again.bullets[:-1] == before.bullets
    assert again.bullets[-1].startswith("重量5.2kg")
    assert (again.title, again.body) == (before.title, before.body)
    assert fake.history == [], "with one attribute left there is nothing to choose"


def test_a_value_that_changed_is_put_into_the_approved_words() -> None:
    changed = replace(POT, attributes={**POT.attributes, "容量": "6L", "质保": "3年"})
    again = describe(changed, GENERIC, None, approved=approved())
    assert "容量6L，一家五口的汤一锅搞定" in again.bullets
    assert "3年" in again.body
    assert "慢炖的香味，推门就闻到。" in again.body
    assert again.verdict.publishable


def test_a_sentence_whose_fact_is_gone_leaves() -> None:
    gone = {name: value for name, value in POT.attributes.items() if name != "颜色"}
    again = describe(replace(POT, attributes=gone), GENERIC, None, approved=approved())
    assert "墨绿" not in again.body
    assert "慢炖的香味，推门就闻到。" in again.body
    assert again.verdict.publishable


def test_unlawful_or_unproved_words_do_not_come_back_though_they_were_approved() -> None:
    before = approved()
    bad = replace(before, bullets=("全网最好的锅", "送一把锅铲"), body=before.body)
    again = describe(POT, GENERIC, None, approved=bad)
    text = " ".join(again.copy.parts().values())
    assert "最好" not in text
    assert "锅铲" not in text
    assert again.verdict.publishable


def test_words_of_a_model_keep_their_label() -> None:
    before = replace(approved(), tier="model")
    assert describe(POT, GENERIC, None, approved=before).tier == "model"
    assert describe(POT, GENERIC, None, approved=approved()).tier == "rule"
