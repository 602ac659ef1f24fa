from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.answers.coverage import coverage, named, runs_of


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("请问这个能不能放洗碗机呀", ("放洗碗机",)),
        ("有没有专票", ("专票",)),
        ("退货运费谁出", ()),
        ("does it come with a stand?", ("stand",)),
        ("亲在吗", ()),
        ("奶嘴能和贝亲的通用吗", ("奶嘴", "贝亲", "通用")),
    ],
)
def test_what_is_left_of_a_question(text: str, runs: tuple[str, ...]) -> None:
    assert runs_of(text) == runs


@pytest.mark.parametrize(
    ("text", "run", "share"),
    [
        ("不可放洗碗机", "放洗碗机", 1.0),
        ("不可用钢丝球", "钢丝球刷", 0.75),
        ("配送费8元", "邮费", 1.0),
        ("锅盖：钢化玻璃", "盖子", 1.0),
        ("江浙沪包邮", "杭州", 1.0),
        ("其他地区2-4天", "杭州", 0.9),
        ("其他地区2-4天", "西藏", 0.0),
        ("comes with a stand", "stand", 1.0),
        ("understanding", "stand", 0.0),
        ("材质：陶瓷", "洗碗机", 0.0),
    ],
)
def test_a_run_is_named_in_part_or_by_another_word(text: str, run: str, share: float) -> None:
    assert named(text, run) == pytest.approx(share)


def test_without_anything_to_name_all_is_covered() -> None:
    assert coverage((), "材质：陶瓷") == 1.0


runs = st.lists(st.text(alphabet="洗碗机杯盖材质运费abc1", min_size=2, max_size=5), max_size=4)


@given(runs, st.text(alphabet="洗碗机杯盖材质运费 abc1", max_size=20))
def test_coverage_is_a_share_and_more_text_never_covers_less(found: list[str], text: str) -> None:
    share = coverage(found, text)
    assert 0.0 <= share <= 1.0
    assert coverage(found, f"{text} {' '.join(found)}") == pytest.approx(1.0)
    assert coverage(found, f"{text} 其他") >= share
