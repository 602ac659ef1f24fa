"""What the student of names and addresses sees beside the characters themselves.

Per character: the part of speech of its word, whether it can begin or continue a name, which
word of our lists it belongs to, what was said before and what comes after; for Latin letters
the shape of their word. All as hashes, one row a kind.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence

import numpy as np
import rjieba

from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAMES, known_name
from zhanggui.students.char_features import Marks
from zhanggui.text.normalise import well_formed

_LETTERS = "[A-Za-zÀ-ɏЀ-ӿ]"
_LATIN = re.compile(rf"{_LETTERS}+(?:['’.-]{_LETTERS}+)*\.?|\d+")
_HAS_LATIN = re.compile(_LETTERS)
_CJK = re.compile(r"[\u3400-\u9fff]")
_SINGLE_NAME = re.compile(rf"[\u3400-\u9fff][{PEOPLE.given_single}](?![\u3400-\u9fff])")
_PAD = 3
_REACH = 9
_LONGEST = 8

_Kinds = dict[str, str]


def _kinds(*lists: tuple[str, Sequence[str]]) -> _Kinds:
    """Word to kind; the first list that holds a word decides."""
    return {word: kind for kind, words in reversed(lists) for word in words}


_NAME_WORDS = _kinds(
    ("no", PEOPLE.not_names),
    ("title", PEOPLE.titles),
    ("cue", PEOPLE.cues),
    ("double", PEOPLE.surnames_compound),
)
_PLACE_WORDS = _kinds(
    ("no", PLACES.not_addresses),
    ("province", PLACES.provinces),
    ("city", (*PLACES.cities, *PLACES.towns)),
    ("district", PLACES.districts),
    ("area", PLACES.area_suffixes),
    ("town", PLACES.town_suffixes),
    ("road", PLACES.road_suffixes),
    ("house", PLACES.house_suffixes),
    ("estate", PLACES.estate_suffixes),
    ("cue", PLACES.cues),
)
_LATIN_WORDS = _kinds(
    ("title", PEOPLE.latin_titles),
    ("road", PLACES.latin_road_words),
    ("unit", PLACES.latin_unit_words),
    ("first", PEOPLE.latin_first),
    ("last", PEOPLE.latin_last),
    ("region", [part for name in PLACES.latin_regions for part in name.split()]),
    ("cue", [part for cue in (*PEOPLE.cues, *PLACES.cues) for part in cue.split()]),
)
_SUFFIXES = frozenset({"area", "town", "road", "house", "estate"})


def _flags_of() -> dict[str, str]:
    flags: dict[str, str] = {}
    for flag, chars in (
        ("c", PEOPLE.surnames_common),
        ("r", PEOPLE.surnames_rare),
        ("g", PEOPLE.given),
        ("n", "0123456789零一二三四五六七八九十百两甲乙丙丁"),
    ):
        for char in set(chars):
            flags[char] = flags.get(char, "") + flag
    return flags


_FLAGS = _flags_of()


def marks(text: str, cased: str, *, popular: bool = True) -> Marks:
    """The marks of `text`; `cased` is the same text with its capital letters.

    Without `popular` no given name counts as one that many bear: a student that always saw
    them marked would find no others.
    """
    columns = _speech(text)
    flags = _windowed([_FLAGS.get(char) or _class_of(char) for char in text])
    columns += [_join(flags, (-1, 0, 1)), _join(flags, (0, 1, 2)), _join(flags, (0, 1, 2, 3))]
    names, places = _listed(text, _NAME_WORDS), _listed(text, _PLACE_WORDS)
    for listed in (_windowed(names), _windowed(places)):
        columns += [_join(listed, (-1, 0, 1)), _join(listed, (0, 1, 2)), _join(listed, (-2, -1, 0))]
    columns += [_before(names), _before(places), _suffix_ahead(places)]
    known = _windowed(_known(text) if popular else ["-"] * len(text))
    columns += [_join(known, (-1, 0)), _join(known, (0, 1))]
    columns += _latin(text, cased)
    rows = [
        [zlib.crc32(f"{number}|{value}".encode("utf-8", "replace")) for value in column]
        for number, column in enumerate(columns)
    ]
    return np.array(rows, np.uint32).reshape(len(columns), len(text))


def _class_of(char: str) -> str:
    if char.isalpha():
        return "z" if _CJK.match(char) else "a"
    return "d" if char.isdigit() else char if char in ",，。:：()（）、-\ue000 " else "p"


def _windowed(values: list[str]) -> list[str]:
    return ["^"] * _PAD + values + ["$"] * _PAD


def _join(padded: list[str], window: Sequence[int]) -> list[str]:
    first, last = _PAD, len(padded) - _PAD
    return ["/".join([padded[at + step] for step in window]) for at in range(first, last)]


def _speech(text: str) -> list[list[str]]:
    """The part of speech and the place within the word, with the neighbours' parts of speech."""
    words = rjieba.tag(well_formed(text))
    tags = ["^", *(tag for _, tag in words), "$"]
    here: list[str] = []
    before: list[str] = []
    after: list[str] = []
    around: list[str] = []
    for number, (word, tag) in enumerate(words, start=1):
        size = len(word)
        for place in range(size):
            spot = "s" if size == 1 else "b" if place == 0 else "e" if place == size - 1 else "m"
            here.append(f"{tag}{spot}{min(size, 4)}")
            before.append(f"{tags[number - 1]}{tag}{spot}")
            after.append(f"{tag}{tags[number + 1]}{spot}")
            around.append(f"{tags[number - 1]}{tags[number + 1]}{spot}")
    return [here, before, after, around]


