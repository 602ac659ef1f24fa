"""Two values that stand crosswise: 滤芯14天一换，水泵30天一洗 of data that say the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from zhanggui.claims.agreement import agrees
from zhanggui.claims.facts import IDENTITY
from zhanggui.claims.known import Known
from zhanggui.claims.marks import says
from zhanggui.claims.parts import Piece
from zhanggui.records import Claim, Evidence
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.quantities import quantities

_APART = 40
_WINDOW = 16
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_ASCII = re.compile(r"(?<![a-z\d.])(?:[a-z]{3,}|\d+(?:\.\d+)?)(?![a-z\d])")
_MARKS = re.compile(r"[，,、：:。！？!?；;\n]|\.\s")
_STOPS = re.compile(r"[。！？!?；;\n]|\.\s")


@dataclass(frozen=True, slots=True)
class _Value:
    """A proved claim that says a value, with the piece of the data that it stands in."""

    place: int
    claim: Claim
    piece: Piece


def without_swaps(claims: Sequence[Claim], text: str, known: Known) -> list[Claim]:
    """`claims` of one text, where two in a sentence whose values belong to each other's names
    are contradicted. One alone that stands beside a foreign name says too little."""
    values = [
        _Value(place, claim, piece)
        for place, claim in enumerate(claims)
        if (piece := _piece(claim, known)) is not None
    ]
    result = list(claims)
    for index, left in enumerate(values):
        for right in values[index + 1 :]:
            if right.claim.start - left.claim.end > _APART:
                break
            if _crossed(left, right, text):
                for one, other in ((left, right), (right, left)):
                    fact = other.piece.fact
                    result[one.place] = replace(
                        one.claim,
                        status="contradicted",
                        evidence=Evidence(fact.attribute, fact.value),
                        why=says(fact),
                    )
    return result


def _piece(claim: Claim, known: Known) -> Piece | None:
    if claim.status != "supported" or claim.evidence is None:
        return None
    evidence, said = claim.evidence, fold(claim.text)
    if evidence.attribute in IDENTITY:
        return None
    amounts = [span.quantity for span in quantities(claim.text)]
    for piece in known.pieces:
        fact = piece.fact
        if (fact.attribute, fact.value) != (evidence.attribute, evidence.value):
            continue
        same = any(agrees(amount, one) for amount in amounts for one in piece.quantities)
        if same or said in fold(piece.text):
            return piece
    return None


def _crossed(left: _Value, right: _Value, text: str) -> bool:
    if left.piece == right.piece or _alike(left, right):
        return False
    mine, other = _telling(left, right)
    if not mine or not other:
        return False
    between = text[left.claim.end : right.claim.start]
    said = (normalise(left.claim.text).text, normalise(right.claim.text).text)
    if _STOPS.search(between) or _has(said[0], mine) or _has(said[1], other):
        return False
    before = text[max(0, left.claim.start - _WINDOW) : left.claim.start]
    after = text[right.claim.end : right.claim.end + _WINDOW]
    leads, tails = (_last(before), _last(between)), (_first(between), _first(after))
    # A value beside its own name is no stranger there.
    if _has(leads[0], mine) or _has(tails[1], other):
        return False
    # 滤芯14天一换，水泵30天: each name before its value; 黑檀木面板配泡桐木边框: behind it.
    return any(
        _has(names[0], other)
        and _has(names[1], mine)
        and not (_has(names[0], mine) or _has(names[1], other))
        for names in (leads, tails)
    )


def _last(text: str) -> str:
    """The end of `text` after its last mark, normalised."""
    return normalise(_MARKS.split(text)[-1]).text


def _first(text: str) -> str:
    """The beginning of `text` before its first mark, normalised."""
    return normalise(_MARKS.split(text)[0]).text


def _alike(left: _Value, right: _Value) -> bool:
    """Whether one of the pieces holds both values, or the values are of two sorts."""
    first = [span.quantity for span in quantities(left.claim.text)]
    second = [span.quantity for span in quantities(right.claim.text)]
    if bool(first) != bool(second):
        return True
    if first and second:
        if first[0].dimension != second[0].dimension:
            return True
        return any(agrees(first[0], one) for one in right.piece.quantities) or any(
            agrees(second[0], one) for one in left.piece.quantities
        )
    mine, other = fold(left.claim.text), fold(right.claim.text)
    numbers = mine[:1].isdigit(), other[:1].isdigit()
    return (
        numbers[0] != numbers[1] or mine in fold(right.piece.text) or other in fold(left.piece.text)
    )


def _telling(left: _Value, right: _Value) -> tuple[frozenset[str], frozenset[str]]:
    """The words that name the one value and not the other one."""
    mine = _words(left.piece.fact.attribute, left.piece.text, left.claim.text)
    other = _words(right.piece.fact.attribute, right.piece.text, right.claim.text)
    return mine - other, other - mine


@lru_cache(maxsize=4096)
def _words(attribute: str, piece: str, value: str) -> frozenset[str]:
    rest = piece.replace(normalise(value).text, " ")
    return frozenset(_parts(f"{normalise(attribute).text} {rest}"))


def _parts(text: str) -> Iterator[str]:
    yield from (match[0] for match in _ASCII.finditer(text))
    for match in _HAN.finditer(text):
        yield from (match[0][at : at + 2] for at in range(len(match[0]) - 1))


def _has(text: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_parts(text))
