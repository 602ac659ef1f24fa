"""What the student, and where it is not certain the judge, say of what rules leave open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Protocol

from zhanggui.claims.clause_student import QUIET, SURE, shipped_clause_student
from zhanggui.claims.judge import Judge
from zhanggui.claims.marks import FAULTY, Clause, Mark
from zhanggui.records import Fact

# 能机洗吗, can it go in the oven: questions that the copy answers itself.
_ASKS = re.compile(
    r"能|可以|可不可|会不会|有没有|是不是|怕不怕|[吗么]$|^(?:can|does|do|is|are|will)\b"
)
# 谁说不能机洗, 难道会漏: no question, a statement.
_RHETORICAL = re.compile(
    r"谁说|谁不|见过|怎么[能会可]|难道|岂|何尝|哪[能会里]|还用[说问]"
    r"|\b(?:who says|who said|seen|isn't|aren't|doesn't|don't|can't|won't|ever)\b"
)
_YES = re.compile(
    r"\s*(?:当然|自然|肯定|必须|绝对|没问题|放心|是的|对的?|对呀|没错|[能会行有是](?!不)|可以"
    r"|(?:yes|yep|sure|of course|absolutely|certainly|definitely|it (?:can|does|is|will)"
    r"|you can|they (?:can|do|are))\b)"
)
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百千]")
_SHORT_QUESTION = 10
_SHORTEST = 4
_BLUNT = 3
_PROVED = 0.7
_WHY = "商品资料里没有依据"


class Heard(Protocol):
    """A clause with its marks, which may be replaced."""

    clause: Clause
    marks: list[Mark]


def weigh(heard: Sequence[Heard], facts: Sequence[Fact], judge: Judge | None) -> None:
    """Takes back what is mere talk and adds claims that no rule has found, in place."""
    if not facts:
        return
    for one, following in zip_longest(heard, heard[1:]):
        if _asks(one.clause):
            sure = _affirms(one.clause, following)
            one.marks = [
                replace(mark, open=False) if sure else mark
                for mark in one.marks
                if sure or not _worded(mark, one.clause)
            ]
    student = shipped_clause_student()
    doubted = [one for one in heard if any(map(_doubted, one.marks))]
    silent = [one for one in heard if _silent(one)]
    suspects = student.suspects([one.clause.text for one in silent])
    unsure = doubted + [one for one, is_one in zip(silent, suspects, strict=True) if is_one]
    margins = student.margins([one.clause.text for one in unsure], facts)
    for one, margin in zip(unsure, margins, strict=True):
        one.marks = _weighed(one, margin)
        if judge is not None and margin < SURE:
            one.marks = _lifted(one, judge, facts)


def _asks(clause: Clause) -> bool:
    """Whether the clause is a question of the reader's, or the end of one."""
    asked = clause.sentence.rstrip()
    ends = asked.endswith(("?", "？")) and asked.rstrip("?？ ").endswith(clause.text.rstrip("?？ "))
    short = len(clause.norm) <= _SHORT_QUESTION
    return ends and (short or _ASKS.search(clause.norm) is not None)


def _affirms(clause: Clause, following: Heard | None) -> bool:
    """Whether the copy says what it asks: 难道会漏？ and 能机洗吗？当然能."""
    if _RHETORICAL.search(clause.norm):
        return True
    return following is not None and _YES.match(following.clause.norm) is not None


def _worded(mark: Mark, clause: Clause) -> bool:
    """Whether the mark doubts words, not a number."""
    return mark.status in FAULTY and not _NUMBER.search(clause.norm[mark.start : mark.end])


def _silent(heard: Heard) -> bool:
    """Whether no rule finds a fault in the clause or proves the most of it."""
    if any(mark.status in FAULTY for mark in heard.marks):
        return False
    proved = sum(mark.end - mark.start for mark in heard.marks if mark.status == "supported")
    length = len(heard.clause.norm)
    return length >= _SHORTEST and proved < _PROVED * length


def _weighed(heard: Heard, margin: float) -> list[Mark]:
    marks = heard.marks
    if margin < QUIET:
        marks = [mark for mark in marks if not _by_the_way(mark, heard.clause)]
        return marks or [Mark(0, len(heard.clause.norm), "opinion")]
    if margin < SURE or any(mark.status in FAULTY for mark in marks):
        return marks
    whole = Mark(0, len(heard.clause.norm), "unsupported", None, _WHY, statement=True, open=True)
    return [*(mark for mark in marks if mark.status == "supported"), whole]


def _by_the_way(mark: Mark, clause: Clause) -> bool:
    """Whether the mark is a doubt about few of the words: 面料防水 says nothing else."""
    return _doubted(mark) and _BLUNT * (mark.end - mark.start) <= len(clause.norm)


def _doubted(mark: Mark) -> bool:
    return mark.open and mark.status == "unsupported"


def _lifted(heard: Heard, judge: Judge, facts: Sequence[Fact]) -> list[Mark]:
    if not any(_doubted(mark) for mark in heard.marks):
        return heard.marks
    verdict = judge.judge(heard.clause.text, facts)
    if verdict == "unsupported":
        return heard.marks
    return [
        replace(mark, status=verdict, why="") if _doubted(mark) else mark for mark in heard.marks
    ]
