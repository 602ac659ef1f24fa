"""The staff's sentences: which answer anything, and which could be said to everybody."""

from __future__ import annotations

import re
from functools import cache

from pydantic import field_validator

from zhanggui.answers.screening import readable
from zhanggui.pii.finder import TOKEN, find
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.sentences import clauses, sentences

_GREETING = re.compile(r"^(?:您好|你好|亲亲?|hello|hi)[，,。.！!～~\s]+", re.IGNORECASE)
_PATTERNS = ("yes_no", "denies", "affirms", "puts_off", "asks_back", "greets", "only_now")


class StaffWords(DataModel):
    """`staff.yaml`."""

    yes_no: re.Pattern[str]
    denies: re.Pattern[str]
    affirms: re.Pattern[str]
    puts_off: re.Pattern[str]
    asks_back: re.Pattern[str]
    greets: re.Pattern[str]
    only_now: re.Pattern[str]

    @field_validator(*_PATTERNS, mode="before")
    @classmethod
    def _compiled(cls, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern)


@cache
def staff_words() -> StaffWords:
    """The patterns that come with the package."""
    return load(StaffWords, "zhanggui.answers", "data/staff.yaml")


def answering(text: str) -> list[str]:
    """The clauses of a staff turn that answer something; none where it asks back or puts off."""
    return [
        clause.text
        for sentence in sentences(text)
        if not staff_words().asks_back.search(readable(sentence.text))
        for clause in clauses(sentence.text)
        if not _is_empty(readable(clause.text))
    ]


def general(text: str) -> str:
    """What of a staff turn could be said to everybody who asks the same; may be empty.

    Left out are sentences that answer nothing, and all from the first one on that holds personal
    data or what is true of one order or one day: those after it may be about it.
    """
    kept: list[str] = []
    for span in sentences(text):
        sentence = _GREETING.sub("", span.text)
        if why_not_general(sentence):
            break
        if not _is_empty(readable(sentence)):
            kept.append(sentence)
    return "".join(_spaced(one) for one in kept).strip()


def why_not_general(text: str) -> str:
    """What keeps `text` from being said to everybody; empty where nothing does."""
    if not text.strip():
        return "it is empty"
    if TOKEN.search(text) or find(text):
        return "it holds personal data"
    found = staff_words().only_now.search(readable(text))
    if found:
        return f"“{found[0]}” is true of one order or one day only"
    return ""


def says_no(text: str) -> bool | None:
    """Whether the first yes or no of a text is a no; None where it has neither."""
    form, words = readable(text), staff_words()
    refusals = list(words.denies.finditer(form))
    refused = [match.span() for match in refusals]
    agreed = [
        match.start()
        for match in words.affirms.finditer(form)
        if not any(start < match.end() and match.start() < end for start, end in refused)
    ]
    if not refused and not agreed:
        return None
    return bool(refused) and (not agreed or refused[0][0] < agreed[0])


def is_yes_no(question: str) -> bool:
    """Whether a question can be answered with yes or no."""
    return bool(staff_words().yes_no.search(readable(question)))


def _is_empty(form: str) -> bool:
    words = staff_words()
    return any(one.search(form) for one in (words.puts_off, words.asks_back, words.greets))


def _spaced(sentence: str) -> str:
    return f"{sentence} " if sentence.isascii() else sentence
