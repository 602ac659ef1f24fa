"""The patterns of formatted personal data.

They run over lower-case NFKC text. `BLANK` stands for what was found before (one character
for each entity or placeholder), so no pattern reaches over it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhanggui.pii import checks
from zhanggui.pii.words import WORDS, EntityType, any_of

BLANK = "\ue000"

Accept = Callable[[re.Match[str]], bool]
Found = tuple[int, int, EntityType | None]
"""Span and type; None is a span that is certainly not personal."""

# White space, dashes, dots, and the invisible characters that people hide digits with.
_SEP = r"[ \t\u200b-\u200d\u2060\ufe0f\u20e3.·/_\u2010-\u2015\u2212-]"
_GAP = r"[ \t\u2010-\u2015\u2212-]"
FILL = r"(?:号码|number|no\.?|[\s:#=是为叫\"“”'‘’「」【(,])*"
CODE = r"[a-z]{0,6}[-_]?\d[\da-z]*(?:[-_][\da-z]+)*"
GROUPED = r"\d{3,6}(?:[ -]\d{3,6}){2,5}"

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOT_DIGITS = re.compile(r"\D+")
_LETTERS_BEFORE = re.compile(r"[a-z]+$")
_GLUED = frozenset(WORDS.glued_words)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, the type of what its group `value` (or all) matches, and a check of it."""

    type: EntityType | None
    pattern: re.Pattern[str]
    accept: Accept | None = None
    needs: int = 5
    """The text must hold so many digits."""

    def find(self, text: str) -> Iterator[Found]:
        for match in self.pattern.finditer(text):
            if self.accept is None or self.accept(match):
                yield (*match.span("value"), self.type)


def digits_of(value: str) -> str:
    """The digits of `value`."""
    return _NOT_DIGITS.sub("", value)


def _rule(
    kind: EntityType | None,
    pattern: str,
    accept: Accept | None = None,
    *,
    needs: int = 5,
) -> Rule:
    return Rule(kind, re.compile(pattern), accept, needs)


def labelled(labels: tuple[str, ...], value: str) -> str:
    """The pattern of a `value` behind one of `labels`."""
    return rf"{any_of(labels)}{FILL}(?P<value>{value})(?![\da-z])"


def _free(match: re.Match[str]) -> bool:
    """No letters stick to the front, unless they are a word such as tel."""
    start = match.start("value")
    glued = _LETTERS_BEFORE.search(match.string, max(0, start - 12), start)
    return glued is None or glued[0] in _GLUED


def _at_least(count: int) -> Accept:
    return lambda match: len(digits_of(match["value"])) >= count


def _id_code(match: re.Match[str]) -> str:
    return re.sub(r"[^\dx]", "", match["value"])


def _id_card(match: re.Match[str]) -> bool:
    return checks.is_id_card(_id_code(match)) and _free(match)


def _inside_a_run(match: re.Match[str]) -> bool:
    start, end = match.span("value")
    text = match.string
    return text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()


def _idlabelled(match: re.Match[str]) -> bool:
    return checks.has_id_shape(_id_code(match))


def _card(match: re.Match[str]) -> bool:
    start, end = match.span("value")
    around = match.string[max(0, start - _NEAR) : start] + match.string[end : end + _NEAR]
    spoken_of = _CARD_WORDS.search(around) is not None
    return checks.is_card(digits_of(match["value"]), spoken_of=spoken_of) and _free(match)


def _local(match: re.Match[str]) -> bool:
    digits = digits_of(match["value"])
    return not digits.startswith(("400", "800", "95")) and not checks.is_date(digits)


def _wechat(match: re.Match[str]) -> bool:
    value = match["value"]
    if value in WORDS.not_wechat:
        return False
    # Behind a bare 微信 any English word may follow; a sign or 号 makes it a name.
    return not value.isalpha() or match.string[match.start("value") - 1] in ":=号是"


def _account(match: re.Match[str]) -> bool:
    value, sign = match["value"], match["sign"].strip()
    if _CHINESE.match(value) and not sign:
        return False
    said = sign in (":", "=") or not _NO_ACCOUNT.match(value)
    return said and not value.isdigit() and not _ASKED.search(value)


