"""A description put together line by line: the model's words where they hold, else our frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.verify import verify
from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.channel import PACKAGE
from zhanggui.descriptions.fit import HAN, PIECE, fit_title
from zhanggui.descriptions.frames import Place, closed, framed, head, scenes, spoken_value
from zhanggui.descriptions.writer import Written
from zhanggui.law.check import check
from zhanggui.records import NOTHING, Copy, Fact
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.quantities import quantities

_ENDS = "。．.；;，, "
_TAIL = {"zh": (4, 15), "en": (8, 47)}
"""How short and how long half a sentence may be; one as long as was allowed was cut off."""
_LEAST, _LONGEST = 16, 150
_REPEATED = 4
_PARTS = re.compile(r"[、，,;；/（）()×+。\s]+")


class _Shunned(DataModel):
    zh: list[str]
    en: list[str]


@dataclass(slots=True)
class Composer:
    """Chooses a line for every fact of a brief and keeps what was said from being said twice."""

    task: Brief
    facts: tuple[Fact, ...]
    written: Written | None
    kept: Copy = NOTHING
    """Approved wording that the copy begins with; `task` asks for what it does not tell."""
    lines: int = 0
    """How many lines of the copy the model wrote."""
    _said: set[str] = field(default_factory=set)

    def copy(self) -> Copy:
        """The description, within the limits of the channel where sentences can be left out."""
        bullets = list(self.kept.bullets)
        for text in (*self.kept.bullets, self.kept.body):
            self._note(text)
        late: list[Fact] = []
        for fact in self.task.bullet_facts:
            room = len(bullets) < self.task.channel.bullets.most
            line = self._line(fact, "bullet", self.task.channel.bullets.limit) if room else ""
            if line:
                bullets.append(line)
            else:
                late.append(fact)
        return Copy(self._title(), tuple(bullets), self._body(late))

    def _title(self) -> str:
        product, written = self.task.product, self.written
        if self.kept.title:
            return self.kept.title
        if written and written.title and self.task.translated:
            return fit_title(written.title, self.task.channel)
        return fit_title(product.title, self.task.channel)

    def _body(self, late: list[Fact]) -> str:
        channel, language = self.task.channel, self.task.language
        space = " " if language == "en" else ""
        body = self.kept.body or self._opening()
        for fact in (*self.task.body_facts, *late):
            line = self._line(fact, "body", channel.body.limit - len(body) - 2)
            if line:
                body += space + closed(line, language)
        # With few attributes the body says again, in other words, what a bullet says.
        for fact in self.task.bullet_facts:
            if len(body) >= channel.body.least:
                break
            line = self._framed(fact, "body", channel.body.limit - len(body) - 2)
            body += space + closed(line, language) if line else ""
        return body

    def _opening(self) -> str:
        language = self.task.language
        lines = scenes(self.task.product, language, self.task.product.id)
        return next((line for line in lines if self._sound(line)), lines[0])

    def _line(self, fact: Fact, place: Place, limit: int) -> str:
        """The first way to say `fact` that fits, is proved and repeats nothing."""
        line = self._written_line(fact, place)
        if line and len(line) <= limit and self._fresh(line):
            self.lines += 1
            self._note(line)
            return line
        return self._framed(fact, place, limit)

    def _written_line(self, fact: Fact, place: Place) -> str:
        """The model's line for `fact`; `` if it is not to be printed."""
        said = self.written.said.get(fact.attribute, "").strip(_ENDS) if self.written else ""
        if not said or not self._proper(said):
            return ""
        if self.task.translated:
            return said if self._tells(said, fact) else ""
        # A small model likes to say the value first.
        said = said.removeprefix(fact.value).lstrip(_ENDS)
        start = head(fact, self.task.language)
        if place != "bullet" or not start or not self._tastes(said):
            return ""
        line = start + ("，" if self.task.language == "zh" else ", ") + said
        return line if self._sound(line) else ""

    def _tastes(self, said: str) -> bool:
        """Whether half a sentence is a matter of taste and no more: no number, no attribute."""
        least, most = _TAIL[self.task.language]
        claims = verify({"line": said}, self.facts)
        return (
            least <= len(said) <= most
            and not any(char.isdigit() for char in said)
            and all(claim.status == "opinion" for claim in claims)
        )

    def _framed(self, fact: Fact, place: Place, limit: int) -> str:
        fitting = [(frame, line) for frame, line in self._frames(fact, place) if len(line) <= limit]
        if not fitting:
            return ""
        unused = [pair for pair in fitting if pair[0] not in self._said]
        fresh = (pair for pair in unused if self._fresh(pair[1]))
        frame, line = next(fresh, (unused or fitting)[0])
        self._said.add(frame)
        self._note(line)
        return line

    def _frames(self, fact: Fact, place: Place) -> Iterator[tuple[str, str]]:
        for frame, line in framed(fact, self.task.language, place, self.task.product.id):
            if self._sound(line):
                yield frame, line
        # Where a bullet has room for nothing else, the attribute stands alone.
        if place == "bullet" and self.task.language == "zh" and not self.task.translated:
            yield "", f"{fact.attribute}{spoken_value(fact, 'zh')}"

    def _tells(self, line: str, fact: Fact) -> bool:
        """Whether a translated line says `fact` and nothing else that needs proof."""
        claims = verify({"line": line}, self.facts)
        told = any(one.evidence and one.evidence.attribute == fact.attribute for one in claims)
        fitting = _LEAST <= len(line) <= _LONGEST
        return told and fitting and _checkable(fact) and self._sound(line)

    def _proper(self, line: str) -> bool:
        """Whether a line is in the language and free of hollow talk."""
        language = self.task.language
        return language_of(line) == language and not _shunned(language).search(line.lower())

    def _sound(self, line: str) -> bool:
        claims = verify({"line": line}, self.facts)
        proved = all(claim.status in ("supported", "opinion") for claim in claims)
        category = self.task.product.category or self.task.product.title
        return proved and not check({"line": line}, category)

    def _fresh(self, line: str) -> bool:
        return not any(key in self._said for key in _clauses(line))

    def _note(self, line: str) -> None:
        self._said.update(_clauses(line))


def _checkable(fact: Fact) -> bool:
    """Whether each part of the value is a number or a word that is known in both languages;
    of anything else no rule can say whether it was translated rightly."""
    foreign = (piece for piece in _PARTS.split(normalise(fact.value).text) if HAN.search(piece))
    return all(lexicon().find(piece) or quantities(piece) for piece in foreign)


def _clauses(line: str) -> set[str]:
    """What may not come again: the clauses, and how the line ends."""
    keys = [key for piece in PIECE.finditer(line) if len(key := fold(piece[0])) >= _REPEATED]
    return {*keys, *(key[-_REPEATED:] for key in keys[-1:])}


@cache
def _shunned(language: Language) -> re.Pattern[str]:
    data = load(_Shunned, PACKAGE, "shunned.yaml")
    return re.compile("|".join(data.en if language == "en" else data.zh))
