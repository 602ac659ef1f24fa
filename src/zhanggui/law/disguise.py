"""Forbidden words under a disguise: 第*一, 国|家|级, zui好, 頂級, 全网🥇, 加VX.

The plain form keeps the way back to the original offsets, so that what is found in it can be
shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import Normalised, normalise

_GAP = r"[\s*·•|/\\_\-~^.,'`\"+#@=:、，。丨]{1,3}"
_HIDDEN = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]")


class Disguises(DataModel):
    """`disguises.yaml`."""

    traditional: dict[str, str]
    """Runs of traditional characters and the simplified ones in their places."""
    apart: list[str]
    """Words that are written with something between their characters; a class stands for one."""
    written: dict[str, str]
    """Patterns of other spellings, and the word that each stands for."""


def plain(text: str) -> Normalised:
    """The normal form of `text` with disguised words as words."""
    normal = normalise(text)
    if _HIDDEN.search(normal.text):
        normal = _replaced(normal, _HIDDEN, lambda _: "")
    table, apart, written = _compiled()
    normal = Normalised(normal.text.translate(table), normal.offsets)
    if apart.search(normal.text):
        normal = _replaced(normal, apart, lambda match: _closed(match.group()))
    for pattern, word in written:
        if pattern.search(normal.text):
            normal = _replaced(normal, pattern, partial(_instead, word))
    return normal


def _instead(word: str, _: re.Match[str]) -> str:
    return word


def _closed(word: str) -> str:
    return re.sub(_GAP, "", word)


def _replaced(
    normal: Normalised, pattern: re.Pattern[str], word: Callable[[re.Match[str]], str]
) -> Normalised:
    """`normal` with each match of `pattern` replaced; a replacement stands where it began."""
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for match in pattern.finditer(normal.text):
        pieces.append(normal.text[last : match.start()])
        offsets += normal.offsets[last : match.start()]
        given = word(match)
        pieces.append(given)
        # The last character stands at the match's end, so that a span takes in all of it.
        offsets += [normal.offsets[match.start()]] * (len(given) - 1)
        offsets += [normal.offsets[match.end() - 1]] if given else []
        last = match.end()
    pieces.append(normal.text[last:])
    offsets += normal.offsets[last:]
    return Normalised("".join(pieces), tuple(offsets))


@cache
def _compiled() -> tuple[dict[int, str], re.Pattern[str], list[tuple[re.Pattern[str], str]]]:
    data = load(Disguises, "zhanggui.law", "disguises.yaml")
    table = {
        ord(before): after
        for run, simple in data.traditional.items()
        for before, after in zip(run, simple, strict=True)
    }
    units = [re.findall(r"\[[^\]]+\]|.", word) for word in data.apart]
    apart = re.compile("|".join(_spread(word) for word in units))
    return table, apart, [(re.compile(old), new) for old, new in data.written.items()]


def _spread(units: list[str]) -> str:
    """The characters with at least one gap between them."""
    forms = []
    for first in range(1, len(units)):
        head = "".join(units[:first])
        tail = "".join(f"(?:{_GAP})?{unit}" for unit in units[first + 1 :])
        forms.append(f"{head}{_GAP}{units[first]}{tail}")
    return "|".join(forms)
