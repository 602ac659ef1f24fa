"""A description put together line by line, each proved before it is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.channel import TextLimit
from zhanggui.descriptions.fit import PIECE, fit_title
from zhanggui.descriptions.framefile import BRACKETS, Place
from zhanggui.descriptions.frames import closed, framed, has_remark, shortly, topic
from zhanggui.descriptions.overlap import copied
from zhanggui.descriptions.phrases import goes_on, joined
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.scenes import about, closings, presented, scenes
from zhanggui.records import NOTHING, Copy, Fact
from zhanggui.text.normalise import fold

_TOGETHER, _KEPT = 3, 4
_TAKEN = (0.47, 0.49)
_LONG = 24
_REPEATED = 4
_POINTS, _SEO = 3, 4


@dataclass(slots=True)
class Composer:
    """Chooses a line for every fact of a brief and keeps what was said from being said twice."""

    task: Brief
    proof: Proof
    reserved: int = 0
    """Characters of the body that are kept for what the shop itself says."""
    kept: Copy = NOTHING
    """Approved wording that the copy begins with; `task` asks for what it does not tell."""
    named: tuple[Fact, ...] = ()
    """What the short lines beside title and body may name; `task` may ask for less."""
    _said: set[str] = field(default_factory=set)
    _remarked: set[str] = field(default_factory=set)
    """The attributes of which something was remarked."""

    def copy(self) -> Copy:
        """The description, within the limits of the channel where sentences can be left out."""
        channel = self.task.channel
        title = self.kept.title or fit_title(self.task.product.title, channel)
        for text in (title, *self.kept.bullets, self.kept.body):
            self._note(text)
        bullets, rest = self._bullets()
        body = self._body(rest)
        return self.with_short_lines(Copy(title, tuple(bullets), body))

    def with_short_lines(self, copy: Copy) -> Copy:
        """`copy` with the selling point and the lines for search engines that the channel wants."""
        channel = self.task.channel
        return replace(
            copy,
            selling_point=self._selling_point(channel.selling_point),
            seo_title=self._seo_title(copy.title, channel.seo_title),
            seo_description=self._seo_description(copy.title, channel.seo_description),
        )

    def _bullets(self) -> tuple[list[str], list[Fact]]:
        """The bullets, and the facts that they leave to the body."""
        limits = self.task.channel.bullets
        bullets = list(self.kept.bullets)
        # A new body has facts of its own.
        most = len(self.task.facts) - (0 if self.kept.body else _KEPT)
        told: list[Fact] = []
        remarks = 1
        for group in self._ranked(limits.limit):
            enough = len(told) + len(group) > most and len(bullets) >= limits.least
            if enough or len(bullets) >= limits.most:
                break
            light = remarks > 0 and len(group) == 1
            line = self._told(group, "bullet", limits.limit, light=light)
            if line:
                remarks -= light and has_remark(group[0], self.task.language)
                bullets.append(line)
                told.extend(group)
        return bullets, [fact for fact in self.task.led if fact not in told]

    def _ranked(self, limit: int) -> list[tuple[Fact, ...]]:
        """Groups for the bullets: as they come, but a long value where it would otherwise stand
        in the body, which it would turn into a list; a yes by itself is left to the body."""
        groups = list(self._grouped(self.task.led, "bullet", limit))
        most = self.task.channel.bullets.most

        def rank(place: int) -> int:
            if len(groups) <= most:
                return 0
            group = groups[place]
            if len(group) == 1 and topic(group[0], self.task.language) == "with":
                return 2
            return int(all(len(fact.value) <= _LONG for fact in group) and place > 1)

        order = sorted(range(len(groups)), key=rank)
        return [groups[place] for place in order]

    def _body(self, facts: list[Fact]) -> str:
        channel, language = self.task.channel, self.task.language
        space = " " if language == "en" else ""
        room = channel.body.limit - self.reserved - 2
        body = self.kept.body or self._opening()
        start = "" if body else about(self.task.product, language, self.task.turn)
        for line in self._statements(facts, room - len(body) - len(start)):
            start = "" if "：" in line else start
            whole = closed(start + line, language)
            if len(body) + len(whole) < room:
                body += (space if body else "") + whole
                start = ""
        if self.kept.body:
            return body
        return self._ended(body, facts)

    def _ended(self, body: str, facts: Sequence[Fact]) -> str:
        """`body` with last sentences where it is short or would be a copy of the data: one, and
        another only if it still is; three say nothing three times. Where that is not enough, what
        a bullet says is said again before them."""
        task, space = self.task, " " if self.task.language == "en" else ""
        room, least = task.channel.body.limit - self.reserved - 2, task.channel.body.least
        lines = closings(task.product, task.language, task.turn, self._remarked)
        ends = [line for line in lines if self.proof.sound(line)][: len(_TAKEN)]
        for fact in task.facts:
            if len(body) + sum(map(len, ends)) >= least or fact in facts:
                break
            line = self._line(fact, "body", room - len(body), light=True)
            body += space + closed(line, task.language) if line else ""
        for line, most in zip(ends, _TAKEN, strict=False):
            wanted = len(body) < least or copied(body, self.proof.facts) > most
            if wanted and len(body) + len(line) < room:
                body += (space if body else "") + line
        return body

    def _statements(self, facts: list[Fact], room: int) -> list[str]:
        """The lines of the body; short ones that hold no remark are joined."""
        said: list[list[str]] = []
        open_ends: list[int] = []
        language, remarks = self.task.language, 2
        for group in self._grouped(facts, "body", room):
            light = remarks > 0 and len(group) == 1 and has_remark(group[0], language)
            line = self._told(group, "body", room, light=light)
            if not line:
                continue
            remarks -= light
            # What follows a value of several parts would seem to be one of them.
            plain = not light and goes_on(line, language) and not any(map(_of_parts, group))
            count = len(group) if plain else _TOGETHER
            before = [*said[-1], *self._parts(group, line)] if said else []
            if plain and before and open_ends[-1] + count <= _TOGETHER and self._holds(before):
                said[-1] = before
                open_ends[-1] += count
            else:
                said.append(self._parts(group, line))
                open_ends.append(count)
        return [joined(lines, language, "body") if len(lines) > 1 else lines[0] for lines in said]

    def _parts(self, group: tuple[Fact, ...], line: str) -> list[str]:
        """The statements that `line` tells of `group`; English ones are joined anew."""
        if self.task.language == "zh" or len(group) == 1:
            return [line]
        return [self._clause(fact, "body") for fact in group]

    def _holds(self, lines: Sequence[str]) -> bool:
        return self.proof.sound(joined(lines, self.task.language, "body"))

    def _opening(self) -> str:
        lines = scenes(self.task.product, self.task.language, self.task.turn)
        line = next((line for line in lines if self.proof.sound(line)), "")
        self._note(line)
        return line

    def _grouped(
        self, facts: Sequence[Fact], place: Place, limit: int
    ) -> Iterator[tuple[Fact, ...]]:
        """The facts in groups that share a line: what is about the same, and neighbours that are
        about nothing in particular."""
        left = list(facts)
        while left:
            group = [left.pop(0)]
            shared = topic(group[0], self.task.language)
            for other in left[: None if shared else 1]:
                alike = shared is not None and topic(other, self.task.language) == shared
                most = _TOGETHER if shared else 2
                if alike and len(group) < most and self._joint([*group, other], place, limit):
                    group.append(other)
            left = [fact for fact in left if fact not in group]
            yield tuple(group)

    def _joint(self, group: Sequence[Fact], place: Place, limit: int) -> str:
        """The facts of `group` in one line; `` where they do not fit or do not hold together."""
        lines = [self._clause(fact, place) for fact in group]
        if place == "body" and not all(goes_on(line, self.task.language) for line in lines):
            return ""
        line = joined(lines, self.task.language, place) if all(lines) else ""
        fits = len(line) <= limit and self._fresh(line)
        return line if line and fits and self.proof.sound(line) else ""

    def _clause(self, fact: Fact, place: Place) -> str:
        turn = self.task.turn
        lines = (line for _, line in framed(fact, self.task.language, place, turn))
        return next((line for line in lines if "：" not in line and self.proof.sound(line)), "")

    def _told(self, group: tuple[Fact, ...], place: Place, limit: int, *, light: bool) -> str:
        if len(group) == 1:
            return self._line(group[0], place, limit, light=light)
        line = self._joint(group, place, limit)
        self._note(line)
        return line

    def _line(self, fact: Fact, place: Place, limit: int, *, light: bool) -> str:
        """The first way to say `fact` that fits, is proved and repeats nothing; the body tells a
        fact even where a part of its value was told before."""
        if light and has_remark(fact, self.task.language):
            self._remarked.add(fact.attribute)
        frames = framed(fact, self.task.language, place, self.task.turn, light=light)
        fitting = [line for _, line in frames if len(line) <= limit and self.proof.sound(line)]
        line = next(filter(self._fresh, fitting), "")
        if not line and place == "body" and fitting and "，" in fact.value:
            line = fitting[-1]
        self._note(line)
        return line

    def _selling_point(self, limit: TextLimit | None) -> str:
        """Two or three facts that a buyer asks for, as short as can be."""
        between = " " if self.task.language == "zh" else " · "
        return "" if limit is None else self._row(limit, _POINTS, self.named, between)

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
        """The title with what else a buyer searches for; `` where nothing is added to it."""
        if limit is None:
            return ""
        line = title if limit.holds(title) else ""
        for short in self._shorts(self.named):
            longer = f"{line} | {short}" if line else short
            if limit.holds(longer) and self.proof.sound(longer):
                return longer
        return "" if line == title else line

    def _seo_description(self, title: str, limit: TextLimit | None) -> str:
        """A sentence of its own: what it is, and the facts that stand in few words."""
        if limit is None:
            return ""
        for frame in presented(self.task.language, self.task.turn):
            empty = frame.format(title=title, facts="")
            rest = TextLimit(limit=limit.limit - limit.length(empty), count=limit.count)
            between = "、" if self.task.language == "zh" else " · "
            facts = self._row(rest, _SEO, self.named, between)
            line = frame.format(title=title, facts=facts)
            if facts and self.proof.sound(line):
                return line
        return ""

    def _fresh(self, line: str) -> bool:
        return not any(key in self._said for key in _clauses(line))

    def _note(self, line: str) -> None:
        self._said.update(_clauses(line))


def _of_parts(fact: Fact) -> bool:
    return len(list(PIECE.finditer(BRACKETS.sub("", fact.value)))) > 1


def _clauses(line: str) -> set[str]:
    """What may not come again."""
    return {key for piece in PIECE.finditer(line) if len(key := fold(piece[0])) >= _REPEATED}
