"""The strings by which a person can be found: in texts, and in the bytes of files."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from zhanggui.pii.words import WORDS, EntityType

_LONG_ENOUGH = 4
_LONG_NUMBER = 7
"""A shorter run of digits stands in any digest or price."""
_HAN = re.compile("[\u3400-\u9fff]")
# Digests are written in lower case.
_HEXADECIMAL = re.compile("[0-9a-f]+")
_ALNUM = "0-9A-Za-z"
_MARKS = r"[\s\-\u2013.·()（）]"
_GAP = f"{_MARKS}{{0,2}}"
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_PHONE_PARTS = (3, 7)
_ADDRESS_HEAD = re.compile(r"^.*?(?:省|自治区|特别行政区|市|州|盟|区|县|旗|镇)")
_TAIL = 6
_NUMBERS: frozenset[EntityType] = frozenset(
    {"PHONE", "LANDLINE", "ID_CARD", "BANK_CARD", "QQ", "ORDER_NO", "TRACKING_NO"}
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One value of a person."""

    kind: EntityType
    value: str

    @property
    def telling(self) -> bool:
        """Whether the value is long enough to be told from any other text."""
        text = self.value.strip()
        if _HAN.search(text) or not text.isascii():
            return len(text) > 1
        least = _LONG_NUMBER if _HEXADECIMAL.fullmatch(text) else _LONG_ENOUGH
        return len(text) >= least

    def forms(self) -> tuple[str, ...]:
        """The ways in which the value may have been written, as it stands first."""
        plain = unicodedata.normalize("NFKC", self.value).strip()
        forms = [self.value.strip(), plain, plain.lower(), plain.upper()]
        if self.kind == "ADDRESS":
            forms += _address_tails(plain)
        digits = re.sub(r"\D", "", plain)
        if self.kind in _NUMBERS and len(digits) >= _LONG_NUMBER and plain.isascii():
            forms += [re.sub(r"[\s\-.]", "", plain), *_grouped(digits, self.kind)]
        forms += [form.translate(_FULL_WIDTH) for form in forms]
        return tuple(dict.fromkeys(form for form in forms if Trace(self.kind, form).telling))


class Traces:
    """All traces of one person: finds and conceals them in texts, names them as bytes."""

    def __init__(self, traces: Iterable[Trace]) -> None:
        known = tuple(dict.fromkeys(traces))
        self.traces = tuple(trace for trace in known if trace.telling)
        self.short = tuple(trace for trace in known if not trace.telling)
        """Too short to be looked for."""

    @property
    def every(self) -> tuple[Trace, ...]:
        """All of them, the short ones last."""
        return (*self.traces, *self.short)

    def holds(self, text: str) -> bool:
        """Whether one of the traces stands in `text`."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def conceal(self, text: str) -> str:
        """`text` with the name of the kind, such as [手机号], in the place of each trace."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: f"[{self._name(match)}]", text)

    def without(self, dropped: Iterable[Trace]) -> Traces:
        """These traces but for some."""
        gone = set(dropped)
        return Traces(trace for trace in self.every if trace not in gone)

    def needles(self) -> tuple[bytes, ...]:
        """Every form in UTF-8, UTF-16, GB18030 and as JSON escapes it, each once."""
        return tuple(dict.fromkeys(self._encoded()))

    def _encoded(self) -> Iterator[bytes]:
        for form in dict.fromkeys(form for trace in self.traces for form in trace.forms()):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
                yield form.encode(encoding, "replace")
            for ascii_only in (True, False):
                yield json.dumps(form, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "replace")

    def _name(self, match: re.Match[str]) -> str:
        assert match.lastgroup is not None
        return WORDS.names[self.traces[int(match.lastgroup[1:])].kind]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.traces:
            return None
        # The longest first: an address before the street that it ends with.
        order = sorted(enumerate(self.traces), key=lambda pair: -len(pair[1].value))
        parts = [f"(?P<t{place}>{_any_form(trace)})" for place, trace in order]
        return re.compile("|".join(parts), re.IGNORECASE)


def _any_form(trace: Trace) -> str:
    forms = sorted(trace.forms(), key=len, reverse=True)
    return "|".join(_bounded(form, numeric=trace.kind in _NUMBERS) for form in forms)


def _bounded(form: str, *, numeric: bool) -> str:
    bare = re.sub(_MARKS, "", form)
    pattern = re.escape(form)
    if numeric and bare.isascii() and bare.isalnum():
        pattern += "|" + _GAP.join(bare)
    # In the JSON of a record some characters are escaped.
    escaped = json.dumps(form, ensure_ascii=False)[1:-1]
    if escaped != form:
        pattern += "|" + re.escape(escaped)
    before = f"(?<![{_ALNUM}])" if form[0].isascii() and form[0].isalnum() else ""
    after = f"(?![{_ALNUM}])" if form[-1].isascii() and form[-1].isalnum() else ""
    # +8613800000001 and 86138… are the same number.
    if numeric and before:
        before = f"(?:{before}|(?<=86))"
    return f"{before}(?:{pattern}){after}"


def _grouped(digits: str, kind: EntityType) -> Iterator[str]:
    yield digits
    if kind == "PHONE" and len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
        yield digits
    if kind == "PHONE" and len(digits) == 11:
        first, second = _PHONE_PARTS
        for mark in " -":
            yield mark.join((digits[:first], digits[first:second], digits[second:]))


def _address_tails(address: str) -> Iterator[str]:
    """The address without its province, city and district, as people tell it."""
    rest = address
    while (head := _ADDRESS_HEAD.match(rest)) and len(rest) - head.end() >= _TAIL:
        rest = rest[head.end() :]
        yield rest.strip()
