"""Cells that a spreadsheet would run, made harmless and back.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to Excel.
Such text gets an apostrophe in front, Excel's own mark for text; reading takes it off again.
Text that already looks neutralised gets one more, so the way back is exact.
"""

from __future__ import annotations

import re

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What no cell of a workbook can hold."""

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")


def neutralise(text: str) -> str:
    """`text` as it may stand in a cell; plain numbers such as -5 stay as they are."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def restore_cell(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text
