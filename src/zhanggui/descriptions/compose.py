"""A description put together line by line: the model's words where they hold, else our frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from zhanggui.claims.verify import verify
from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.channel import PACKAGE, TextLimit
from zhanggui.descriptions.fit import PIECE, fit_title
from zhanggui.descriptions.frames import (
    Place,
    closed,
    framed,
    head,
    is_plain,
    joined,
    plainly,
    presented,
    scenes,
    shortly,
)
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.writer import Written
from zhanggui.records import Copy, Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import fold

_ENDS = "。．.；;，, "
_TAIL = {"zh": (4, 15), "en": (8, 47)}
"""How short and how long half a sentence may be; one as long as was allowed was cut off."""
_REPEATED = 4
_POINTS, _SEO = 3, 4


class _Shunned(DataModel):
    zh: list[str]
    en: list[str]


@dataclass(slots=True)
class Composer:
    """Chooses a line for every fact of a brief and keeps what was said from being said twice."""

    task: Brief
    proof: Proof
    written: Written = field(default_factory=dict)
    reserved: int = 0
    """Characters of the body that are kept for what the shop itself says."""
    lines: int = 0
    """How many lines of the copy the model wrote."""
    _said: set[str] = field(default_factory=set)

    def copy(self) -> Copy:
        """The description, within the limits of the channel where sentences can be left out."""
        channel = self.task.channel
        title = fit_title(self.task.product.title, channel)
        self._note(title)
        bullets, rest = self._bullets()
        body = self._body(rest)
        return Copy(
            title,
            tuple(bullets),
            body,
            selling_point=self._selling_point(channel.selling_point),
            seo_title=self._seo_title(title, channel.seo_title),
            seo_description=self._seo_description(title, channel.seo_description),
        )

    def _bullets(self) -> tuple[list[str], list[Fact]]:
        """The bullets, and the facts that they leave to the body."""
        limits = self.task.channel.bullets
        facts = self.task.bullet_facts
        pairs = 1 if len(facts) > limits.least else 0
        bullets: list[str] = []
        late: list[Fact] = []
        for group in self._grouped(facts, pairs, limits.limit):
            line = self._told(group, "bullet", limits.limit)
            if line:
                bullets.append(line)
            else:
                late.extend(group)
        rest = [*self.task.body_facts]
        for fact in self.task.body_facts:
            if len(bullets) >= limits.least:
                break
            line = self._told((fact,), "bullet", limits.limit)
            if line:
                bullets.append(line)
                rest.remove(fact)
        return bullets, [*rest, *late]

    def _body(self, facts: list[Fact]) -> str:
        channel, language = self.task.channel, self.task.language
        space = " " if language == "en" else ""
        room = channel.body.limit - self.reserved - 2
        body = self._opening()
        for group in self._grouped(facts, len(facts), room):
            line = self._told(group, "body", room - len(body))
            if line:
                body += space + closed(line, language)
        # With few attributes the body says again, in other words, what a bullet says.
        for fact in self.task.bullet_facts:
            if len(body) >= channel.body.least:
                break
            line = self._framed(fact, "body", room - len(body))
            body += space + closed(line, language) if line else ""
        return body

    def _opening(self) -> str:
        lines = scenes(self.task.product, self.task.language, self.task.turn)
        line = next((line for line in lines if self.proof.sound(line)), lines[0])
        self._note(line)
        return line

    def _grouped(self, facts: Sequence[Fact], pairs: int, limit: int) -> Iterator[tuple[Fact, ...]]:
        """The facts one by one; those about which there is nothing to add go in twos."""
        taken: set[str] = set()
        for place, fact in enumerate(facts):
            if fact.attribute in taken:
                continue
            other = next(
                (
                    one
                    for one in facts[place + 1 :]
                    if pairs > 0 and one.attribute not in taken and self._pair(fact, one, limit)
                ),
                None,
            )
            group = (fact,) if other is None else (fact, other)
            pairs -= len(group) - 1
            taken.update(one.attribute for one in group)
            yield group

    def _pair(self, first: Fact, second: Fact, limit: int) -> str:
        """Both facts in one line; `` if either has more to it or they do not fit."""
        language = self.task.language
        if not is_plain(first, language) or not is_plain(second, language):
            return ""
        line = joined(plainly(first, language), plainly(second, language), language)
        fresh = self._fresh(line) and self.proof.sound(line)
        return line if len(line) <= limit and fresh else ""

    def _told(self, group: tuple[Fact, ...], place: Place, limit: int) -> str:
        if len(group) == 1:
            return self._line(group[0], place, limit)
        line = self._pair(group[0], group[1], limit)
        self._note(line)
        return line

    def _line(self, fact: Fact, place: Place, limit: int) -> str:
        """The first way to say `fact` that fits, is proved and repeats nothing."""
        for line in self._written_lines(fact) if place == "bullet" else ():
            if len(line) <= limit and self._fresh(line):
                self.lines += 1
                self._note(line)
                return line
        return self._framed(fact, place, limit)

    def _written_lines(self, fact: Fact) -> Iterator[str]:
        """The model's lines for `fact` that may be printed; another product starts with another."""
        ways = self.written.get(fact.attribute, ())
        start = head(fact, self.task.language)
        first = self.task.turn % len(ways) if ways else 0
        for said in (*ways[first:], *ways[:first]) if start else ():
            # A small model likes to say the value first.
            tail = said.strip(_ENDS).removeprefix(fact.value).lstrip(_ENDS)
            line = start + ("，" if self.task.language == "zh" else ", ") + tail
            if tail and self._proper(tail) and self._tastes(tail) and self.proof.sound(line):
                yield line

    def _tastes(self, said: str) -> bool:
        """Whether half a sentence is a matter of taste and no more: no number, no attribute."""
        least, most = _TAIL[self.task.language]
        claims = verify({"line": said}, self.proof.facts)
        return (
            least <= len(said) <= most
            and not any(char.isdigit() for char in said)
            and all(claim.status == "opinion" for claim in claims)
        )

    def _proper(self, line: str) -> bool:
        """Whether a line is in the language and free of hollow talk."""
        language = self.task.language
        return language_of(line) == language and not _shunned(language).search(line.lower())

    def _framed(self, fact: Fact, place: Place, limit: int) -> str:
        """A sentence of the house that repeats nothing, else the attribute by itself."""
        language = self.task.language
        for frame, line in framed(fact, language, place, self.task.turn):
            unused = frame not in self._said and self._fresh(line)
            if len(line) <= limit and unused and self.proof.sound(line):
                self._said.add(frame)
                self._note(line)
                return line
        line = plainly(fact, language)
        if line and len(line) <= limit and self._fresh(line) and self.proof.sound(line):
            self._note(line)
            return line
        return ""

    def _selling_point(self, limit: TextLimit | None) -> str:
        """Two or three facts that a buyer asks for, as short as can be."""
        between = " " if self.task.language == "zh" else " · "
        return "" if limit is None else self._row(limit, _POINTS, self.task.facts, between)

    def _row(self, limit: TextLimit, most: int, facts: Iterable[Fact], between: str) -> str:
        """Some of `facts` in one line, none that the title tells; `` where they are too few."""
        line, count = "", 0
        for short in self._shorts(facts):
            longer = f"{line}{between}{short}" if line else short
            if count < most and limit.holds(longer) and self.proof.sound(longer):
                line, count = longer, count + 1
        return line if count > 1 else ""

    def _shorts(self, facts: Iterable[Fact]) -> Iterator[str]:
        title = fold(self.task.product.title)
        for fact in facts:
            if fold(fact.value) not in title:
                yield from filter(self.proof.sound, shortly(fact, self.task.language))

    def _seo_title(self, title: str, limit: TextLimit | None) -> str:
        """The title with what else a buyer searches for."""
        if limit is None:
            return ""
        line = title if limit.holds(title) else ""
        for short in self._shorts(self.task.facts):
            longer = f"{line} | {short}" if line else short
            if limit.holds(longer) and self.proof.sound(longer):
                return longer
        return line

    def _seo_description(self, title: str, limit: TextLimit | None) -> str:
        """A sentence of its own: what it is, and the facts that stand in few words."""
        if limit is None:
            return ""
        for frame in presented(self.task.language, self.task.turn):
            empty = frame.format(title=title, facts="")
            rest = TextLimit(limit=limit.limit - limit.length(empty), count=limit.count)
            between = "、" if self.task.language == "zh" else " · "
            facts = self._row(rest, _SEO, self.task.facts, between)
            line = frame.format(title=title, facts=facts)
            if facts and self.proof.sound(line):
                return line
        return ""

    def _fresh(self, line: str) -> bool:
        return not any(key in self._said for key in _clauses(line))

    def _note(self, line: str) -> None:
        self._said.update(_clauses(line))


def _clauses(line: str) -> set[str]:
    """What may not come again: the clauses, and how the line ends."""
    keys = [key for piece in PIECE.finditer(line) if len(key := fold(piece[0])) >= _REPEATED]
    return {*keys, *(key[-_REPEATED:] for key in keys[-1:] if len(keys) > 1)}


@cache
def _shunned(language: Language) -> re.Pattern[str]:
    data = load(_Shunned, PACKAGE, "shunned.yaml")
    return re.compile("|".join(data.en if language == "en" else data.zh))
