"""Traditional characters read as simplified ones."""

from __future__ import annotations

import re
from functools import cache

from zhanggui.text.datafile import DataModel, load


class _Row(DataModel):
    traditional: str
    simplified: str


class _Rows(DataModel):
    rows: tuple[_Row, ...]


def simplified(text: str) -> str:
    """`text` with simplified characters for traditional ones: 陳麗華 is 陈丽华.

    One character for one, so the length stays and offsets hold in both. Characters that
    simplified text uses too (乾, 著) stay as they are.
    """
    table, any_of_them = _characters()
    return text.translate(table) if any_of_them.search(text) else text


@cache
def _characters() -> tuple[dict[int, int], re.Pattern[str]]:
    table = {
        ord(traditional): ord(plain)
        for row in load(_Rows, "zhanggui.text", "traditional.yaml").rows
        for traditional, plain in zip(row.traditional, row.simplified, strict=True)
    }
    # Most texts hold none: a search is faster than a translation that changes nothing.
    return table, re.compile(f"[{''.join(map(chr, table))}]")
