"""The word lists of `people.yaml` and `places.yaml`: what names and addresses are made of.

All are in simplified characters; texts are read in them (`text/traditional.py`).
"""

from __future__ import annotations

from zhanggui.text.datafile import DataModel, load


class People(DataModel):
    """`people.yaml`."""

    surnames_common: str
    surnames_rare: str
    surnames_compound: tuple[str, ...]
    given: str
    given_names: tuple[str, ...]
    given_single: str
    titles: tuple[str, ...]
    sure_titles: tuple[str, ...]
    sure_cues: tuple[str, ...]
    cues: tuple[str, ...]
    not_names: tuple[str, ...]
    goods: tuple[str, ...]
    calm: tuple[str, ...]
    latin_first: tuple[str, ...]
    latin_last: tuple[str, ...]
    latin_titles: tuple[str, ...]


class Places(DataModel):
    """`places.yaml`."""

    provinces: tuple[str, ...]
    cities: tuple[str, ...]
    towns: tuple[str, ...]
    districts: tuple[str, ...]
    area_suffixes: tuple[str, ...]
    town_suffixes: tuple[str, ...]
    road_suffixes: tuple[str, ...]
    house_suffixes: tuple[str, ...]
    estate_suffixes: tuple[str, ...]
    cues: tuple[str, ...]
    not_addresses: tuple[str, ...]
    latin_road_words: tuple[str, ...]
    latin_unit_words: tuple[str, ...]
    latin_places: tuple[str, ...]
    latin_regions: tuple[str, ...]


PEOPLE = load(People, "zhanggui.pii", "people.yaml")
PLACES = load(Places, "zhanggui.pii", "places.yaml")

_SINGLE = PEOPLE.surnames_common + PEOPLE.surnames_rare

SURNAMES = frozenset(_SINGLE) | frozenset(PEOPLE.surnames_compound)
"""Every surname known."""

GIVEN_NAMES = frozenset(PEOPLE.given_names)
"""Given names of two characters that many people bear."""

SURNAME = f"(?:{'|'.join(PEOPLE.surnames_compound)}|[{_SINGLE}])"
"""The pattern of one."""


def known_name(text: str, start: int) -> int:
    """The end of the surname and popular given name that begin at `start`, or `start`."""
    for size in (2, 1):
        given = start + size
        if text[start:given] in SURNAMES and text[given : given + 2] in GIVEN_NAMES:
            return given + 2
    return start
