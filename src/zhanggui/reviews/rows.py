"""The shapes of `reviews` output rows and of label rows (a stable contract)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast, get_args

from zhanggui.errors import InputError
from zhanggui.records import Opinion, Polarity, Reading

_OPINION_FIELDS = ("aspect", "opinion", "category", "polarity", "start", "end")


@dataclass(frozen=True, slots=True)
class PolarityLabel:
    """One review with its polarity."""

    content: str
    polarity: Polarity


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLabel:
    """One opinion that a person marked; spans are None where nothing is written."""

    aspect: tuple[int, int] | None
    opinion: tuple[int, int] | None
    category: str
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class OpinionsLabel:
    """One review with all of its opinions."""

    content: str
    opinions: tuple[OpinionLabel, ...]


def reading_row(reading: Reading) -> dict[str, Any]:
    """The row of the `reviews` output."""
    return {
        "id": reading.id,
        "polarity": reading.polarity,
        "score": round(reading.score, 4),
        "opinions": [
            {name: asdict(opinion)[name] for name in _OPINION_FIELDS}
            for opinion in reading.opinions
        ],
        "suspicious": reading.suspicious,
        "suspicious_reason": reading.suspicious_reason,
    }


def opinions_label(row: Mapping[str, Any]) -> OpinionsLabel:
    """A row of `content,opinions`. Raises InputError with the reason."""
    content = _content(row)
    given = row.get("opinions")
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise InputError("opinions must be a list of objects")
    return OpinionsLabel(content, tuple(_opinion(content, one) for one in given))


def _opinion(content: str, row: Mapping[str, Any]) -> OpinionLabel:
    aspect = _span(content, row, "aspect", near=None)
    opinion = _span(content, row, "opinion", near=aspect)
    category = row.get("category")
    if aspect is None and opinion is None:
        raise InputError("an opinion needs an aspect or an opinion")
    if not isinstance(category, str) or not category:
        raise InputError("an opinion needs a category")
    return OpinionLabel(aspect=aspect, opinion=opinion, category=category, polarity=_polarity(row))


def _span(
    content: str, row: Mapping[str, Any], name: str, near: tuple[int, int] | None
) -> tuple[int, int] | None:
    text = row.get(name)
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise InputError(f"{name} must be text")
    start = row.get(f"{name}_start")
    if start is None:
        start = _nearest(content, text, near)
    if not isinstance(start, int) or start < 0 or content[start : start + len(text)] != text:
        raise InputError(f"{name} “{text}” is not in the content at the given place")
    return start, start + len(text)


def _nearest(content: str, text: str, near: tuple[int, int] | None) -> int:
    places = []
    place = content.find(text)
    while place >= 0:
        places.append(place)
        place = content.find(text, place + 1)
    if not places:
        return -1
    return places[0] if near is None else min(places, key=lambda one: abs(one - near[1]))


def _content(row: Mapping[str, Any]) -> str:
    content = row.get("content")
    if not isinstance(content, str) or not content.strip():
        raise InputError("content is missing or empty")
    return content


def _polarity(row: Mapping[str, Any]) -> Polarity:
    polarity = row.get("polarity")
    if polarity not in get_args(Polarity):
        raise InputError("polarity must be positive, neutral or negative")
    return cast(Polarity, polarity)


def reading_of_row(row: Mapping[str, Any]) -> Reading:
    """The reading that `reading_row` made `row` of."""
    return Reading(
        id=row["id"],
        polarity=row["polarity"],
        score=row["score"],
        opinions=tuple(Opinion(**opinion) for opinion in row["opinions"]),
        suspicious=row["suspicious"],
        suspicious_reason=row["suspicious_reason"],
    )
