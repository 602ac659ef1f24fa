"""Channels: what a platform asks of a description (`channels/*.yaml`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from zhanggui.descriptions.forms import forms
from zhanggui.errors import InputError
from zhanggui.records import Product, Violation
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

PACKAGE = "zhanggui.descriptions"


class TextLimit(DataModel):
    """How long a part may be; `wide` counts a Han character as one and others as a half."""

    limit: int
    count: Literal["characters", "wide"] = "characters"

    def length(self, text: str) -> int:
        """The length of `text` as the platform counts it, rounded up."""
        if self.count == "characters":
            return len(text)
        halves = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
        return (halves + 1) // 2

    def holds(self, text: str) -> bool:
        """Whether `text` is short enough."""
        return self.length(text) <= self.limit


class BulletLimits(DataModel):
    """How many bullets, and how long each may be."""

    least: int
    most: int
    limit: int


class BodyLimits(DataModel):
    """How short and how long the body may be, in characters."""

    least: int
    limit: int


class Channel(DataModel):
    """One platform: the parts it asks for, their limits, what it forbids."""

    name: str
    language: Literal["zh", "en", "auto"]
    """`auto` writes in the language of the product's own data."""
    title: TextLimit
    bullets: BulletLimits
    body: BodyLimits
    selling_point: TextLimit | None = None
    """None where the platform has no such part; so of the next two."""
    seo_title: TextLimit | None = None
    seo_description: TextLimit | None = None
    facts: int
    """How many attributes a description should bring across."""
    hashtags: int = 0
    """How many hashtags end the body."""
    forbidden: tuple[str, ...] = ()
    """Names of forms (`forms.yaml`) that may not occur in any part."""

    def language_for(self, product: Product) -> Language:
        """The language to write `product` in."""
        if self.language != "auto":
            return self.language
        return language_of(" ".join((product.title, *product.attributes.values())))

    def violations(self, parts: Mapping[str, str]) -> tuple[Violation, ...]:
        """Where `parts` hold a form that the platform forbids."""
        return tuple(
            Violation(
                part=part,
                rule=f"channel.{name}",
                text=match[0],
                start=match.start(),
                end=match.end(),
                why=forms()[name].why,
            )
            for part, text in parts.items()
            for name in self.forbidden
            for match in forms()[name].pattern.finditer(text)
        )

    def without_ornament(self, text: str) -> str:
        """`text` without those forbidden forms that say nothing, such as emoji."""
        for name in self.forbidden:
            if forms()[name].ornament:
                text = forms()[name].pattern.sub("", text)
        return text.strip()


def channel_names() -> list[str]:
    """The channels that are there."""
    folder = files(PACKAGE).joinpath("channels")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def known_channel(name: str) -> str:
    """`name`, if there is a channel of that name; else raises `InputError`."""
    if name not in channel_names():
        known = ", ".join(channel_names())
        raise InputError(f"There is no channel {name!r}; choose one of {known}.")
    return name


def load_channel(name: str) -> Channel:
    """The channel `name`. Raises `InputError` if there is none."""
    known_channel(name)
    return load(Channel, PACKAGE, f"channels/{name}.yaml")
