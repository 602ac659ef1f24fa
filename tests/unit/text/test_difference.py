from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.text.difference import Piece, difference


@pytest.mark.parametrize(
    ("left", "right", "pieces"),
    [
        ("", "", []),
        ("一口锅", "一口锅", [("same", "一口锅")]),
        ("", "锅", [("new", "锅")]),
        ("锅", "", [("gone", "锅")]),
        (
            "容量4.5L，够用",
            "容量6L，够用",
            [("same", "容量"), ("gone", "4.5"), ("new", "6"), ("same", "L，够用")],
        ),
        ("早晨出门喝水", "全网最好的杯子", [("gone", "早晨出门喝水"), ("new", "全网最好的杯子")]),
    ],
)
def test_pieces_that_people_can_read(left: str, right: str, pieces: list[Piece]) -> None:
    assert difference(left, right) == pieces


@given(st.text("容量4.5L，够 ab", max_size=30), st.text("容量6L，够用 ab", max_size=30))
def test_both_texts_can_be_told_from_the_pieces(left: str, right: str) -> None:
    pieces = difference(left, right)
    assert "".join(text for kind, text in pieces if kind != "new") == left
    assert "".join(text for kind, text in pieces if kind != "gone") == right