def _written_abroad(match: re.Match[str]) -> bool:
    """A number behind a word for telephone, as it is written where no plan of ours applies."""
    digits = digits_of(match["value"])
    return (
        7 <= len(digits) <= 15 and not checks.is_date(digits) and not _SSN.fullmatch(match["value"])
    )


_NEAR = 30
_NO_ACCOUNT = re.compile("(?:" + "|".join(map(re.escape, WORDS.not_accounts)) + ")")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_ASKED = re.compile("什么|多少|怎么|哪|吗$|呢$")
_ACCOUNT = r"(?:[a-z\d][\w-]{3,24}|[\u3400-\u9fff][\w\u3400-\u9fff*-]{1,24})"
_CARD_WORDS = re.compile(any_of(WORDS.near_card))
_VERSION = re.compile(any_of(WORDS.version_words) + r"[\s:.]*$")
_IP_LABEL = re.compile(any_of(WORDS.labels["IP"]) + rf"{FILL}$")


def _ipv4(match: re.Match[str]) -> bool:
    value, start = match["value"], match.start("value")
    if any(int(part) > 255 for part in value.split(".")):
        return False
    before = match.string[max(0, start - 12) : start]
    if _IP_LABEL.search(before):
        return True
    return len(value) >= 10 and not _VERSION.search(before)


def _ipv6(match: re.Match[str]) -> bool:
    try:
        ipaddress.IPv6Address(match["value"])
    except ValueError:
        return False
    return len(match["value"]) > 6


def _plate(match: re.Match[str]) -> bool:
    value, start = match["value"], match.start("value")
    code = re.sub(r"[·. -]", "", value)
    tail = code[2:]
    if sum(char.isdigit() for char in tail) < (3 if len(tail) == 5 else 4):
        return False
    if len(tail) == 6 and not (tail[0] in "df" or tail[-1] in "df"):
        return False
    labelled = _PLATE_LABEL.search(match.string, max(0, start - 10), start)
    return bool(labelled) or code[0] not in WORDS.plate_ambiguous or len(code) < len(value)


_PLATE_LABEL = re.compile(any_of(WORDS.labels["PLATE"]) + rf"{FILL}$")

_MOBILE = "|".join(
    (
        r"1[3-9]\d{9}",
        rf"1[3-9]\d{_SEP}{{1,3}}\d{{4}}{_SEP}{{1,3}}\d{{4}}",
        rf"1[3-9]\d{_SEP}\d{{3}}{_SEP}\d{{5}}",
        rf"1[3-9]\d{{2}}{_SEP}\d{{4}}{_SEP}\d{{3}}",
        rf"1[3-9]\d{{2}}{_SEP}\d{{3}}{_SEP}\d{{4}}",
        rf"1[3-9]\d{{3}}{_SEP}\d{{3}}{_SEP}\d{{3}}",
        rf"1[3-9]\d(?:{_SEP}\d\d){{4}}",
        rf"1[3-9]\d{_GAP}\d{{8}}",
        rf"1[3-9]\d{{3}}{_GAP}\d{{6}}",
        rf"1[3-9]\d{{4}}{_GAP}\d{{5}}",
        rf"1[3-9]\d{{5}}{_GAP}\d{{4}}",
        rf"1{_SEP}{{1,3}}[3-9](?:{_SEP}{{1,3}}\d){{9}}\ufe0f?\u20e3?",
    )
)
_COUNTRY = r"(?:\(?(?:\+|00)\s?86\)?[ -]{0,2}|86[ -]{0,2})?"
_EXTENSION = r"(?:-\d{3,6}(?!\d)|(?:转|ext\.?)\s?\d{1,6}(?!\d))?"
_LINE = r"[1-9]\d{6,7}|[1-9]\d{2,3}[ -]\d{4}"

