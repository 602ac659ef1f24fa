"""Untrusted text in a prompt: data in quotes, with nothing in it that could end the quotes.

The wall stands elsewhere (answers are constrained, quotes are copied by code, rows are chosen
by the verified customer's key); this only keeps a text from posing as another speaker.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

# What chat templates use to change the speaker, and fences that prompts use.
_MARKUP = re.compile(
    r"<\|[^|>\n]{0,40}\|?>|<｜[^｜>\n]{0,40}｜?>|\[/?(?:INST|SYS)\]|<</?SYS>>|</?s>|"
    r"</?(?:start|end)_of_turn>|</?(?:system|user|assistant|tool_call|tool_response|think)>|"
    r"`{3,}|~{4,}|\"{3,}",
    re.IGNORECASE,
)
_LINE_MARKS = {"Zl", "Zp", "Cc"}
_KEPT_FORMATS = {"\u200d", "\u200c"}


def plain(text: str) -> str:
    """`text` on one line, without hidden characters and without the marks of chat templates.

    Idempotent; a text that has none of them comes back as it was, spaces at its ends aside.
    """
    visible = "".join(_shown(char) for char in text)
    before = None
    while before != visible:
        # Removing one mark may join the halves of another.
        before, visible = visible, _MARKUP.sub(" ", visible)
    return visible.strip()


def cleaned(value: Any) -> Any:
    """`value`, about to become JSON in a prompt, with every text in it plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(name): cleaned(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [cleaned(one) for one in value]
    return value


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in _LINE_MARKS:
        return " "
    if kind in ("Cf", "Cs", "Co", "Cn") and char not in _KEPT_FORMATS:
        return ""
    return char
