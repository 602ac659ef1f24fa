"""What is said of one side or part of a product must be true of that one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from zhanggui.claims.agreement import agrees
from zhanggui.claims.facts import IDENTITY
from zhanggui.claims.known import Known
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.parts import Piece, Place, Side, instead_of, places_in, without_places
from zhanggui.records import Fact
from zhanggui.text.normalise import fold
from zhanggui.text.quantities import quantities

_NEAR = 6
_RATING = re.compile(r"(?<![a-z0-9])(?:ip[x\d]\d|[a-z]+\d[a-z0-9]*)(?![a-z0-9])")
_DENIAL = re.compile(r"不|无|非|未|\b(?:no|not|without)\b")
# 整机 of 整机1年只修不换, 刀头 of 刀头6个月: whom a piece of a warranty speaks of.
_HEAD = re.compile(r"([\u4e00-\u9fff]{1,4}?)(?=[\d一二三四五六七八九十半两]|：|:)")


def placed(marks: Sequence[Mark], clause: Clause, known: Known) -> list[Mark]:
    """`marks`, where a value of another side, or of a part for the whole, proves nothing."""
    places = places_in(clause.norm)
    labels = places_in(clause.label)
    if not places and not labels:
        return list(marks)
    values = [mark for mark in marks if mark.status != "opinion" and not _covers(mark, places)]
    first = min((mark.start for mark in values), default=0)
    result = []
    for mark in marks:
        side = _said(mark, places, labels, first, ("side", "both"))
        scope = _said(mark, places, labels, first, ("whole", "part"))
        if side is not None:
            mark = _of_side(mark, side, clause, known)
        if scope is not None:
            mark = _of_part(mark, scope, clause, known)
        result.append(mark)
    return result


def _covers(mark: Mark, places: Sequence[Place]) -> bool:
    return any(place.start < mark.end and mark.start < place.end for place in places)


def instead_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for a value of a pair that exclude each other (只换不修, 只修不换): the part that the
    sentence speaks of decides."""
    marks = []
    for pair in instead_of():
        for word, other in (pair, pair[::-1]):
            start = clause.norm.find(word)
            if start < 0:
                continue
            told = [one for one in known.pieces if word in one.text or other in one.text]
            meant = list(_meant(told, clause, start)) or told
            fact = next((one.fact for one in meant if word in one.text), None)
            if fact is not None:
                marks.append(Mark(start, start + len(word), "supported", fact))
            elif meant:
                marks.append(contradicted(start, start + len(word), meant[0].fact))
    return marks


def _meant(told: list[Piece], clause: Clause, start: int) -> Iterator[Piece]:
    """The pieces whose part or number stands last before the value."""
    place = clause.sentence.find(clause.text)
    before = clause.sentence[: max(place, 0)].lower() + clause.norm[:start]
    heads = [(before.rfind(head[1]), one) for one in told if (head := _HEAD.match(one.text))]
    last = max((at for at, _ in heads), default=-1)
    if last >= 0:
        yield from (one for at, one in heads if at == last)
        return
    said = [span.quantity for span in quantities(before)]
    for one in told:
        if any(agrees(claim, amount) for claim in said for amount in one.quantities):
            yield one


def _said(
    mark: Mark,
    places: Sequence[Place],
    labels: Sequence[Place],
    first: int,
    kinds: tuple[str, ...],
) -> Place | None:
    """The place that the marked value is said of: the last one before it, or, where the clause
    begins with the value (尼龙面料), the next one after it."""
    mine = [place for place in places if place.kind in kinds]
    if _covers(mark, mine):
        return None
    above = [place for place in labels if place.kind in kinds]
    if above or any(place.end <= first for place in mine):
        before = [place for place in mine if place.end <= mark.start]
        return next(reversed(before or above), None)
    after = (place for place in mine if 0 <= place.start - mark.end <= _NEAR)
    return next(after, None)


