"""Forbidden words under a disguise: 第*一, 国|家|级, 无.可.匹.敌, zuì好, 頂級, 全网🥇, 加VX, 薇❤.

The plain form keeps the way back to the original offsets, so that what is found in it can be
shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import Normalised, normalise

_GAP = r"[\s*·•|/\\_\-~^.,'`\"+#@=:、，。丨\u2600-\u2763\u2795-\u27bf\U0001f300-\U0001faff]{1,3}"
# Among them the marks over letters, and the key that emoji digits stand on.
_HIDDEN = re.compile(
    r"[\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe0f\ufeff]"
)
_CHARACTER = r"[\u4e00-\u9fff]"
# Three characters and more with the same between them; 、 and , part the items of a list.
_SPACED = re.compile(
    rf"{_CHARACTER}([ *·•|/\\_\-~^.'`+#@=丨\u2600-\u27bf\U0001f300-\U0001faff])"
    rf"{_CHARACTER}(?:\1{_CHARACTER})+(?!{_CHARACTER}\1)"
)


class Disguises(DataModel):
    """`disguises.yaml`."""

    traditional: dict[str, str]
    """Runs of traditional characters and the simplified ones in their places."""
    signs: dict[str, str]
    """Runs of quotation marks and of letters with tones, and what stands in their places."""
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
    if _SPACED.search(normal.text):
        normal = _close_set(normal)
    if apart.search(normal.text):
        normal = _replaced(normal, apart, lambda match: _closed(match.group()))
    for pattern, word in written:
        if pattern.search(normal.text):
            normal = _replaced(normal, pattern, partial(_instead, word))
    return normal


def _close_set(normal: Normalised) -> Normalised:
    """`normal` without what stands between the characters of 无.可.匹.敌."""
    gaps = {
        index
        for match in _SPACED.finditer(normal.text)
        for index in range(match.start() + 1, match.end(), 2)
    }
    kept = [index for index in range(len(normal.text)) if index not in gaps]
    offsets = (*(normal.offsets[index] for index in kept), normal.offsets[-1])
    return Normalised("".join(normal.text[index] for index in kept), offsets)


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
        for run, simple in (*data.traditional.items(), *data.signs.items())
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
