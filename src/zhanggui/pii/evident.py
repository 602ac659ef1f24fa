"""Names and addresses that need no student: what stands around them, or they themselves, say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

from zhanggui.pii.lexicon import PEOPLE, SURNAME, known_name
from zhanggui.pii.patterns import BLANK
from zhanggui.pii.words import EntityType, any_of
from zhanggui.text.normalise import well_formed

_Span = tuple[int, int, EntityType]


def evident(text: str, cased: str, begins: dict[int, str]) -> Iterator[_Span]:
    """The spans in `text`; `cased` is the same with capitals, `begins` what `beginnings` says."""
    yield from _labelled(text)
    yield from _called(text, begins)
    yield from _popular(text, begins)
    yield from _alone(text)
    yield from _called_abroad(cased)


def _labelled(text: str) -> Iterator[_Span]:
    """收件人：王小明."""
    for match in _LABEL.finditer(text):
        if match["name"] not in _NOT_NAMES:
            yield (*match.span("name"), "NAME")


def _called(text: str, begins: dict[int, str]) -> Iterator[_Span]:
    """王先生."""
    for match in _CALLED.finditer(text):
        if stands_alone(match.start(), begins) and not _NO_NAME.match(text, match.start()):
            yield (*match.span("name"), "NAME")


def _popular(text: str, begins: dict[int, str]) -> Iterator[_Span]:
    """曹雨涵, whatever stands around it: a surname and a given name that many bear."""
    for start in begins:
        end = known_name(text, start)
        whole = end > start and (end in begins or end == len(text))
        alone = stands_alone(start, begins) and begins[start][0] != "d"
        if whole and alone and text[start:end] not in _NOT_NAMES:
            yield start, end, "NAME"


def _alone(text: str) -> Iterator[_Span]:
    """郑丽琴, 王伟好的: nothing but a name between two stops, or a name and an answer."""
    for match in NAME_ALONE.finditer(text):
        name = match["name"]
        # Words of our dictionary are no names by themselves: 高兴, 方便.
        if rjieba.cut(name, False) != [name] and not _NO_NAME.match(text, match.start()):
            yield (*match.span("name"), "NAME")
    whole = _NOTHING_ELSE.fullmatch(text)
    if whole is not None and _in_single_characters(whole["name"]):
        yield (*whole.span("name"), "NAME")


def _in_single_characters(name: str) -> bool:
    """Whether our dictionary knows no word in `name`, which is no brand either."""
    return not _NO_NAME.match(name) and len(rjieba.cut(name, False)) == len(name)


def _called_abroad(cased: str) -> Iterator[_Span]:
    """Mr. Brown; my name is Emily Carter; 10 Baker Street, Flat 2."""
    for match in _LATIN_CALLED.finditer(cased):
        yield (*match.span("name"), "NAME")
    # Who writes without capitals, or whose text was lowered on its way to a model, lives
    # somewhere too.
    street = _STREET if _CAPITAL.search(cased) else _LOW_STREET
    for match in street.finditer(cased):
        yield (*match.span(), "ADDRESS")


def beginnings(text: str) -> dict[int, str]:
    """Where the words of `text` begin, and their parts of speech."""
    begins: dict[int, str] = {}
    at = 0
    for word, tag in rjieba.tag(well_formed(text)):
        begins[at] = tag
        at += len(word)
    return begins


def stands_alone(start: int, begins: dict[int, str]) -> bool:
    """Whether a surname alone can be meant here: not the 和 of 我和先生, not the 何 of 任何."""
    return begins.get(start, "c")[0] not in "cpr"


_NOT_NAMES = frozenset(PEOPLE.not_names)
_NO_NAME = re.compile(any_of(PEOPLE.not_names))
_CALLED = re.compile(rf"(?P<name>{SURNAME})(?={any_of(PEOPLE.sure_titles)})")
_LABEL = re.compile(
    rf"{any_of(PEOPLE.sure_cues)}\s?[:]\s?(?P<name>{SURNAME}[\u3400-\u9fff]{{1,2}})"
    rf"(?=[\s,，。;；()（）、|/{BLANK}]|电话|手机|地址|收|$)"
)
_FAMILY = f"(?:{'|'.join(PEOPLE.surnames_compound)}|[{PEOPLE.surnames_common}])"
NAME_ALONE = re.compile(
    rf"(?<![\u3400-\u9fff\d])(?P<name>{_FAMILY}[{PEOPLE.given}]{{1,2}})"
    r"(?=[^\u3400-\u9fff]|$|(?:好的|是的|可以的?|稍等|谢谢|收)(?![\u3400-\u9fff]))"
)
"""A name of frequent parts between two stops, or with an answer behind it."""
# Of three characters that form no word: not 谢了, not 高配版.
_NOTHING_ELSE = re.compile(
    rf"\W*(?P<name>{_FAMILY}[\u3400-\u9fff]{{2}})(?<![了吗呢吧啊呀的哦哈么版款型色码装盒瓶件纸号])\W*"
)
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
