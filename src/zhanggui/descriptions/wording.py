"""The shop's own wording: words it never uses and statements that its copy must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from zhanggui.descriptions.channel import Channel
from zhanggui.records import Claim, Copy, Evidence, Violation
from zhanggui.settings import Wording
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import normalise

SHOP_STATEMENT = "店铺用语"
"""The attribute under which the shop's own statements are proof."""
_END = "。．.！!？?"


def forbidden_words(parts: Mapping[str, str], wording: Wording) -> tuple[Violation, ...]:
    """Where `parts` hold a word that the shop does not use."""
    return tuple(
        Violation(
            part=part,
            rule="shop.forbidden",
            text=text[start:end],
            start=start,
            end=end,
            why=f"店铺设置了不用“{word}”",
        )
        for part, text in parts.items()
        for word in wording.forbidden
        for start, end in _found(word, text)
    )


def required(wording: Wording, language: Language) -> list[str]:
    """The statements that copy in `language` must hold."""
    return [text for text in wording.mandatory if language_of(text) == language]


def completed(copy: Copy, wording: Wording, channel: Channel, language: Language) -> Copy:
    """`copy` with the statements that it lacks at the end of its body, where they fit."""
    body = copy.body
    for text in required(wording, language):
        if not _holds(copy, text):
            closed = text if text[-1] in _END else text + ("。" if language == "zh" else ".")
            space = " " if language == "en" and body else ""
            if len(body) + len(space) + len(closed) <= channel.body.limit:
                body += space + closed
    return replace(copy, body=body)


def lacking_statements(copy: Copy, wording: Wording, language: Language) -> tuple[Violation, ...]:
    """The statements that are not there: there was no room, or they were asked for later."""
    return tuple(
        Violation(
            part="body",
            rule="shop.mandatory",
            text="",
            start=len(copy.body),
            end=len(copy.body),
            why=f"店铺要求写上“{text}”，文案里没有",
        )
        for text in required(wording, language)
        if not _holds(copy, text)
    )


def with_statements(
    claims: tuple[Claim, ...], parts: Mapping[str, str], wording: Wording
) -> tuple[Claim, ...]:
    """`claims` where each statement of the shop proves itself, and nothing but itself."""
    proved = [
        Claim(
            part=part,
            text=text[start:end],
            start=start,
            end=end,
            status="supported",
            evidence=Evidence(SHOP_STATEMENT, statement),
        )
        for part, text in parts.items()
        for statement in wording.mandatory
        for start, end in _found(statement, text)
    ]
    if not proved:
        return claims

    def inside(claim: Claim) -> bool:
        return any(
            one.part == claim.part and one.start < claim.end and claim.start < one.end
            for one in proved
        )

    places = {part: place for place, part in enumerate(parts)}
    kept = [claim for claim in claims if not inside(claim)] + proved
    return tuple(sorted(kept, key=lambda claim: (places[claim.part], claim.start)))


def _holds(copy: Copy, statement: str) -> bool:
    return any(_found(statement, text) for text in copy.parts().values())


def _found(word: str, text: str) -> list[tuple[int, int]]:
    """Where `word` stands in `text`, whatever its case and width."""
    normal = normalise(text)
    return [normal.span(*match.span()) for match in _matches(word, normal.text)]


def _matches(word: str, text: str) -> Iterator[re.Match[str]]:
    return _pattern(word).finditer(text)


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    plain = normalise(word.strip().rstrip(_END)).text
    before = r"(?<![a-z0-9])" if plain[0].isascii() and plain[0].isalnum() else ""
    after = r"(?![a-z0-9])" if plain[-1].isascii() and plain[-1].isalnum() else ""
    return re.compile(before + re.escape(plain) + after)
