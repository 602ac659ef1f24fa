"""Every clause of a text against the facts of the product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from zhanggui.claims.absence_rules import absence_marks
from zhanggui.claims.cue_rules import code_marks, cue_marks
from zhanggui.claims.doubts import weigh
from zhanggui.claims.effect_rules import effect_marks
from zhanggui.claims.extents import together, told
from zhanggui.claims.facts import says_no
from zhanggui.claims.judge import Judge
from zhanggui.claims.known import Known, evidence_of
from zhanggui.claims.marks import Clause, Mark, clause_of, joined, without_overlaps
from zhanggui.claims.part_rules import instead_marks, placed
from zhanggui.claims.quantity_rules import quantity_marks
from zhanggui.claims.swap_rules import without_swaps
from zhanggui.claims.term_rules import colour_marks, denial_marks, term_marks
from zhanggui.claims.wording_rules import rest_mark, segments_of, verbatim_marks
from zhanggui.records import Claim, Fact
from zhanggui.text.normalise import normalise, well_formed
from zhanggui.text.sentences import Span, clauses, sentences

_DENIAL = re.compile(
    r"不|无|没|非|未|免|勿|别|\b(?:no|not|non|without|never|isn't|cannot|can't|don't)\b"
)
_MARKER = re.compile(r"^[ \t]*(?:[①-⑳]|\d{1,2}[)）.、](?!\d))|[①-⑳]", re.MULTILINE)
_ITEM_WORDS, _ITEMS = 6, 20
_TAG = re.compile(r"<[^<>]{1,200}>|&[a-z]{2,8};")


@dataclass(slots=True)
class _Heard:
    """A clause with what the rules say of it."""

    part: str
    span: Span
    clause: Clause
    marks: list[Mark]


def verify(
    parts: Mapping[str, str], facts: Sequence[Fact], judge: Judge | None = None
) -> tuple[Claim, ...]:
    """The claims of `parts` (name → text) with their status and evidence, in order.

    `part_text[claim.start:claim.end] == claim.text`. Rules come first; a student tells talk from
    claims where no number and no name decides; the judge is asked only about statements of which
    the student is not certain. It can lift them to `supported` or `opinion`, never the reverse.
    """
    known, segments = _arranged(tuple(facts))
    # Halves of character pairs have no UTF-8 form, which the segmenter needs.
    sound = {part: well_formed(text) for part, text in parts.items()}
    heard = [one for part, text in sound.items() for one in _heard(part, text, known, segments)]
    weigh(heard, known.facts, judge)
    return tuple(
        replace(claim, text=parts[part][claim.start : claim.end])
        for part, text in sound.items()
        for claim in _whole([one for one in heard if one.part == part], text, known)
    )


@lru_cache(maxsize=64)
def _arranged(facts: tuple[Fact, ...]) -> tuple[Known, list[tuple[str, Fact]]]:
    """The facts ready for look-up: whoever writes about a product verifies many lines of it."""
    known = Known(facts)
    return known, segments_of(known.facts)


def _whole(heard: Sequence[_Heard], text: str, known: Known) -> list[Claim]:
    """The claims of one text."""
    claims = [claim for one in heard for claim in _claims(one, text)]
    return together(without_swaps(claims, text, known), text)


def _heard(
    part: str, text: str, known: Known, segments: list[tuple[str, Fact]]
) -> Iterator[_Heard]:
    # Markup and the numbers of a list are blanked, not cut, so that offsets stay.
    plain = _TAG.sub(lambda match: " " * len(match[0]), text)
    plain = _MARKER.sub(lambda match: " " * len(match[0]), plain)
    spans = clauses(plain)
    whole = sentences(plain)
    at = 0
    for index, span in enumerate(spans):
        label = value = ""
        if index and _colon(plain, spans[index - 1], span):
            label = normalise(spans[index - 1].text).text
        if index + 1 < len(spans) and _colon(plain, span, spans[index + 1]):
            value = normalise(spans[index + 1].text).text
        while at + 1 < len(whole) and whole[at].end <= span.start:
            at += 1
        lead, tail = _list_around(plain, spans, index)
        clause = replace(clause_of(span.text, label, value, whole[at].text), lead=lead, tail=tail)
        yield _Heard(part, span, clause, _marks(clause, known, segments))


def _claims(heard: _Heard, text: str) -> Iterator[Claim]:
    clause, begin = heard.clause, heard.span.start
    free = 0
    for mark in told(joined(heard.marks, clause.norm), clause):
        start, end = clause.normal.span(mark.start, mark.end)
        # One original character can hold the ends of two marks (½ is three characters).
        if start < free:
            continue
        free = end
        yield Claim(
            part=heard.part,
            text=text[begin + start : begin + end],
            start=begin + start,
            end=begin + end,
            status=mark.status,
            evidence=evidence_of(mark.fact) if mark.fact is not None else None,
            why=mark.why,
        )


def _list_around(text: str, spans: list[Span], index: int) -> tuple[str, str]:
    """The items of the list (A、B、C; a, b and c) that the clause is one of, before it and after
    it."""
    first = last = index
    while first and index - first < _ITEMS and _listed(text, spans[first - 1], spans[first]):
        first -= 1
    while (
        last + 1 < len(spans)
        and last - index < _ITEMS
        and _listed(text, spans[last], spans[last + 1])
    ):
        last += 1
    lead = normalise(text[spans[first].start : spans[index].start]).text
    return lead, normalise(text[spans[index].end : spans[last].end]).text


def _listed(text: str, left: Span, right: Span) -> bool:
    between = text[left.end : right.start].strip()
    item = between == "," and right.text.isascii() and right.text.count(" ") < _ITEM_WORDS
    return between == "、" or item


def _colon(text: str, left: Span, right: Span) -> bool:
    between = text[left.end : right.start]
    return ":" in between or "：" in between


def _marks(clause: Clause, known: Known, segments: list[tuple[str, Fact]]) -> list[Mark]:
    numbers = quantity_marks(clause, known)
    decided = numbers + term_marks(clause, known) + denial_marks(clause, known)
    decided += colour_marks(clause, known) + cue_marks(clause, known)
    decided += effect_marks(clause, known) + instead_marks(clause, known)
    decided += absence_marks(clause, known)
    faulty = [mark for mark in decided if mark.status != "supported"]
    # Words taken from a fact prove themselves, but not where a number or a term in them is wrong.
    for mark in verbatim_marks(clause, segments, known):
        inside = [bad for bad in faulty if mark.start <= bad.start and bad.end <= mark.end]
        if _names_itself(mark, clause, numbers) or not any(
            bad.status == "contradicted" or bad in numbers for bad in inside
        ):
            decided = [one for one in decided if one not in inside] + [mark]
    decided.extend(code_marks(clause, known, decided))
    marks = [_affirmed(mark, clause) for mark in without_overlaps(decided)]
    marks = placed(marks, clause, known)
    rest = rest_mark(clause, known, marks)
    if rest is None:
        return [_undisputed(mark, clause, known) for mark in marks]
    rest = _affirmed(rest, clause)
    told = without_overlaps([*marks, *_outside(rest, marks)])
    return [_undisputed(mark, clause, known) for mark in told]


def _undisputed(mark: Mark, clause: Clause, known: Known) -> Mark:
    """The mark, where the data do not contradict themselves about what proves it."""
    fact = mark.fact
    if mark.status != "supported" or fact is None:
        return mark
    text = clause.norm[mark.start : mark.end]
    found = next((one for one in known.conflicts if one.holds(text, fact)), None)
    return mark if found is None else Mark(mark.start, mark.end, "unsupported", None, found.why)


def _names_itself(mark: Mark, clause: Clause, numbers: list[Mark]) -> bool:
    """Whether words of a fact say what their number is of: 刀头6个月, but not 6个月 alone."""
    inside = [one for one in numbers if mark.start <= one.start and one.end <= mark.end]
    words = [
        char
        for place, char in enumerate(clause.norm[mark.start : mark.end], mark.start)
        if char.isalpha() and not any(one.start <= place < one.end for one in inside)
    ]
    return bool(inside) and len(words) > 1


def _affirmed(mark: Mark, clause: Clause) -> Mark:
    """A mark that leans on the name of an attribute whose value says no holds only where the
    text says no too."""
    fact = mark.fact
    if mark.status != "supported" or fact is None or not says_no(fact.value):
        return mark
    text = clause.norm[mark.start : mark.end]
    value = normalise(fact.value).text
    if text in value or _DENIAL.search(clause.norm + clause.value) or clause.norm in value:
        return mark
    why = f"资料里{fact.attribute}：{fact.value}"
    return replace(mark, status="contradicted", why=why)


def _outside(mark: Mark, taken: list[Mark]) -> list[Mark]:
    """The mark, cut where other marks stand; its longest free piece."""
    pieces, position = [], mark.start
    for other in [one for one in taken if one.start < mark.end and mark.start < one.end]:
        if other.start > position:
            pieces.append((position, other.start))
        position = max(position, other.end)
    if position < mark.end:
        pieces.append((position, mark.end))
    if not pieces:
        return []
    start, end = max(pieces, key=lambda piece: piece[1] - piece[0])
    return [replace(mark, start=start, end=end)]
