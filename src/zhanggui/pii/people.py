"""Names and postal addresses of people: a student proposes, rules of thumb set the bounds.

Most messages hold neither; a cheap look at the words keeps them from the student.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files

import rjieba

from zhanggui.pii.gate import may_hold_people
from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAME, SURNAMES
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
        begins = _beginnings(low)
        sure = [*_labelled(low), *_called(low, begins), *_called_abroad(texts[index][1])]
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


def _labelled(text: str) -> Iterator[_Span]:
    """收件人：王小明."""
    for match in _LABEL.finditer(text):
        if match["name"] not in _NOT_NAMES:
            yield (*match.span("name"), "NAME")


def _called(text: str, begins: dict[int, str]) -> Iterator[_Span]:
    """王先生."""
    for match in _CALLED.finditer(text):
        if _stands_alone(match.start(), begins) and not _NO_NAME.match(text, match.start()):
            yield (*match.span("name"), "NAME")


def _called_abroad(cased: str) -> Iterator[_Span]:
    """Mr. Brown; my name is Emily Carter; 10 Baker Street, Flat 2."""
    for match in _LATIN_CALLED.finditer(cased):
        yield (*match.span("name"), "NAME")
    # Who writes without capitals, or whose text was lowered on its way to a model, lives
    # somewhere too.
    street = _STREET if _CAPITAL.search(cased) else _LOW_STREET
    for match in street.finditer(cased):
        yield (*match.span(), "ADDRESS")


def _as_written(span: _Span, cased: str) -> bool:
    """Whether capitals agree: where there are any, a name in Latin letters has one."""
    value = cased[span[0] : span[1]]
    if span[2] != "NAME" or not value.islower() or cased.islower():
        return True
    return value.split()[0] in _LATIN_FIRST


def _beginnings(text: str) -> dict[int, str]:
    """Where the words of `text` begin, and their parts of speech."""
    begins: dict[int, str] = {}
    at = 0
    for word, tag in rjieba.tag(_SURROGATE.sub("\ufffd", text)):
        begins[at] = tag
        at += len(word)
    return begins


def _stands_alone(start: int, begins: dict[int, str]) -> bool:
    """Whether a surname alone can be meant here: not the 和 of 我和先生, not the 何 of 任何."""
    return begins.get(start, "c")[0] not in "cpr"


def _bounded(text: str, spans: list[Span], begins: dict[int, str]) -> list[_Span]:
    bounded: list[_Span] = []
    for span in _joined(text, spans):
        start, end = _trimmed(text, *_whole_words(text, span.start, span.end))
        one = _name(text, start, end) if span.label == "NAME" else _address(text, start, end)
        alone = one is not None and one[1] - one[0] == 1
        if one is not None and not (alone and not _stands_alone(one[0], begins)):
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
    if _lone(value) or _no_name(text, start, end):
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
_TITLES = [title for title in PEOPLE.titles if not title.isascii()]
_TITLE = re.compile(r"\s?" + _any(_TITLES))
_TITLE_END = re.compile(_any(_TITLES) + r"$")
_NOT_NAMES = frozenset(PEOPLE.not_names)
_NO_NAME = re.compile(_any(PEOPLE.not_names))
_CALLED = re.compile(rf"(?P<name>{SURNAME})(?={_any(PEOPLE.sure_titles)})")
_LABEL = re.compile(
    rf"{_any(PEOPLE.sure_cues)}\s?[:]\s?(?P<name>{SURNAME}[\u3400-\u9fff]{{1,2}})"
    rf"(?=[\s,，。;；()（）、|/{BLANK}]|电话|手机|地址|收|$)"
)
_LATIN_FIRST = frozenset(PEOPLE.latin_first)
_CAPITALISED = "[A-ZÀ-Þ][a-zà-ɏ'’]+"
_LATIN_CALLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Mister|[Mm]y name is|[Mm]y name's|[Nn]ame:)\.?\s{1,2}"
    rf"(?P<name>{_CAPITALISED}(?:[ -](?:[A-Z]\.? )?{_CAPITALISED}){{0,2}})"
)
_STREET = re.compile(
    rf"\b\d{{1,5}}[a-zA-Z]? (?:{_CAPITALISED} ){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Way|Place|Square|Terrace|Highway|Parkway)\b\.?"
    r"(?:,? (?:Apt|Apartment|Suite|Unit|Flat|Floor|Room|#)\.? ?[\dA-Z]{1,5}\b)?"
    rf"(?:,\s{_CAPITALISED}(?: {_CAPITALISED})?)?"
    r"(?:,?\s[A-Z]{2} \d{5}\b|\s[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b)?"
)
_CAPITAL = re.compile("[A-ZÀ-Þ]")
_LOW_STREET = re.compile(
    r"\b\d{1,5}[a-z]? (?:(?!(?:a|an|and|at|by|for|from|in|my|of|off|on|or|the|this|to|with|your) )"
    r"[a-zà-ɏ'’]{2,} ){1,3}"
    r"(?:street|road|rd|avenue|ave|lane|boulevard|blvd|terrace|highway|parkway)\b\.?"
    r"(?:,? (?:apt|apartment|suite|unit|flat|floor|room|#)\.? ?[\da-z]{1,5}\b)?"
)
_LATIN_PLACES = frozenset(PLACES.latin_places)
_SURROGATE = re.compile("[\ud800-\udfff]")

_PROVINCE = _any(PLACES.provinces)
_AREA = _any(PLACES.area_suffixes)
_CITY = _any(PLACES.cities)
_TOWN = _any((*PLACES.cities, *PLACES.towns))
_BARE = rf"(?:{_PROVINCE}|{_TOWN})(?:{_AREA})?"
_DISTRICT = rf"{_any(PLACES.districts)}(?:{_AREA})?"
_LONE = re.compile(rf"(?:{_BARE}\s?){{1,2}}|{_DISTRICT}|\S{{1,4}}(?:省|市)")
# A number with a word of measure is nobody's door.
_NUMBERED = re.compile(
    r"[第货工款型单编]?[号期区层楼组队条排户门房个]?[\d\s]*[号期区层楼组队条排户门房个]?"
)
# An address goes from large to small: where a province follows a city, or one city another,
# the address begins there.
_HIGHER_LEVEL = re.compile(
    rf"(?:{_PROVINCE}|{_TOWN}|{_any(PLACES.districts)})\s?"
    rf"(?={_PROVINCE}(?:(?<=自治区)|省|市|特别行政区))"
    rf"|(?:{_CITY}|北京|天津|上海|重庆)\s?(?={_CITY}市)"
)
# The day and the hour at which a parcel came there.
_WHEN = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2})?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*(?=[\u3400-\u9fff])"
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
# Nobody asks in the middle of an address, and a number that long is a code of goods.
_NO_ADDRESS = re.compile(r"[吗呢?！!]|\d{8}")
_CODE = re.compile(r"\.html|://|[=&#_@]")
