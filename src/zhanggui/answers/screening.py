"""What never gets an automatic reply, before anything is looked up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from zhanggui.answers.lexicon import ScreenGroup, screen_groups
from zhanggui.guard.screen import shipped_guard
from zhanggui.text.normalise import normalise

MAX_LENGTH = 500
"""Longer than any single question; what comes above is a pasted document or an attack."""

_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff，。！？])\s+(?=[\u3400-\u9fff])")
_WORD = re.compile(r"\w")
_STRANGE = {"Cc", "Cf", "Co", "Cn", "Cs"}
_STRANGE_SHARE = 0.1
_MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Screened:
    """Why a person has to answer."""

    group: str
    reason: str
    unless_known: bool = False
    """The shop's own data may still answer."""


def screen(text: str) -> Screened | None:
    """The first reason to hand the message over, or None."""
    if not _WORD.search(text):
        return Screened("empty", "消息里没有可以理解的文字")
    if len(text) > MAX_LENGTH:
        return Screened("too_long", f"消息超过 {MAX_LENGTH} 个字，需要人工阅读")
    if _strange(text):
        return Screened("binary", "消息含有乱码或不可见字符")
    found = _grouped(readable(text))
    # The shop's own data may answer a question, never an attack.
    if (found is None or found.unless_known) and any(shipped_guard().injections.found([text])):
        return Screened("injection", "含有试图改变系统行为的指令，不予执行")
    return found


def groups_of(text: str) -> frozenset[str]:
    """The names of all groups that a message belongs to, also those that do not decide."""
    return frozenset(group.name for group in _matching(readable(text)))


def _grouped(form: str) -> Screened | None:
    """The first group; what the shop's data may answer comes last: 孕妇能用吗，转人工."""
    found = sorted(_matching(form), key=lambda group: group.unless_known)
    return Screened(found[0].name, found[0].reason, found[0].unless_known) if found else None


def _matching(form: str) -> list[ScreenGroup]:
    return [
        group
        for group in screen_groups()
        if group.pattern.search(form) and not (group.harmless and group.harmless.search(form))
    ]


def readable(text: str) -> str:
    """The form that patterns are matched against: NFKC, lower case, no hidden characters, no
    white space between Han characters ("转 人 工")."""
    return _HAN_GAP.sub("", normalise(_MARKS.sub("", text)).text).strip()


def _strange(text: str) -> bool:
    # Joiners inside emoji are format characters (Cf) and harmless.
    odd = sum(
        unicodedata.category(char) in _STRANGE and char not in "\n\r\t\u200d" for char in text
    )
    return odd > max(2, _STRANGE_SHARE * len(text)) or "\ufffd" in text or "\0" in text
