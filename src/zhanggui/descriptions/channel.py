"""Channels: what a platform asks of a description (`channels/*.yaml`)."""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from typing import Literal

from zhanggui.errors import InputError
from zhanggui.records import Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

PACKAGE = "zhanggui.descriptions"


class TitleLimit(DataModel):
    """`wide` counts a Han character as one and other characters as a half."""

    limit: int
    count: Literal["characters", "wide"]

    def length(self, text: str) -> int:
        """The length of `text` as the platform counts it, rounded up."""
        if self.count == "characters":
            return len(text)
        halves = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
        return (halves + 1) // 2


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
    """One platform."""

    name: str
    language: Literal["zh", "en", "auto"]
    """`auto` writes in the language of the product's own data."""
    title: TitleLimit
    bullets: BulletLimits
    body: BodyLimits
    facts: int
    """How many attributes a description should bring across."""
    tone: str

    def language_for(self, product: Product) -> Language:
        """The language to write `product` in."""
        if self.language != "auto":
            return self.language
        return language_of(" ".join((product.title, *product.attributes.values())))


def channel_names() -> list[str]:
    """The channels that are there."""
    folder = files(PACKAGE).joinpath("channels")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def load_channel(name: str) -> Channel:
    """The channel `name`. Raises `InputError` if there is none."""
    if name not in channel_names():
        known = ", ".join(channel_names())
        raise InputError(f"There is no channel {name!r}; choose one of {known}.")
    return load(Channel, PACKAGE, f"channels/{name}.yaml")
