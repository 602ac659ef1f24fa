"""What a text commits the shop to, and whether the shop's own words allow it.

One thing for all that goes out: an automatic reply may not commit to what its quotes do not
say (`unlicensed`); what staff say is listed, with a warning where no rule of the shop says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from zhanggui.answers.due import When, cutoff, later, times
from zhanggui.answers.lexicon import any_of
from zhanggui.answers.screening import readable
from zhanggui.records import PromiseKind
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.normalise import Normalised, normalise
from zhanggui.text.segment import index_tokens
from zhanggui.text.sentences import Span, clauses, sentences

_CLOSE = 3
_NEAR = 10
_FAR = 30
"""Characters from a time to the act that it is said of."""
_SAME = 0.6
# Where only the words count, not when they are due.
_ANY_DAY = datetime(2026, 1, 1)
_MONEY = re.compile(
    r"(?P<after>\d+(?:\.\d+)?)\s*(?:元|块(?:钱)?|yuan|rmb)|[¥￥$£€]\s?(?P<before>\d+(?:\.\d+)?)"
)


class _Kind(DataModel):
    acts: tuple[str, ...]
    needs: tuple[Literal["time", "giving", "sum"], ...]
    topics: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return any_of(self.acts)


class _Promises(DataModel):
    words: tuple[str, ...]
    kinds: Mapping[PromiseKind, _Kind]
    giving: tuple[str, ...]
    denials: tuple[str, ...]
    far_denials: tuple[str, ...]
    after_denials: tuple[str, ...]
    done: tuple[str, ...]
    asked: tuple[str, ...]
    thresholds: tuple[str, ...]
    refunding: tuple[str, ...]

    @cached_property
    def word_pattern(self) -> re.Pattern[str]:
        return any_of(self.words)

    @cached_property
    def giving_pattern(self) -> re.Pattern[str]:
        return any_of(self.giving)

    @cached_property
    def undone_pattern(self) -> re.Pattern[str]:
        """What right before an act makes it no promise: denied, or done already."""
        near = [rf"(?:{one})[^，。,]{{0,1}}$" for one in self.denials]
        far = [rf"(?:{one}).{{0,{_NEAR}}}$" for one in self.far_denials]
        done = [rf"(?:{one}).{{0,{_CLOSE}}}$" for one in self.done]
        return any_of([*near, *far, *done])

    @cached_property
    def after_pattern(self) -> re.Pattern[str]:
        return any_of(self.after_denials)

    @cached_property
    def asked_pattern(self) -> re.Pattern[str]:
        return any_of(self.asked)

    @cached_property
    def threshold_pattern(self) -> re.Pattern[str]:
        return any_of(self.thresholds)

    @cached_property
    def refunding_pattern(self) -> re.Pattern[str]:
        return any_of(self.refunding)


def _data() -> _Promises:
    return load(_Promises, "zhanggui.answers", "data/promises.yaml")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A span of a text that binds the shop."""

    kind: PromiseKind
    text: str
    start: int
    end: int
    due: datetime | None
    """None where no time is said, or it counts from an event."""
    length: timedelta | None
    """How long after now, or after the event."""
    day: bool
    """Names a day, so that its end is early enough."""
    amount: Decimal | None
    """Yuan."""
    sentence: str
    """The sentence it stands in, in normal form."""


def commitments(text: str, now: datetime, *, rules: bool = False) -> list[Commitment]:
    """What `text` commits to, said at `now`, in order. What is denied, done or asked is none.

    In `rules` also what is granted without a time and to nobody in particular: 破损可退款.
    """
    form = normalise(text)
    found = [
        one
        for sentence in sentences(form.text)
        if not _data().asked_pattern.search(sentence.text)
        for one in _in_sentence(sentence, now, rules=rules)
    ]
    return [_placed(one, text, form) for one in sorted(found, key=lambda one: (one.start, one.end))]


def _placed(one: Commitment, text: str, form: Normalised) -> Commitment:
    """The same in the text as it was written."""
    start, end = form.span(one.start, one.end)
    return replace(one, text=text[start:end], start=start, end=end)


def _in_sentence(sentence: Span, now: datetime, *, rules: bool) -> list[Commitment]:
    data, text = _data(), sentence.text
    whens = times(text, now)
    found: list[Commitment] = []
    for clause in clauses(text):
        for kind, entry in data.kinds.items():
            for act in entry.pattern.finditer(clause.text):
                start, end = clause.start + act.start(), clause.start + act.end()
                if _undone(text[clause.start : start], text[end:]):
                    continue
                when = _nearest(whens, start, end)
                amount = _amount(clause.text)
                if not rules and not _binds(entry, when, amount, clause.text):
                    continue
                first, last = (start, end) if when is None else (when.start, when.end)
                found.append(
                    Commitment(
                        kind,
                        "",
                        sentence.start + min(start, clause.start, first),
                        sentence.start + max(end, clause.end, last),
                        when.due if when else None,
                        when.length if when else None,
                        when.day if when else False,
                        amount,
                        text,
                    )
                )
                # One clause promises one thing of a kind.
                break
    return found


