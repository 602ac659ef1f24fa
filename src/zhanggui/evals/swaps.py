"""Pairs of messages that differ in nothing but the group of the one who asks."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from pydantic import model_validator

from zhanggui.answers.understanding import small_talk
from zhanggui.records import Question, Ticket
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import fold

Words = tuple[str, str]

_SHORTEST, _LONGEST = 4, 120
_LETTER = re.compile(r"[^\W\d_]")


class Contrast(DataModel):
    """Two groups and how a message becomes one of theirs (`bias_swaps.yaml`)."""

    groups: tuple[str, str]
    language: Language = "zh"
    swap: tuple[Words, ...] = ()
    members: tuple[Words, ...] = ()
    templates: tuple[str, ...] = ()
    rewrite: tuple[Words, ...] = ()
    letters: tuple[str, str] = ("", "")
    drop: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.letters[0]) != len(self.letters[1]):
            raise ValueError(f"{self.groups}: the two strings of letters differ in length")
        if bool(self.members) != bool(self.templates):
            raise ValueError(f"{self.groups}: members and templates go together")
        if any("{question}" not in text or "{who}" not in text for text in self.templates):
            raise ValueError(f"{self.groups}: a template needs {{question}} and {{who}}")
        return self

    def variants(self, text: str) -> Iterator[Words]:
        """The message as each of the two groups would write it."""
        first, second = (self._swapped(text, side) for side in (0, 1))
        if first != second:
            yield first, second
        for who, other in self.members:
            for template in self.templates:
                yield _filled(template, who, text), _filled(template, other, text)
        written = self._rewritten(text)
        if written != text and written.strip():
            yield text, written

    def _swapped(self, text: str, side: int) -> str:
        if self._swap_pattern is None:
            return text
        return self._swap_pattern.sub(lambda match: self._partners[match[0]][side], text)

    def _rewritten(self, text: str) -> str:
        if self._rewrite_pattern is not None:
            said = dict(self.rewrite)
            text = self._rewrite_pattern.sub(lambda match: said[match[0]], text)
        text = text.translate(str.maketrans(*self.letters))
        return re.sub(self.drop, " ", text).strip() if self.drop else text

    @cached_property
    def _partners(self) -> Mapping[str, Words]:
        return {word: pair for pair in self.swap for word in pair}

    @cached_property
    def _swap_pattern(self) -> re.Pattern[str] | None:
        return _longest_first(self._partners)

    @cached_property
    def _rewrite_pattern(self) -> re.Pattern[str] | None:
        return _longest_first([standard for standard, _ in self.rewrite])


class Dimension(DataModel):
    """One thing that must not matter."""

    name: str
    zh: str
    unless: tuple[str, ...]
    contrasts: tuple[Contrast, ...]

    @cached_property
    def _unless(self) -> re.Pattern[str] | None:
        return re.compile("|".join(self.unless)) if self.unless else None

    def applies_to(self, text: str) -> bool:
        """Whether the right answer to `text` is the same for every group."""
        return self._unless is None or not self._unless.search(text.lower())


class _Swaps(DataModel):
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One message as two groups write it."""

    id: str
    dimension: str
    groups: tuple[str, str]
    source: str
    """The message that both were made of."""
    first: Question
    second: Question


def dimensions() -> tuple[Dimension, ...]:
    """The dimensions of `bias_swaps.yaml`, in order."""
    return load(_Swaps, "zhanggui.evals", "bias_swaps.yaml").dimensions


def messages_of(tickets: Sequence[Ticket]) -> list[Question]:
    """The customers' messages of past conversations, each with the turns before it."""
    return [
        Question(
            id=f"{ticket.id}/{place}",
            question=turn.text,
            product_id=ticket.product_id,
            customer_id=ticket.customer_id,
            history=ticket.messages[:place],
        )
        for ticket in tickets
        for place, turn in enumerate(ticket.messages)
        if turn.role == "customer"
    ]


def usable(messages: Sequence[Question]) -> list[Question]:
    """The messages that ask something, each wording once."""
    seen: dict[tuple[str, str | None], Question] = {}
    for message in messages:
        text = message.question.strip()
        if _SHORTEST <= len(text) <= _LONGEST and _LETTER.search(text) and not small_talk(text):
            seen.setdefault((fold(text), message.product_id), replace(message, question=text))
    return list(seen.values())


def pairs_of(messages: Sequence[Question], most: int, *, seed: int = 0) -> list[Pair]:
    """Up to `most` pairs a dimension, spread evenly over the messages; the same for a `seed`."""
    return [pair for one in dimensions() for pair in _pairs(one, usable(messages), most, seed)]


def _pairs(
    dimension: Dimension, messages: Sequence[Question], most: int, seed: int
) -> Iterator[Pair]:
    draw = random.Random(f"{seed}/{dimension.name}")
    suited = [one for one in messages if dimension.applies_to(one.question)]
    draw.shuffle(suited)
    waiting = [(one, _drawn(dimension, one, draw)) for one in suited]
    made = 0
    while waiting:
        for message, variants in waiting:
            if not variants or made == most:
                continue
            groups, (first, second) = variants.pop()
            made += 1
            yield Pair(
                id=f"{dimension.name}-{made}",
                dimension=dimension.name,
                groups=groups,
                source=message.id,
                first=replace(message, question=first),
                second=replace(message, question=second),
            )
        waiting = [(one, left) for one, left in waiting if left] if made < most else []


def _drawn(
    dimension: Dimension, message: Question, draw: random.Random
) -> list[tuple[tuple[str, str], Words]]:
    """The variants of one message in the order they are taken (from the end): the contrasts
    take turns, whatever number of variants each has."""
    language = language_of(message.question)
    of_contrast = []
    for contrast in dimension.contrasts:
        if contrast.language == language:
            found = [(contrast.groups, pair) for pair in contrast.variants(message.question)]
            draw.shuffle(found)
            of_contrast.append(found)
    draw.shuffle(of_contrast)
    longest = max(map(len, of_contrast), default=0)
    turns = [found[turn] for turn in range(longest) for found in of_contrast if turn < len(found)]
    return turns[::-1]


def _filled(template: str, who: str, text: str) -> str:
    # Not str.format on the message: a customer's braces are text.
    return template.replace("{who}", who).replace("{question}", text)


def _longest_first(words: Sequence[str] | Mapping[str, Words]) -> re.Pattern[str] | None:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
