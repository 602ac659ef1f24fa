"""What one text says otherwise than another, in pieces that people can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Piece = tuple[Literal["same", "gone", "new"], str]

# A number or a word of letters counts as one; so does each Han character.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)
_SPECK = 2
_ALIKE = 0.4


def difference(left: str, right: str) -> list[Piece]:
    """The pieces of both texts in order: `same` and `gone` give `left`, `same` and `new` `right`.

    What is hardly alike is shown as a whole, and a speck that stayed between two changes with them.
    """
    old, new = _TOKEN.findall(left), _TOKEN.findall(right)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return list(_pieces([(False, left, right)]))
    blocks: list[tuple[bool, str, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        equal = kind == "equal" and (b - a > _SPECK or a == 0 or b == len(old))
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if blocks and blocks[-1][0] == equal:
            _, before, after = blocks.pop()
            gone, came = before + gone, after + came
        blocks.append((equal, gone, came))
    return list(_pieces(blocks))


def _pieces(blocks: list[tuple[bool, str, str]]) -> Iterator[Piece]:
    for equal, gone, came in blocks:
        if equal:
            yield "same", gone
            continue
        if gone:
            yield "gone", gone
        if came:
            yield "new", came
