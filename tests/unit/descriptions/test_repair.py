from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.claims.facts import facts_of
from zhanggui.descriptions.brief import brief
from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import judged
from zhanggui.descriptions.repair import faults, pruned
from zhanggui.records import Copy, Product

CUP = Product(id="C1", title="保温杯 500ml", attributes={"容量": "500ml", "材质": "304不锈钢"})
FACTS = facts_of(CUP)
GENERIC = load_channel("generic")
_TORN = re.compile(r"[，,、；;。！？]\s*[，,、；;。！？]|^[，,、；;。！？]|[，,、；;]$")
_CLAUSE = st.sampled_from(
    ["容量500ml", "容量800ml", "304不锈钢", "天然抗菌", "早上带一杯出门", "荣获金奖", "全网最好"]
)
_TEXT = st.lists(st.tuples(_CLAUSE, st.sampled_from("，。；！、")), max_size=8).map(
    lambda pieces: "".join(clause + mark for clause, mark in pieces)
)


def test_a_fault_is_the_whole_sentence() -> None:
    copy = Copy("杯", ("容量500ml", "容量800ml，很大"), "早上出门。容量800ml，很大。")
    found = faults(copy, judged(CUP, copy.parts(), FACTS))
    assert [(one.part, one.text) for one in found] == [
        ("bullets.1", "容量800ml，很大"),
        ("body", "容量800ml，很大。"),
    ]


@given(_TEXT, st.lists(_TEXT, max_size=4), _TEXT)
def test_what_is_left_is_proved_and_whole(title: str, bullets: list[str], body: str) -> None:
    copy = Copy(title, tuple(bullets), body)
    found = faults(copy, judged(CUP, copy.parts(), FACTS))
    left = pruned(copy, found, brief(CUP, FACTS, GENERIC, "zh"))
    assert judged(CUP, left.parts(), FACTS).publishable
    assert left.title
    for part in (*left.bullets, left.body):
        assert not _TORN.search(part), part
