"""Names and postal addresses of people: a student proposes, rules of thumb set the bounds.

Most messages hold neither; a cheap look at the words keeps them from the student.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import rjieba

from zhanggui.pii.gate import may_hold_people
from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAMES
from zhanggui.pii.marks import marks
from zhanggui.pii.patterns import BLANK
from zhanggui.pii.words import EntityType
from zhanggui.students.tagger import Span, Tagger

_Span = tuple[int, int, EntityType]


@cache
def _student() -> Tagger:
    with as_file(files("zhanggui.pii").joinpath("shipped")) as folder:
        return Tagger.load(folder)


def people_in(texts: Sequence[tuple[str, str]]) -> list[list[_Span]]:
    """The names and addresses in each text: its normal form, and the same with capitals."""
    found: list[list[_Span]] = [[] for _ in texts]
    chosen = [index for index, (text, _) in enumerate(texts) if may_hold_people(text)]
    if not chosen:
        return found
    lows = [texts[index][0] for index in chosen]
    seen = [marks(*texts[index]) for index in chosen]
    for index, low, spans in zip(chosen, lows, _student().predict(lows, seen), strict=True):
        found[index] = _bounded(low, spans)
    return found


def _bounded(text: str, spans: list[Span]) -> list[_Span]:
    bounded: list[_Span] = []
    for span in _joined(text, spans):
        start, end = _trimmed(text, *_whole_words(text, span.start, span.end))
        one = _name(text, start, end) if span.label == "NAME" else _address(text, start, end)
        if one is not None:
            bounded.append(one)
    return bounded


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Pieces of one address, with little between them, as one."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        pieces = before is not None and before.label == span.label == "ADDRESS"
        if before is not None and pieces and _BETWEEN.fullmatch(text, before.end, span.start):
            joined[-1] = Span(before.start, span.end, span.label)
        else:
            joined.append(span)
    return joined


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Words in Latin letters are taken whole."""
    while start and _LATIN.match(text, start - 1) and _LATIN.match(text, start):
        start -= 1
    while end < len(text) and _LATIN.match(text, end - 1) and _LATIN.match(text, end):
        end += 1
    return start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _name(text: str, start: int, end: int) -> _Span | None:
    """The name without its title, or None if it cannot be one."""
    start, end = _trimmed(text, start, _before_title(text, start, end))
    value = text[start:end]
    if not _LETTER.search(value) or value in _NOT_NAMES or BLANK in value or len(value) > 40:
        return None
    if _LONE.fullmatch(value):
        return None
    chinese = _CHINESE.fullmatch(value) is not None
    if chinese and "·" not in value:
        if len(value) == 1 and not (value in SURNAMES and _TITLE.match(text, end)):
            return None
        if len(value) > _LONGEST_NAME:
            return None
    return start, end, "NAME"


def _before_title(text: str, start: int, end: int) -> int:
    """Where a name ends if its title, or a word for receiving it, is taken away."""
    for size in (2, 1):
        title = _TITLE.match(text, start + size)
        # The student may cut through a title: 王先生 is not 王先.
        if text[start : start + size] in SURNAMES and title and title.end() >= end > start + size:
            return start + size
    title = _TITLE_END.search(text, start, end)
    if title is not None and title.start() > start:
        return title.start()
    receives = end - start > 2 and text[end - 1] == "收" and not text[end : end + 1].isalpha()
    return end - 1 if receives else end


def _address(text: str, start: int, end: int) -> _Span | None:
    """The address with its last number, or None if it says no more than a city."""
    higher = _HIGHER_LEVEL.match(text, start, end)
    if higher is not None:
        start = higher.end()
    tail = _TAIL.match(text, end)
    if tail is not None:
        end = tail.end()
    clock = _CLOCK.search(text, start, end)
    if clock is not None and text[end : end + 1] == ":":
        end = clock.start()
    value = text[start:end]
    if BLANK in value or not _LETTER.search(value) or _LONE.fullmatch(value):
        return None
    if _ANY_CHINESE.search(value):
        return (start, end, "ADDRESS") if _PART.search(value) else None
    latin = _LATIN_PART.search(value) and not _CODE.search(value)
    return (start, end, "ADDRESS") if latin else None


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


_EDGES = " \t\r\n,，.。:：;；、!！?？~(（)）[]【】\"'“”‘’-—|/<>《》"
_CHINESE = re.compile(r"[\u3400-\u9fff·]+")
_ANY_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-zà-ɏ]")
_BETWEEN = re.compile(r"[\s,>]{0,4}(?:[a-zà-ɏ.'-]{1,20}[\s,>]{1,3}){0,2}")
_CLOCK = re.compile(r"\s+\d{1,2}$")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_NAME = 6
_TITLE = re.compile(r"\s?" + _any(PEOPLE.titles))
_TITLE_END = re.compile(_any(PEOPLE.titles) + r"$")
_NOT_NAMES = frozenset(PEOPLE.not_names)

_PROVINCE = _any(PLACES.provinces)
_AREA = _any(PLACES.area_suffixes)
_CITY = _any(PLACES.cities)
_BARE = rf"(?:{_PROVINCE}|{_any((*PLACES.cities, *PLACES.towns))})(?:{_AREA})?"
_DISTRICT = rf"{_any(PLACES.districts)}(?:{_AREA})?"
_LONE = re.compile(rf"(?:{_BARE}\s?){{1,2}}|{_DISTRICT}|\S{{1,4}}(?:省|市)")
# An address goes from large to small: where a province follows a city, or one city another,
# the address begins there.
_HIGHER_LEVEL = re.compile(
    rf"(?:{_BARE}\s?(?=(?P<province>{_PROVINCE}(?:省|市|自治区|特别行政区)))"
    rf"|(?:{_CITY}|北京|天津|上海|重庆)市?\s?(?=(?P<city>{_CITY}市)))"
)
_PART = re.compile(
    _any((*PLACES.area_suffixes, *PLACES.town_suffixes, *PLACES.road_suffixes))
    + "|"
    + _any((*PLACES.house_suffixes, *PLACES.estate_suffixes))
    + r"|#|\d-\d"
)
_TAIL = re.compile(
    r"\s?\d{6}(?!\d)|(?:\d{1,4}(?:号楼?|栋|幢|单元|室|楼|层|户))+|(?<=[路街道巷弄栋幢座])\d{1,5}(?![\d.])"
)
_LATIN_PART = re.compile(r"\d.*[^\W\d_]{2}|[^\W\d_]{2}.*\d|[^\W\d_]{3}.*[^\W\d_]{3}", re.DOTALL)
_CODE = re.compile(r"\.html|://|[=&#_@]")
