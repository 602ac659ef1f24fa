from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.evals.figures import Figure
from zhanggui.evals.pii import ALL, FORMATTED, figures, tally
from zhanggui.evals.pii_texts import cases, chat, english
from zhanggui.evals.pii_values import Values
from zhanggui.evals.spans import Tally
from zhanggui.pii.checks import is_id_card

SPANS = st.lists(
    st.builds(
        lambda kind, start, size: (kind, start, start + size),
        st.sampled_from(("NAME", "PHONE")),
        st.integers(0, 12),
        st.integers(1, 5),
    ),
    max_size=4,
)
TEXT = "a" * 20


def write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def test_counts() -> None:
    counts = Tally()
    counts.add("王小明19900001234", [("NAME", 0, 3), ("PHONE", 3, 14)], [("NAME", 0, 2)])
    counts.add("好的", [], [("NAME", 0, 2)])
    counts.add("在吗", [], [])
    assert counts.precision(["NAME"]) == 0.5
    assert counts.recall(["NAME"]) == 1.0
    assert counts.recall(["NAME"], exact=True) == 0.0
    assert counts.recall(["PHONE"]) == 0.0
    assert (counts.personal, counts.uncovered) == (14, 12)
    assert (counts.clean, counts.flagged) == (2, 1)


@given(SPANS)
def test_what_is_found_exactly_is_perfect(spans: list[tuple[str, int, int]]) -> None:
    unique = sorted(set(spans))
    counts = Tally()
    counts.add(TEXT, unique, unique)
    assert counts.f(["NAME", "PHONE"], exact=True) == 1.0
    assert counts.uncovered == 0


@given(SPANS, SPANS)
def test_overlap_is_never_worse_than_exactness(
    true: list[tuple[str, int, int]], found: list[tuple[str, int, int]]
) -> None:
    counts = Tally()
    counts.add(TEXT, sorted(set(true)), sorted(set(found)))
    kinds = ["NAME", "PHONE"]
    assert counts.f(kinds) >= counts.f(kinds, exact=True)
    assert 0 <= counts.uncovered <= counts.personal


def test_placeholders_of_chat_are_filled(tmp_path: Path) -> None:
    turns = [
        "s\tu\t0\t0\t0\tnan\t收件人[姓名x] 电话[电话x]#E-s[数字x]",
        "s\tu\t1\t0\t0\tnan\t[价x]没有",
    ]
    write(tmp_path / "jddc_chat/chat.dev.tsv.gz", turns)
    pair = {"context": "我的订单编号:[数字x],好的", "reply": "在的"}
    write(tmp_path / "jddc_pairs/train.jsonl.gz", [json.dumps(pair, ensure_ascii=False)])
    texts = list(chat(tmp_path, Values(1).fill))
    assert [[kind for kind, _, _ in one.spans] for one in texts] == [
        ["NAME", "PHONE"], ["ORDER_NO"], [], []
    ]  # fmt: skip
    first = texts[0]
    assert first.text[first.spans[1][1] : first.spans[1][2]].startswith("199")
    assert texts[1].text.startswith("我的订单编号:")


def test_english_types_are_ours(tmp_path: Path) -> None:
    row = {
        "full_text": "Ann, 5 May",
        "spans": [
            {"entity_type": "PERSON", "start_position": 0, "end_position": 3},
            {"entity_type": "DATE_TIME", "start_position": 5, "end_position": 10},
        ],
    }
    write(tmp_path / "presidio_pii/synth_dataset_v2.dev.jsonl.gz", [json.dumps(row)])
    assert [one.spans for one in english(tmp_path)] == [(("NAME", 0, 3),)]


@given(st.integers(0, 500))
def test_made_up_values_are_repeatable_and_valid(seed: int) -> None:
    one, other = Values(seed), Values(seed)
    for kind in ("姓名", "地址", "电话", "订单", "身份证号"):
        assert one.fill(kind) == other.fill(kind)
    assert is_id_card(one.fill("身份证号").lower())


def test_own_cases_are_many_and_of_every_type() -> None:
    labelled = cases()
    assert len(labelled) >= 150
    assert {kind for one in labelled for kind, _, _ in one.spans} == set(ALL)
    assert sum(not one.spans for one in labelled) >= 75


def test_own_cases_reach_the_goals() -> None:
    counts = tally(cases())
    assert counts.recall(FORMATTED) >= 0.98
    assert counts.precision(FORMATTED) >= 0.98
    assert counts.f(["NAME"]) >= 0.9
    assert counts.f(["ADDRESS"]) >= 0.85
    assert counts.flagged / counts.clean <= 0.05


def test_without_data_the_own_cases_are_left(tmp_path: Path) -> None:
    measured = figures(tmp_path)
    assert {type(one) for one in measured} == {Figure}
    assert {one.note.split(";")[0] for one in measured} == {"own cases"}


@pytest.mark.data
@pytest.mark.slow
def test_public_sets_reach_the_goals(data_dir: Path) -> None:
    missed = {one.name for one in figures(data_dir) if one.met is False}
    # Values put where the masking cut a word are missed too often for the last half per cent.
    assert missed <= {"pii characters uncovered", "pii speed, rules"}