def _of_side(mark: Mark, place: Place, clause: Clause, known: Known) -> Mark:
    if mark.status != "supported":
        return mark
    told = [one for one in known.pieces if one.fact.attribute not in IDENTITY]
    holding = [one for one in told if _holds(one, mark, clause)]
    for side in place.sides:
        if not holding or any(_open_to(one, side) for one in holding):
            continue
        rivals = (one for one in told if side in one.sides and _open_to(one, side))
        rival = next((one for one in rivals if _comparable(one, holding, mark, clause)), None)
        if rival is not None:
            return contradicted(mark.start, mark.end, rival.fact)
    return mark


def _open_to(piece: Piece, side: Side) -> bool:
    """Whether the piece may be true of `side`."""
    return side in piece.sides or side.opposite not in piece.sides


def _of_part(mark: Mark, place: Place, clause: Clause, known: Known) -> Mark:
    if mark.status == "contradicted" and mark.fact is not None and place.kind == "part":
        return _other_denied(mark, mark.fact, place, clause, known)
    if mark.status != "supported":
        return mark
    told = [one for one in known.pieces if one.fact.attribute not in IDENTITY]
    holding = [one for one in told if _holds(one, mark, clause)]
    if not holding or not all(one.part and one.part != place.word for one in holding):
        return mark
    if any(one.part in _whole(place) for one in holding):
        return mark
    if _RATING.fullmatch(clause.norm[mark.start : mark.end]):
        return contradicted(mark.start, mark.end, holding[0].fact)
    if place.kind != "whole" or not _kinds(mark, clause) & {"material"}:
        return mark
    others = (one for one in told if one.part and one not in holding)
    rival = next((one for one in others if _comparable(one, holding, mark, clause)), None)
    return mark if rival is None else contradicted(mark.start, mark.end, rival.fact)


def _whole(place: Place) -> frozenset[str]:
    """The words of the facts that say as much as `place`: what is true of all is of a part."""
    return frozenset(one.word for one in places_in(place.word) if one.kind == "whole")


def _other_denied(mark: Mark, fact: Fact, place: Place, clause: Clause, known: Known) -> Mark:
    """The 防水 of 机身防水 where the data deny it of the base alone."""
    said = fold(clause.norm[mark.start : mark.end])
    own = [one for one in known.pieces if one.fact == fact]
    mine = [one for one in own if one.part == place.word]
    others = (one for one in own if one not in mine and said in fold(one.text))
    denied = any(_DENIAL.search(one.text) for one in others)
    if mine and denied and not any(_DENIAL.search(one.text) for one in mine):
        return replace(mark, status="supported", why="")
    return mark


def _holds(piece: Piece, mark: Mark, clause: Clause) -> bool:
    """Whether the piece says the marked value."""
    text = clause.norm[mark.start : mark.end]
    amounts = quantities(text)
    if amounts:
        return any(agrees(span.quantity, one) for span in amounts for one in piece.quantities)
    names = [span.term.name for span in lexicon().find(text)]
    if names:
        return all(name in piece.terms for name in names)
    return fold(text) in fold(piece.text)


def _comparable(piece: Piece, holding: list[Piece], mark: Mark, clause: Clause) -> bool:
    """Whether the piece gives a value of the same sort as the marked one."""
    name = without_places(piece.fact.attribute)
    if any(name == without_places(one.fact.attribute) for one in holding):
        return True
    amounts = {span.quantity.dimension for span in quantities(clause.norm[mark.start : mark.end])}
    if amounts:
        return any(one.dimension in amounts for one in piece.quantities)
    kinds = _kinds(mark, clause)
    return any(span.term.kind in kinds for span in lexicon().find(piece.text))


def _kinds(mark: Mark, clause: Clause) -> frozenset[str]:
    found = lexicon().find(clause.norm[mark.start : mark.end])
    return frozenset(span.term.kind for span in found)
