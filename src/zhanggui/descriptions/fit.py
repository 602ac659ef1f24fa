"""Limits of a channel, kept in code: lengths, counts, no sentence twice."""

from __future__ import annotations

import re
from dataclasses import replace

from zhanggui.descriptions.channel import Channel
from zhanggui.records import Copy
from zhanggui.text.language import Language
from zhanggui.text.normalise import fold
from zhanggui.text.sentences import sentences

_SPACES = re.compile(r"[ \t]{2,}")
_MARKS = re.compile(r"^(?:[-•·*●✓✔]|\d{1,2}[.、)）](?!\d))\s*")
# What can be cut out of a sentence: not the items of a list (、), not the digits of 1,000.
PIECE = re.compile(r"(?:[^，,；;。！？!?]|(?<=\d),(?=\d))+")
HAN = re.compile(r"[\u3400-\u9fff]")
# Marks that follow each other where something between them was left out.
_RUN = re.compile(r"[，、；。！？,;!?](?:\s*[，、；。！？,;!?.])+|\.\s*[，、；,;.]+")
_STOPS = "。！？!?."
_REPEATED = 4
_LOOSE = " 　，,、；;：:"
_BREAKS = " 　，,、；;|/-"


def fit(copy: Copy, channel: Channel) -> Copy:
    """`copy` within the limits of `channel`: cut between words and sentences, never inside."""
    title = fit_title(copy.title, channel)
    seen = {fold(title)}
    told: set[str] = set()
    bullets: list[str] = []
    for text in copy.bullets:
        bare = _MARKS.sub("", _tidy(text)).rstrip("。.；;").removeprefix(title).lstrip(_BREAKS)
        bullet = _shortened(mended(_once(bare, told)), channel.bullets.limit).rstrip(_LOOSE)
        key = fold(bullet)
        if bullet and key not in seen:
            seen.add(key)
            bullets.append(bullet)
    body = ""
    for sentence in sentences(mended(_once(_tidy(copy.body), set()))):
        key = fold(sentence.text).rstrip("。.；;!！")
        joined = body + (" " if body and body[-1].isascii() else "") + sentence.text
        if key not in seen and len(joined) <= channel.body.limit:
            seen.add(key)
            body = joined
    return replace(
        copy, title=title, bullets=tuple(bullets[: channel.bullets.most]), body=_ended(body)
    )


def mended(text: str) -> str:
    """`text` without doubled marks and without marks that nothing stands before."""
    return _RUN.sub(_strongest, text).lstrip(_LOOSE + _STOPS)


def _strongest(run: re.Match[str]) -> str:
    space = " " if run[0][-1].isspace() else ""
    return next((char for char in run[0] if char in _STOPS), run[0][0]) + space


def _ended(body: str) -> str:
    """`body` with an end mark where a comma was left at its end."""
    bare = body.rstrip(_LOOSE)
    if bare == body or not bare:
        return bare
    return bare + ("。" if HAN.search(bare[-1]) else ".")


def _once(text: str, told: set[str]) -> str:
    """`text` without the clauses that are in `told` or come a second time; adds to `told`."""
    result, kept_to = "", 0
    for clause in PIECE.finditer(text):
        key = fold(clause[0])
        if len(key) >= _REPEATED and key in told:
            # The mark before the clause goes with it, the mark after it stays.
            result = result.rstrip("，,、 ")
        else:
            told.add(key)
            result += text[kept_to : clause.end()]
        kept_to = clause.end()
    return (result + text[kept_to:]).lstrip("，,、；;。 ")


def fit_title(title: str, channel: Channel) -> str:
    """The longest beginning of `title` that fits and ends between words, without ornament."""
    title = _tidy(channel.without_ornament(title))
    if channel.title.holds(title):
        return title
    ends = [index for index, char in enumerate(title) if char in _BREAKS]
    for end in reversed(ends):
        if channel.title.holds(title[:end]) and end > 5:
            return title[:end].rstrip(_BREAKS)
    end = len(title)
    while not channel.title.holds(title[:end]):
        end -= 1
    return title[:end]


def lacking(copy: Copy, channel: Channel, language: Language) -> list[str]:
    """The names of the parts that are too short, missing or in the wrong script."""
    parts = []
    if not copy.title:
        parts.append("title")
    if len(copy.bullets) < channel.bullets.least:
        parts.append("bullets")
    if len(copy.body) < channel.body.least:
        parts.append("body")
    if language == "en":
        parts += [name for name, text in copy.parts().items() if HAN.search(text)]
    return parts


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text.replace("\r", "").replace("\n", " ")).strip()


def _shortened(text: str, limit: int) -> str:
    """`text` if it fits, else its longest beginning that ends at a comma, else nothing."""
    if len(text) <= limit:
        return text
    ends = [index for index, char in enumerate(text[: limit + 1]) if char in "，,；;"]
    return text[: ends[-1]] if ends else ""
