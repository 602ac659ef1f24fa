"""When something that was said is due, reasoned against the clock.

Working days are Monday to Friday: public holidays are not known. What is due "on" a day is due
by its end, and so is what is promised "at once".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Literal

from zhanggui.answers.lexicon import any_of
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.numerals import NUMBER, value_of

Unit = Literal["minutes", "hours", "working_days", "days", "weeks"]

_END = time(23, 59, 59)
_LEAP_YEAR = datetime(2028, 1, 1)
# A due day is turned into other time zones and the next years: not at the calendar's ends.
_YEARS = range(1900, 9000)
_WORKING_WEEK = 7 / 5
_NEAR = 12
_JOINED = 2
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AFTERNOON = ("下午", "晚上", "今晚", "傍晚", "pm")
_NUMERAL = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]+|半|one|two|three|four|five|six|seven|ten)"
# A range is due at its far end: 3-5天内.
_AMOUNT = rf"(?:{_NUMERAL}\s*(?:-|~|—|–|到|至|to)\s*)?{_NUMERAL}"


@dataclass(frozen=True, slots=True)
class When:
    """A time in a text."""

    start: int
    end: int
    due: datetime | None
    """None where it counts from an event that nobody knows the time of."""
    length: timedelta | None = None
    """How long after now, or after the event."""
    day: bool = False
    """Names a day and no hour."""


class _Times(DataModel):
    within: Mapping[Unit, tuple[str, ...]]
    days: Mapping[int, tuple[str, ...]]
    weekdays: Mapping[int, tuple[str, ...]]
    next_week: tuple[str, ...]
    dates: tuple[str, ...]
    months: str
    clocks: tuple[str, ...]
    vague: tuple[str, ...]
    events_before: tuple[str, ...]
    events_after: tuple[str, ...]
    cutoff: tuple[str, ...]

    @cached_property
    def within_patterns(self) -> Mapping[Unit, re.Pattern[str]]:
        return {
            unit: any_of([one.replace("{n}", _AMOUNT) for one in patterns])
            for unit, patterns in self.within.items()
        }

    @cached_property
    def day_patterns(self) -> Mapping[int, re.Pattern[str]]:
        return {ahead: any_of(patterns) for ahead, patterns in self.days.items()}

    @cached_property
    def weekday_patterns(self) -> Mapping[int, re.Pattern[str]]:
        return {number: any_of(patterns) for number, patterns in self.weekdays.items()}

    @cached_property
    def date_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, (*self.dates, self.months)))

    @cached_property
    def clock_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.clocks))

    @cached_property
    def cutoff_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.cutoff))

    @cached_property
    def vague_pattern(self) -> re.Pattern[str]:
        return any_of(self.vague)

    @cached_property
    def next_week_pattern(self) -> re.Pattern[str]:
        return any_of(self.next_week)

    @cached_property
    def event_before(self) -> re.Pattern[str]:
        return any_of(self.events_before)

    @cached_property
    def event_after(self) -> re.Pattern[str]:
        return any_of(self.events_after)


def _times() -> _Times:
    return load(_Times, "zhanggui.answers", "data/times.yaml")


def times(text: str, now: datetime) -> list[When]:
    """The times in `text` (NFKC, lower case), in order, a day and its hour as one."""
    found: list[When] = []
    everything = [*_lengths(text, now), *_days(text, now), *_hours(text, now)]
    for when in sorted(everything, key=lambda one: (one.start, one.start - one.end)):
        last = found[-1] if found else None
        if last is not None and when.start < last.end:
            continue
        if last is not None and _is_hour(when) and when.start - last.end <= _JOINED and last.due:
            assert when.due is not None
            moment = when.due.time()
            found[-1] = replace(last, end=when.end, due=_at(last.due, moment), day=False)
            continue
        found.append(when)
    return found


def cutoff(text: str) -> time | None:
    """The hour in a rule until which it holds on a day: 16:00前付款当天发."""
    for pattern in _times().cutoff_patterns:
        for match in pattern.finditer(text):
            if (moment := _clock(match["hour"], match["minute"])) is not None:
                return moment
    return None


def later(now: datetime, length: timedelta) -> datetime | None:
    """`now` and `length`; None where that is further than a calendar goes."""
    try:
        due = now + length
    except OverflowError:
        return None
    return due if due.year in _YEARS else None


def after_working_days(now: datetime, days: int) -> datetime:
    """The end of the `days`-th working day after `now`."""
    weeks = max(0, days - 1) // 5
    moment = now + timedelta(weeks=weeks)
    days -= 5 * weeks
    while days > 0:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return _at(moment, _END)


def _lengths(text: str, now: datetime) -> Iterator[When]:
    known = _times()
    for unit, pattern in known.within_patterns.items():
        for match in pattern.finditer(text):
            numbers = [value_of(number) for number in NUMBER.finditer(match[0])]
            amount = float(numbers[-1]) if numbers else 1.0
            due, length = _reach(unit, amount, now)
            if _counts_from_event(text, match):
                yield When(match.start(), match.end(), None, length)
            else:
                yield When(match.start(), match.end(), due, length)


def _reach(unit: Unit, amount: float, now: datetime) -> tuple[datetime | None, timedelta]:
    """Until when, and how long that is; no day where it is further than a calendar goes."""
    try:
        length = timedelta(**{"days" if unit == "working_days" else unit: amount})
    except OverflowError:
        return None, timedelta.max
    due = later(now, length * _WORKING_WEEK if unit == "working_days" else length)
    if due is None:
        return None, length
    if unit == "working_days":
        return after_working_days(now, round(amount)), length
    return (_at(due, _END) if unit in ("days", "weeks") else due), length


def _days(text: str, now: datetime) -> Iterator[When]:
    known = _times()
    for ahead, pattern in known.day_patterns.items():
        for match in pattern.finditer(text):
            due = _at(now + timedelta(days=ahead), _END)
            event = _counts_from_event(text, match)
            yield When(*match.span(), None if event else due, timedelta(days=ahead), day=True)
    for number, pattern in known.weekday_patterns.items():
        for match in pattern.finditer(text):
            days = (number - now.weekday()) % 7
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if known.next_week_pattern.search(before):
                # The week after this one, which begins on Monday.
                days = 7 - now.weekday() + number
            yield When(*match.span(), _at(now + timedelta(days=days), _END), day=True)
    for pattern in known.date_patterns:
        for match in pattern.finditer(text):
            if _is_date(match):
                yield When(*match.span(), _date(match, now), day=True)


def _is_date(match: re.Match[str]) -> bool:
    """Whether some year has such a day."""
    month = match.groupdict().get("month") or "1"
    try:
        _LEAP_YEAR.replace(month=_month(month), day=int(match["day"]))
    except ValueError:
        return False
    return True


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else int(name)


def _date(match: re.Match[str], now: datetime) -> datetime | None:
    """The end of the day that is meant; None where the year that is meant has no such day."""
    parts = match.groupdict()
    month = _month(parts.get("month") or str(now.month))
    year = int(parts.get("year") or now.year)
    due = _day(now, year, month, int(parts["day"]))
    if due is None or parts.get("year") or due >= now:
        return due
    # A day that is over is the next one of its kind: 3号 said on the 25th, 1月2日 in December.
    if parts.get("month"):
        return _day(now, year + 1, month, due.day)
    ahead = now.replace(day=1) + timedelta(days=32)
    return _day(now, ahead.year, ahead.month, due.day) if due.day <= 28 else None


def _day(now: datetime, year: int, month: int, day: int) -> datetime | None:
    if year not in _YEARS:
        return None
    try:
        return _at(now.replace(year=year, month=month, day=day), _END)
    except ValueError:
        return None


def _hours(text: str, now: datetime) -> Iterator[When]:
    known = _times()
    for pattern in known.clock_patterns:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            minute = "30" if parts.get("half") else parts.get("minute")
            moment = _clock(parts["hour"], minute, parts.get("part") or "")
            if moment is not None:
                yield When(*match.span(), _at(now, moment))
    for match in known.vague_pattern.finditer(text):
        yield When(*match.span(), _at(now, _END), timedelta())


def _is_hour(when: When) -> bool:
    return not when.day and when.length is None


def _clock(hour: str, minute: str | None, part: str = "") -> time | None:
    number = int(hour)
    if part in _AFTERNOON and number < 12:
        number += 12
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None


def _counts_from_event(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    known = _times()
    return bool(known.event_before.search(before) or known.event_after.search(after))


def _at(day: datetime, moment: time) -> datetime:
    return day.replace(hour=moment.hour, minute=moment.minute, second=moment.second, microsecond=0)
