"""Traditional characters read as simplified ones."""

from __future__ import annotations

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
    return text if text.isascii() else text.translate(_characters())


@cache
def _characters() -> dict[int, int]:
    return {
        ord(traditional): ord(plain)
        for row in load(_Rows, "zhanggui.text", "traditional.yaml").rows
        for traditional, plain in zip(row.traditional, row.simplified, strict=True)
    }