RULES: tuple[Rule, ...] = (
    _rule(
        "EMAIL",
        r"(?P<value>[a-z0-9_%+-][a-z0-9._%+-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
        r"(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,24})",
        needs=0,
    ),
    # Numbers in the path of a web address are pages and goods; what it hands over may be people's.
    _rule(None, r"(?P<value>(?:https?://|www\.|(?<![a-z\d])[a-z\d.-]+\.[a-z]{2,6}/)[!->@-~]*)"),
    _rule(
        "IP",
        r"(?<![\d.a-z])(?P<value>\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d)",
        _ipv4,
        needs=4,
    ),
    _rule(
        "IP",
        r"(?<![:\w])(?P<value>(?:[\da-f]{1,4}|:)(?::[\da-f]{0,4}){2,7})(?![:\w])",
        _ipv6,
        needs=1,
    ),
    # Tax numbers of one-person firms begin with the owner's; others paste numbers together.
    _rule(
        "ID_CARD",
        r"(?=\d{2,}[\dx]{16})(?<![a-z])(?=(?P<value>\d{17}[\dx]))",
        lambda match: _inside_a_run(match) and checks.is_id_card(match["value"]),
        needs=19,
    ),
    _rule(None, labelled(WORDS.goods_labels, r"[\da-z][\da-z./-]*")),
    _rule(
        "ID_CARD",
        labelled(WORDS.labels["ID_CARD"], rf"\d(?:{_SEP}?\d){{13,16}}{_SEP}?[\dx]"),
        _idlabelled,
    ),
    _rule("ORDER_NO", labelled(WORDS.labels["ORDER_NO"], GROUPED), _at_least(9)),
    _rule("ORDER_NO", labelled(WORDS.labels["ORDER_NO"], CODE), _at_least(4), needs=4),
    _rule(
        "TRACKING_NO",
        rf"{any_of(WORDS.labels['TRACKING_NO'])}(?:{FILL}{any_of(WORDS.carriers)}?"
        rf"{any_of(WORDS.carrier_tails)}*){FILL}(?P<value>{CODE}|{GROUPED})(?![\da-z])",
        _at_least(7),
    ),
    _rule(
        "BANK_CARD",
        labelled(WORDS.labels["BANK_CARD"], r"\d(?:[ -]{0,2}\d){14,18}"),
    ),
    _rule(
        "BANK_CARD",
        labelled((*WORDS.labels["BANK_CARD"], "cc"), r"\d(?:[ -]?\d){11,18}"),
        lambda match: checks.luhn(digits_of(match["value"])),
        needs=12,
    ),
    _rule(
        "ID_CARD",
        rf"(?<!\d)(?=(?P<value>\d(?:{_SEP}{{0,2}}\d){{16}}{_SEP}{{0,2}}[\dx])(?!\d))",
        _id_card,
        needs=17,
    ),
    _rule(
        "BANK_CARD",
        r"(?<!\d)(?P<value>\d{12,19}|\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?"
        r"|\d{6}[ -]\d{9,13}|\d{4}[ -]\d{6}[ -]\d{5})(?!\d)",
        _card,
        needs=12,
    ),
    _rule(
        "TRACKING_NO",
        rf"(?P<value>{any_of(WORDS.carrier_prefixes)}[- ]?\d{{10,18}}"
        r"(?:-\d{1,3}-\d{1,3}-?)?)(?!\d)",
        needs=10,
    ),
    _rule(
        "TRACKING_NO",
        r"(?<![\da-z])(?P<value>[a-z]{2}\d{9}[a-z]{2}|1z[\da-z]{16})(?![\da-z])",
        _at_least(8),
        needs=8,
    ),
    _rule(
        "ORDER_NO",
        r"(?<!\d)(?P<value>\d{6}-\d{12,17}|\d{3}-\d{7}-\d{7})(?!\d)",
        _free,
        needs=17,
    ),
    _rule(
        "PHONE",
        rf"(?<!\d)(?<!\d\.)(?P<value>{_COUNTRY}(?:{_MOBILE}){_EXTENSION})(?!\d)",
        _free,
        needs=11,
    ),
    _rule(
        "PHONE",
        labelled(WORDS.labels["PHONE"], rf"1{_SEP}{{0,2}}[3-9](?:{_SEP}{{0,2}}\d){{9}}"),
        needs=11,
    ),
    # Service hotlines belong to firms.
    _rule(
        None,
        r"(?<!\d)(?P<value>[48]00[ -]?\d{3}[ -]?\d{4}|[48]00[ -]?\d{4}[ -]?\d{3}"
        r"|[48]00[ -]?\d[ -]?\d{3}[ -]?\d{3})(?!\d)",
    ),
    _rule(
        "LANDLINE",
        r"(?<!\d)(?<!\d\.)(?P<value>(?:(?:\+|00)86[ -]?)?\(?0(?:10|2\d|[3-9]\d{2})\)?"
        rf"[ -]{{0,3}}(?:{_LINE}){_EXTENSION})(?!\d)",
        _free,
        needs=10,
    ),
    _rule("LANDLINE", labelled(WORDS.labels["LANDLINE"], _LINE + _EXTENSION), _local),
    _rule(
        "QQ",
        rf"{any_of(WORDS.labels['QQ'])}{FILL}(?P<value>[1-9]\d{{4,9}})(?![\d.])",
    ),
    _rule("WECHAT", r"(?<![\da-z_])(?P<value>wxid_[\da-z]{6,24})", needs=0),
    _rule(
        "WECHAT",
        rf"{any_of(WORDS.labels['WECHAT'])}{FILL}(?P<value>[a-z][\da-z_-]{{4,18}}[\da-z_])"
        r"(?![\da-z_@])",
        _wechat,
        needs=0,
    ),
    _rule(
        "WANGWANG",
        rf"{any_of(WORDS.labels['WANGWANG'])}\s*(?P<sign>[:=是为叫]?)[\s\"“「]*(?P<value>{_ACCOUNT})(?![\w@])",
        _account,
        needs=0,
    ),
    _rule(
        "WANGWANG",
        r"(?<![a-z\d_@.])(?P<value>tb_?\d{4,14}(?:_\d{1,6})?|t_\d{10,13}_\d{4})(?![\w@])",
        needs=4,
    ),
    _rule(
        "ID_CARD",
        r"\bssn\b[^\d\n]{0,12}(?P<value>\d{3}-\d{2}-\d{4})(?!\d)",
        needs=9,
    ),
    _rule(
        "PLATE",
        rf"(?P<value>[{WORDS.plate_regions}][a-hj-np-z][·. -]?(?:[a-hj-np-z\d]{{5,6}}"
        r"|[a-hj-np-z\d]{4}[挂学警港澳]))(?![\da-z])",
        _plate,
        needs=3,
    ),
)
"""In order of trust: where two overlap, the earlier rule counts."""