def _undone(before: str, after: str) -> bool:
    """By what stands before the act in its clause and after it in its sentence."""
    data = _data()
    return bool(data.undone_pattern.search(before) or data.after_pattern.search(after))


def _nearest(whens: Sequence[When], start: int, end: int) -> When | None:
    def apart(when: When) -> int:
        # What stands before is meant sooner than what follows: 今天发货，明天到.
        return start - when.end if when.end <= start else 2 * max(0, when.start - end)

    near = [when for when in whens if apart(when) <= _FAR]
    return min(near, key=apart, default=None)


def _binds(entry: _Kind, when: When | None, amount: Decimal | None, clause: str) -> bool:
    if not entry.needs:
        return True
    met = {
        "time": when is not None,
        "sum": amount is not None,
        "giving": bool(_data().giving_pattern.search(clause)),
    }
    return any(met[need] for need in entry.needs)


def _amount(clause: str) -> Decimal | None:
    match = _MONEY.search(clause)
    return Decimal(match["after"] or match["before"]) if match else None


def unlicensed(text: str, ground: str) -> str:
    """The first words of `text` that bind the shop and do not stand in `ground`, what is quoted;
    empty if there are none."""
    said, known = readable(text), readable(ground)
    for match in _data().word_pattern.finditer(said):
        if match[0] not in known:
            return match[0]
    rules = {_terms(rule) for rule in commitments(ground, _ANY_DAY, rules=True)}
    for one in commitments(text, _ANY_DAY):
        if one.kind == "follow_up" and one.due is None and one.length is None:
            # That somebody will come back is what a handover says, and the ledger keeps it.
            continue
        said_there = all(readable(piece.text) in known for piece in clauses(one.text))
        if not said_there and _terms(one) not in rules:
            return one.text
    return ""


def _terms(one: Commitment) -> tuple[object, ...]:
    return one.kind, one.due, one.length, one.amount


def licensing(one: Commitment, grounds: Iterable[tuple[str, str]], now: datetime) -> str:
    """The source of the first of (source, text) that allows the commitment; empty if none."""
    for source, text in grounds:
        if any(licenses(rule, one, now) for rule in commitments(text, now, rules=True)):
            return source
    return ""


def licenses(rule: Commitment, one: Commitment, now: datetime) -> bool:
    """Whether the rule promises at least as much as the commitment."""
    if rule.kind != one.kind:
        return False
    data = _data()
    threshold = data.threshold_pattern.search(rule.sentence)
    if threshold and threshold[0] not in one.sentence:
        return False
    if one.due is not None or one.length is not None:
        same = one.kind not in ("compensation", "price") or _same_thing(rule, one)
        return same and _no_sooner(rule, one, now) and _same_sum(rule, one)
    if one.day:
        # On a day that no calendar has: nothing can be compared with it.
        return False
    if one.kind in ("dispatch", "arrival", "follow_up"):
        return True
    return _same_sum(rule, one) and _same_thing(rule, one)


def _no_sooner(rule: Commitment, one: Commitment, now: datetime) -> bool:
    if rule.length is not None and one.length is not None and one.due is None:
        return one.length >= rule.length
    bound = rule.due
    if bound is None and rule.length is not None:
        bound = later(now, rule.length)
        if bound is not None and rule.day:
            bound = bound.replace(hour=23, minute=59, second=59)
    if bound is None or one.due is None:
        return False
    closes = cutoff(rule.sentence)
    if closes is not None and now.time() >= closes:
        bound += timedelta(days=1)
    # The end of a day is no moment: microseconds do not count.
    return one.due.replace(microsecond=0) >= bound.replace(microsecond=0)


def _same_sum(rule: Commitment, one: Commitment) -> bool:
    return one.amount is None or one.amount == rule.amount


def _same_thing(rule: Commitment, one: Commitment) -> bool:
    """Numbers and most of the words of the commitment stand in the rule; when it is due is
    compared elsewhere."""
    text = normalise(one.text).text
    for when in reversed(times(text, _ANY_DAY)):
        text = f"{text[: when.start]} {text[when.end :]}"
    numbers = re.findall(r"\d+(?:\.\d+)?", text)
    if any(number not in rule.sentence for number in numbers):
        return False
    said = [token for token in index_tokens(text) if len(token) > 1]
    known = [token for token in said if token in rule.sentence]
    return len(known) >= _SAME * len(said)


def refunded(status: str) -> bool:
    """Whether an order's status says that money goes back."""
    return bool(_data().refunding_pattern.search(normalise(status).text))


def topics(kind: PromiseKind) -> tuple[str, ...]:
    """The words by which the shop's own rules on a kind are found."""
    return _data().kinds[kind].topics
