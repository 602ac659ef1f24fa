"""What stands around the attributes: the scene before them and the last sentence."""

from __future__ import annotations

import re
from collections.abc import Collection

from zhanggui.descriptions.framefile import frames_file, turned, word_in
from zhanggui.records import Product
from zhanggui.text.language import Language
from zhanggui.text.normalise import normalise

_PIECES = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z' -]*")


def scenes(product: Product, language: Language, turn: int) -> list[str]:
    """Openings for `product`: where a thing of its kind is used, first the one in turn; none
    where none fits for certain.

    What counts is the word that category and title end with, never the brand: 格子猫 sells
    puzzles, and what stands before (咖啡色 of a dress) is not what the thing is.
    """
    found = max(_called(product, language), key=lambda one: len(one[0]), default=None)
    return turned(found[1], turn) if found else []


def names_of(product: Product, language: Language) -> list[str]:
    """What the thing is called, by the words that have a scene; the longest first."""
    called = {word for word, _ in _called(product, language)}
    return sorted(called, key=len, reverse=True)


def _called(product: Product, language: Language) -> list[tuple[str, list[str]]]:
    """The words that the category ends with, else those of the title, with their scenes; the
    title first where the category says little (食品)."""
    title = normalise(product.title.replace(product.brand.strip() or "\0", " ")).text
    by_category = _ending([leaf(product)], language)
    by_title = _ending([piece.strip() for piece in _PIECES.findall(title)], language)
    broad = all(word in frames_file(language).broad for word, _ in by_category)
    return by_title or by_category if broad else by_category


def _ending(pieces: list[str], language: Language) -> list[tuple[str, list[str]]]:
    return [
        (word, scene.lines)
        for scene in frames_file(language).scenes
        for word in scene.words
        if any(_ends(piece, word) for piece in pieces)
    ]


def closings(
    product: Product, language: Language, turn: int, remarked: Collection[str] = ()
) -> list[str]:
    """Last sentences of a body: those about an attribute that the product has and of which
    nothing was remarked, then the rest; in either the one whose turn it is first."""
    names = "\n".join(name.lower() for name in product.attributes if name not in remarked)
    every = frames_file(language).closings
    near = [one.line for one in every if any(word_in(word, names) for word in one.about)]
    rest = [one.line for one in every if not one.about]
    # Neighbours take different ones though each may take two.
    return [*turned(near, turn), *turned(rest, turn * 3)]


def presented(language: Language, turn: int) -> list[str]:
    """Sentences for search engines with {title} and {facts}."""
    return turned(frames_file(language).presented, turn)


def about(product: Product, language: Language, turn: int) -> str:
    """What a body without a scene begins with; `` where category and title do not agree on what
    the thing is."""
    thing = leaf(product)
    known = thing and thing in normalise(product.title).text
    lines = turned(frames_file(language).about, turn)
    return lines[0].format(thing=thing) if known and lines else ""


def leaf(product: Product) -> str:
    """The last part of the category: 家具/沙发 are 沙发."""
    return re.split(r"[/>|]", normalise(product.category).text)[-1].strip()


def _ends(piece: str, word: str) -> bool:
    return piece.endswith((word, f"{word}s")) and word_in(word.rstrip("s"), piece.rstrip("s"))
