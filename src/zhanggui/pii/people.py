"""Names and postal addresses of people: a student proposes, rules of thumb set the bounds.

Most messages hold neither; a cheap look at the words keeps them from the student.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import rjieba

from zhanggui.pii.bounds import whole_address, whole_name
from zhanggui.pii.evident import beginnings, evident, stands_alone
from zhanggui.pii.gate import may_hold_people
from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAMES
from zhanggui.pii.marks import marks
from zhanggui.pii.patterns import BLANK
from zhanggui.pii.words import EntityType, any_of
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
        begins = beginnings(low)
        sure = list(evident(low, texts[index][1], begins))
        written = [one for one in _bounded(low, spans, begins) if _as_written(one, texts[index][1])]
        found[index] = _together(written, sure)
    return found


def _together(spans: list[_Span], sure: list[_Span]) -> list[_Span]:
    """`spans`, and those of `sure` that overlap none of another kind."""
    taken = list(spans)
    for start, end, kind in sure:
        met = [one for one in taken if start < one[1] and one[0] < end]
        if not met:
            taken.append((start, end, kind))
        elif kind == "ADDRESS" and all(one[2] == kind for one in met):
            # Two views of one address: it is as long as both together.
            taken = [one for one in taken if one not in met]
            bounds = [start, end, *(bound for one in met for bound in one[:2])]
            taken.append((min(bounds), max(bounds), kind))
    return sorted(taken)


def _as_written(span: _Span, cased: str) -> bool:
    """Whether capitals agree: where there are any, a name in Latin letters has one."""
    value = cased[span[0] : span[1]]
    if span[2] != "NAME" or not value.islower() or cased.islower():
        return True
    return value.split()[0] in _LATIN_FIRST


def _bounded(text: str, spans: list[Span], begins: dict[int, str]) -> list[_Span]:
    bounded: list[_Span] = []
    for span in _joined(text, spans):
        start, end = _trimmed(text, *_whole_words(text, span.start, span.end))
        if span.label == "NAME":
            one = _name(text, *whole_name(text, start, end, begins))
        else:
            one = _address(text, *whole_address(text, start, end))
        alone = one is not None and one[1] - one[0] == 1
        if one is not None and not (alone and not stands_alone(one[0], begins)):
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
    if _lone(value) or _no_name(text, start, end) or _brand(text, start, end):
        return None
    if _word(text, start, end):
        return None
    if _ANY_CHINESE.search(value) and _LATIN.search(value):
        return None
    chinese = _CHINESE.fullmatch(value) is not None
    if chinese and "·" not in value:
        if len(value) == 1 and not (value in SURNAMES and _TITLE.match(text, end)):
            return None
        if len(value) > _LONGEST_NAME:
            return None
    return start, end, "NAME"


def _lone(value: str) -> bool:
    """Whether `value` is a province, a city or a country and no more."""
    return _LONE.fullmatch(value) is not None or value in _LATIN_PLACES


def _no_name(text: str, start: int, end: int) -> bool:
    """Whether a word that is no name covers the span: the 康 of 康师傅."""
    word = _NO_NAME.match(text, start)
    return word is not None and word.end() >= end


def _word(text: str, start: int, end: int) -> bool:
    """Whether the span is an ordinary word that nothing makes a name: the 石英 of 石英表."""
    value = text[start:end]
    if len(value) != 2 or rjieba.cut(value, False) != [value]:
        return False
    if rjieba.tag(value)[0][1].startswith("nr") or value == text.strip():
        return False
    return not (_TITLE.match(text, end) or any(text.endswith(cue, 0, start) for cue in _CUES))


def _brand(text: str, start: int, end: int) -> bool:
    """Whether the span is a maker rather than a person: 江小白白酒, not 收件人江小白."""
    if not _GOODS.match(text, end):
        return False
    return not any(text.endswith(cue, 0, start) for cue in _CUES)


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
    for lead in (_WHEN, _HIGHER_LEVEL):
        before = lead.match(text, start, end)
        if before is not None:
            start = before.end()
    tail = _TAIL.match(text, end)
    if tail is not None:
        end = tail.end()
    clock = _CLOCK.search(text, start, end)
    if clock is not None and text[end : end + 1] == ":":
        end = clock.start()
    value = text[start:end]
    if BLANK in value or not _LETTER.search(value) or _NO_ADDRESS.search(value):
        return None
    if _lone(value) or _NUMBERED.fullmatch(value):
        return None
    if _ANY_CHINESE.search(value):
        return (start, end, "ADDRESS") if _PART.search(value) else None
    code = _CODE.search(value) or (_STANDARD.fullmatch(value) and not _DOOR.search(value))
    latin = _LATIN_PART.search(value) and not code
    return (start, end, "ADDRESS") if latin else None


_EDGES = " \t\r\n,，.。:：;；、!！?？~(（)）[]【】\"'“”‘’-—|/<>《》"
_CHINESE = re.compile(r"[\u3400-\u9fff·]+")
_ANY_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-zà-ɏ]")
_BETWEEN = re.compile(r"[\s,>]{0,4}(?:[a-zà-ɏ.'-]{1,20}[\s,>]{1,3}){0,2}")
_CLOCK = re.compile(r"\s+\d{1,2}$")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_NAME = 6
_TITLES = [title for title in PEOPLE.titles if not title.isascii()]
_TITLE = re.compile(r"\s?" + any_of(_TITLES))
_TITLE_END = re.compile(any_of(_TITLES) + r"$")
_NOT_NAMES = frozenset(PEOPLE.not_names)
_NO_NAME = re.compile(any_of(PEOPLE.not_names))
_GOODS = re.compile(any_of(PEOPLE.goods))
_CUES = [f"{cue}{sign}" for cue in PEOPLE.cues if not cue.isascii() for sign in ("", ":", ": ")]
_LATIN_FIRST = frozenset(PEOPLE.latin_first)
_LATIN_PLACES = frozenset(PLACES.latin_places)

_PROVINCE = any_of(PLACES.provinces)
_AREA = any_of(PLACES.area_suffixes)
_CITY = any_of(PLACES.cities)
_TOWN = any_of((*PLACES.cities, *PLACES.towns))
_BARE = rf"(?:{_PROVINCE}|{_TOWN})(?:{_AREA})?"
_DISTRICT = rf"{any_of(PLACES.districts)}(?:{_AREA})?"
_LONE = re.compile(rf"(?:{_BARE}\s?){{1,2}}|{_DISTRICT}|\S{{1,4}}(?:省|市)")
# A number with a word of measure is nobody's door.
_NUMBERED = re.compile(
    r"[\u3400-\u9fff]?\d+(?:[.-]\d+)*[号组楼层]?|[第货工款型单编]?[号期区层楼组队条排户门房个]?[\d\s]*[号期区层楼组队条排户门房个]?"
)
# An address goes from large to small: where a province follows a city, or one city another,
# the address begins there.
_HIGHER_LEVEL = re.compile(
    rf"(?:{_PROVINCE}|{_TOWN}|{any_of(PLACES.districts)})\s?"
    rf"(?={_PROVINCE}(?:(?<=自治区)|省|市|特别行政区))"
    rf"|(?:{_CITY}|北京|天津|上海|重庆)\s?(?={_CITY}市)"
)
# The day and the hour at which a parcel came there.
_WHEN = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2})?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*(?=[\u3400-\u9fff])"
)
_PART = re.compile(
    any_of((*PLACES.area_suffixes, *PLACES.town_suffixes, *PLACES.road_suffixes))
    + "|"
    + any_of((*PLACES.house_suffixes, *PLACES.estate_suffixes))
    + r"|#|\d-\d"
)
_TAIL = re.compile(
    r"\s?\d{6}(?!\d)|(?:\d{1,4}(?:号楼?|栋|幢|单元|室|楼|层|户))+|(?:(?<=[路街道巷弄栋幢座])|(?<=单元))\d{1,5}(?![\d.])"
)
_LATIN_PART = re.compile(r"\d.*[^\W\d_]{2}|[^\W\d_]{2}.*\d|[^\W\d_]{3}.*[^\W\d_]{3}", re.DOTALL)
# Nobody asks in the middle of an address, and a number that long is a code of goods.
_NO_ADDRESS = re.compile(r"[吗呢?！!]|\d{8}")
_CODE = re.compile(r"\.html|://|[=&#_@]")
# GB 4806.7-2016, ISO 9001: a few letters and numbers alone are a standard or a model.
_STANDARD = re.compile(
    r"(?:[a-z]{1,3}|astm|ieee)(?:[/ -][a-z]{1,2})?[\s-]?\d[\d.:-]*(?:\s\d[\d.:-]*)*"
)
_DOOR = re.compile(rf"\b{any_of((*PLACES.latin_unit_words, *PLACES.latin_road_words))}\b")
