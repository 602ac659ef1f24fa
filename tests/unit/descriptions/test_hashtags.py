from __future__ import annotations

import pytest

from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.descriptions.hashtags import split
from zhanggui.records import Draft, Product

NOTES = load_channel("xiaohongshu")
CUP = Product(
    id="P3",
    title="316不锈钢保温杯500ml",
    category="杯具/保温杯",
    attributes={
        "容量": "500ml",
        "内胆材质": "316不锈钢",
        "杯盖": "PP",
        "颜色": "奶杏、松石绿",
        "净重": "260g",
    },
)


def tags(draft: Draft) -> list[str]:
    return split(draft.body)[1].split()


def test_a_note_ends_with_what_the_thing_is_and_what_it_is_made_of() -> None:
    draft = describe(CUP, NOTES, None)
    assert draft.state == "draft"
    assert tags(draft) == ["#保温杯", "#316不锈钢", "#杯具"]
    assert len(draft.body) <= NOTES.body.limit


def test_other_channels_have_none() -> None:
    assert tags(describe(CUP, load_channel("taobao"), None)) == []


def test_a_tag_that_the_law_forbids_is_not_set() -> None:
    cup = Product(
        id="P3", title="保温杯", category="杯具/全网最佳保温杯", attributes=CUP.attributes
    )
    assert tags(describe(cup, NOTES, None)) == ["#保温杯", "#316不锈钢", "#杯具"]


def test_approved_wording_keeps_its_own_tags_at_its_end() -> None:
    first = describe(CUP, NOTES, None)
    more = Product(
        id=CUP.id,
        title=CUP.title,
        category=CUP.category,
        attributes={**CUP.attributes, "质保": "1年"},
    )
    again = describe(more, NOTES, None, approved=first)
    assert tags(again) == tags(first)
    assert again.body.count("#") == first.body.count("#")
    assert "质保1年" in " ".join((*again.bullets, again.body))


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("好用。\n#保温杯 #杯具", ("好用。", "#保温杯 #杯具")),
        ("编号#3很好。", ("编号#3很好。", "")),
        ("好用。", ("好用。", "")),
    ],
)
def test_tags_are_told_from_the_text(body: str, parts: tuple[str, str]) -> None:
    assert split(body) == parts
