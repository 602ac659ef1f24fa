"""Which of our two languages a text is written in."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh", "en"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")


def language_of(text: str) -> Language:
    """`zh` if the text has as many Han characters as Latin words, else `en`; empty is `zh`."""
    han = len(_HAN.findall(text))
    latin = len(_LATIN.findall(text))
    return "en" if latin > han else "zh"