_ABROAD = re.compile(
    rf"{any_of(word for word in WORDS.labels['PHONE'] if word.isascii())}"
    r"(?:\s*(?:number|no\.?|is|at|on|:|#))*\s*"
    r"(?P<value>\+?\(?\d{1,5}\)?(?:[ .()-]{1,2}\d{1,5}\)?){1,6}(?:x\d{1,5})?|\d{7,13})(?!\d)"
)
_GROUPS = re.compile(
    r"(?<![\w+.(/-])(?P<value>\(?0\d{1,4}\)?(?:[ .-]\d{2,4}){2,5}|\(\d{2,4}\) ?\d{3,4}[ -]\d{3,4}"
    r"|\d{3}-\d{3}-\d{4})(?:x\d{1,5})?(?![\w.-]?\d)"
)
_INTERNATIONAL = re.compile(r"(?<![\d+])\+\d[\d ().-]{6,18}\d(?!\d)")
_AMERICAN = re.compile(
    r"(?<![\d.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:x\d{1,5})?(?!\d)"
)


def foreign_phones(text: str) -> Iterator[Found]:
    """Numbers with a country code, and American ones as they are written at home."""
    for pattern, region in ((_INTERNATIONAL, None), (_AMERICAN, "US")):
        for match in pattern.finditer(text):
            kind = checks.phone_kind(match[0], region)
            if kind is not None:
                yield match.start(), match.end(), "PHONE" if kind == "PHONE" else "LANDLINE"
    for match in _ABROAD.finditer(text):
        if _written_abroad(match):
            yield (*match.span("value"), "PHONE")
    # In a text without Chinese no other number is grouped like that.
    if not _CHINESE.search(text):
        for match in _GROUPS.finditer(text):
            if 9 <= len(digits_of(match["value"])) <= 12:
                yield match.start(), match.end(), "PHONE"