def _listed(text: str, kinds: _Kinds) -> list[str]:
    """The kind of the longest listed word over each character; upper case where it begins."""
    found = ["-"] * len(text)
    at = 0
    while at < len(text):
        for size in range(min(_LONGEST, len(text) - at), 0, -1):
            kind = kinds.get(text[at : at + size])
            if kind is not None and not text[at].isascii():
                found[at] = kind.upper()
                found[at + 1 : at + size] = [kind] * (size - 1)
                at += size
                break
        else:
            at += 1
    return found


def _known(text: str) -> list[str]:
    """Where a surname and a given name that many bear stand together."""
    column = ["-"] * len(text)
    at = 0
    while at < len(text):
        end = known_name(text, at)
        # Of one character both are common words too, unless nothing else stands there.
        alone = end == at and text[at] in SURNAMES and _SINGLE_NAME.match(text, at)
        if end > at:
            column[at:end] = ["B", *("i" * (end - at - 1))]
        elif alone and not (at and _CJK.match(text, at - 1)):
            column[at : at + 2] = ["S", "s"]
            end = at + 2
        at = max(end, at + 1)
    return column


def _before(listed: list[str]) -> list[str]:
    """The last cue before each character and how far off it is."""
    column: list[str] = []
    last = -_REACH
    for at, kind in enumerate(listed):
        column.append(str(at - last) if at - last < _REACH else "-")
        if kind.lower() == "cue":
            last = at
    return column


def _suffix_ahead(listed: list[str]) -> list[str]:
    """The next part of an address after each character and how far off it is."""
    column: list[str] = []
    ahead, distance = "-", _REACH
    for kind in reversed(listed):
        column.append(f"{ahead}{distance}" if distance < _REACH else "-")
        distance += 1
        if kind.lower() in _SUFFIXES:
            ahead, distance = kind.lower(), 0
    return column[::-1]


def _latin(text: str, cased: str) -> list[list[str]]:
    """Shape, list and ending of the Latin word over each character, and those around it."""
    kinds = 7
    columns = [["-"] * len(text) for _ in range(kinds)]
    if not _HAS_LATIN.search(cased):
        return columns
    words = list(_LATIN.finditer(cased))
    seen = [f"{_shape(word[0])}{_list_of(word[0])}" for word in words]
    gaps = ["^", *(_gap(cased, one, two) for one, two in itertools.pairwise(words)), "$"]
    padded = ["^", "^", *seen, "$", "$"]
    for number, word in enumerate(words):
        here = number + 2
        low = word[0].lower()
        values = (
            padded[here],
            f"{padded[here - 1]}{gaps[number]}{padded[here]}",
            f"{padded[here]}{gaps[number + 1]}{padded[here + 1]}",
            f"{padded[here - 2]} {padded[here - 1]}{gaps[number]}{padded[here]}",
            f"{padded[here - 1]}{gaps[number]}{padded[here]}{gaps[number + 1]}{padded[here + 1]}",
            f"{_shape(word[0])}{low[-3:]}",
            f"{padded[here]}{gaps[number + 1]}{padded[here + 1]} {padded[here + 2]}",
        )
        for at in range(*word.span()):
            begins = "b" if at == word.start() else "i"
            for column, value in zip(columns, values, strict=True):
                column[at] = begins + value
    return columns


def _shape(word: str) -> str:
    if word.isdigit():
        return f"9{min(len(word), 6)}"
    bare = word.rstrip(".")
    if bare.isupper():
        return "X" if len(bare) == 1 else "XX"
    return "Xx" if bare[:1].isupper() else "x"


def _list_of(word: str) -> str:
    return _LATIN_WORDS.get(word.lower().rstrip("."), "")


def _gap(text: str, one: re.Match[str], two: re.Match[str]) -> str:
    between = text[one.end() : two.start()]
    return between if len(between) <= 2 else "~"
