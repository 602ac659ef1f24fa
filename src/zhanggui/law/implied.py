"""What a text implies in words that no rule lists, found by a small student.

`喝了一个月，体检单上的箭头都不见了` names neither an illness nor a cure. One student
(`students/shipped/law`) says whether a sentence is lawful, another (`law_kind`) which rule it
breaks; both learnt from our own sentences, `scripts/law_texts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from zhanggui.law.rulebook import Rule
from zhanggui.students.linear_text import LinearText

LAWFUL, UNLAWFUL = "lawful", "unlawful"
"""The first student's labels; the second one's are ids of rules."""

SURE = 0.85
"""The margin from which a sentence counts as unlawful: high, since a false alarm costs an operator
more than the rules' own silence. At 0 it doubts a fifth of ordinary drafts, here fewer than one
in a hundred."""

_SENTENCE = re.compile(r"[^。!?\n]+")
_CLAUSE = re.compile(r"[^,;:、。!?\n]+")
_SHORTEST = 8
_SHORTEST_CLAUSE = 4


def implied(texts: Sequence[str], rules: Sequence[Rule]) -> list[list[tuple[int, int, Rule]]]:
    """The clauses of each text (in its plain form) that break one of `rules` by implication."""
    found: list[list[tuple[int, int, Rule]]] = [[] for _ in texts]
    spans = [(number, *span) for number, text in enumerate(texts) for span in _sentences(text)]
    if not spans:
        return found
    students = shipped_students()
    allowed = {rule.id: rule for rule in rules}
    margins = students[0].margins([texts[number][start:end] for number, start, end in spans])
    for row in np.flatnonzero(margins[:, 0] > SURE):
        number, start, end = spans[row]
        rule = _broken(students[1], texts[number][start:end], allowed)
        if rule is not None:
            found[number].append((*_worst(students[0], texts[number], start, end), rule))
    return found


@cache
def shipped_students() -> tuple[LinearText, LinearText]:
    """Whether a sentence is unlawful, and the rule that it breaks; loaded once."""
    with as_file(files("zhanggui.students") / "shipped") as folder:
        return LinearText.load(folder / "law"), LinearText.load(folder / "law_kind")


def _broken(kinds: LinearText, sentence: str, allowed: dict[str, Rule]) -> Rule | None:
    """The likeliest of the rules that are for this product."""
    order = np.argsort(-kinds.margins([sentence])[0])
    names = (kinds.labels[index] for index in order)
    return next((allowed[name] for name in names if name in allowed), None)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE.finditer(text):
        if match.end() - match.start() >= _SHORTEST:
            yield match.span()


def _worst(student: LinearText, text: str, start: int, end: int) -> tuple[int, int]:
    """The clause of the sentence at `start:end` that is furthest from being lawful."""
    clauses = [match.span() for match in _CLAUSE.finditer(text, start, end)]
    clauses = [span for span in clauses if span[1] - span[0] >= _SHORTEST_CLAUSE] or [(start, end)]
    margins = student.margins([text[first:last] for first, last in clauses])[:, 0]
    first, last = clauses[int(margins.argmax())]
    stripped = text[first:last].strip()
    first += text[first:last].index(stripped)
    return first, first + len(stripped)
