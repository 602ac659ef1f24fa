"""Values as people type them into exports: prices, counts, times, stars, attributes.

Every function raises ValueError with a reason that can be shown as it is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from zhanggui.pii.finder import mask
from zhanggui.records import Polarity, Role

_PRICE_SIGNS = re.compile(r"^(?:¥|rmb|cny|人民币)\s*|\s*(?:元|块|rmb|cny|圆)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COUNT_UNIT = re.compile(
    r"(?<=\d)\s*(?:件|个|套|双|只|条|瓶|盒|本|台|把|包|箱|pcs?)$", re.IGNORECASE
)
_MOST = Decimal(10) ** 12
_MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[\sT]*(?P<half>上午|下午|晚上|am|pm)?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})分?"
    r"(?:[:](?P<second>\d{1,2})|(?P<second_zh>\d{1,2})秒)?(?:[.]\d+)?\s*(?P<half_after>am|pm)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d{6})(?:\s*(\d{6}))?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_STARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "好评": 5, "中评": 3, "差评": 1}
_STARS |= {"good": 5, "neutral": 3, "bad": 1}
_STAR_UNIT = re.compile(r"\s*(?:颗?星|分|stars?|/\s*5)$", re.IGNORECASE)
_ITEM_END = re.compile(r"[;；\n]")
_COLON = re.compile(r"[:：]")
_POLARITIES: dict[str, Polarity] = {
    **dict.fromkeys(("positive", "pos", "正面", "正向", "积极", "好评", "1"), "positive"),
    **dict.fromkeys(("neutral", "neu", "中性", "中立", "中评"), "neutral"),
    **dict.fromkeys(("negative", "neg", "负面", "负向", "消极", "差评", "-1"), "negative"),
}
_ROLES: dict[str, Role] = {
    **dict.fromkeys(("customer", "buyer", "user", "买家", "顾客", "客户", "用户"), "customer"),
    **dict.fromkeys(
        ("shop", "seller", "agent", "assistant", "卖家", "客服", "商家", "店铺"), "shop"
    ),
}


def text_of(value: Any) -> str:
    """Any value of a cell as text; None is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (date, datetime)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, (Mapping, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def words_of(value: Any) -> str:
    """As `text_of`, for what people wrote: a list or an object is no text."""
    if isinstance(value, (Mapping, list)):
        kind = "a list" if isinstance(value, list) else "an object"
        raise ValueError(f"{shown(value)} is {kind}, not a text")
    return text_of(value)


def decimal_of(value: Any) -> Decimal:
    """A price or amount: `¥1,299.00`, `1299元`, 12.5."""
    form = _form(value)
    bare = _PRICE_SIGNS.sub("", _PRICE_SIGNS.sub("", form)).strip()
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise ValueError(f"{shown(value)} is no amount of money") from error
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise ValueError(f"{shown(value)} is no amount of money")
    return number


def integer_of(value: Any) -> int:
    """A count: 12, `1,200`, `12件`, 12.0."""
    form = _COUNT_UNIT.sub("", _form(value))
    if _THOUSANDS.fullmatch(form):
        form = form.replace(",", "")
    try:
        number = Decimal(form)
    except InvalidOperation as error:
        raise ValueError(f"{shown(value)} is no whole number") from error
    if not number.is_finite() or number != int(number) or abs(number) > _MOST:
        raise ValueError(f"{shown(value)} is no whole number")
    return int(number)


def moment_of(value: Any) -> datetime:
    """A date or time: ISO, `2026/3/1 9:05`, `2026年3月1日 下午3点05分`, 20260301, Unix time.

    Times without a zone stay without one.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    form = _form(value)
    try:
        if match := _MOMENT.fullmatch(form):
            return _moment(match)
        if match := _COMPACT.fullmatch(form):
            return datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S")
        if _EPOCH.fullmatch(form):
            return datetime.fromtimestamp(int(form[:10]), UTC)
    except ValueError:
        pass
    raise ValueError(f"{shown(value)} is no date")


def _moment(match: re.Match[str]) -> datetime:
    parts = match.groupdict()
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or parts["half_after"] or "").lower()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    zone = parts["zone"]
    day = f"{parts['year']}-{int(parts['month']):02}-{int(parts['day']):02}"
    second = int(parts["second"] or parts["second_zh"] or 0)
    time = f"{hour:02}:{int(parts['minute'] or 0):02}:{second:02}"
    if zone and zone not in "Zz" and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    if hour == 24 and time == "24:00:00":
        return datetime.fromisoformat(day) + timedelta(days=1)
    return datetime.fromisoformat(f"{day}T{time}{(zone or '').upper()}")


def rating_of(value: Any) -> float:
    """Stars: 5, `4.5`, `5星`, `五星`, `★★★★☆`, `好评`."""
    form = _form(value)
    if form and set(form) <= set("★☆⭐\ufe0f"):
        return float(form.count("★") + form.count("⭐"))
    bare = _STAR_UNIT.sub("", form)
    if bare.lower() in _STARS:
        return float(_STARS[bare.lower()])
    try:
        number = float(bare)
    except ValueError as error:
        raise ValueError(f"{shown(value)} is no rating") from error
    if not 0 <= number <= 100:
        raise ValueError(f"{shown(value)} is no rating")
    return number


def attributes_of(value: Any) -> dict[str, str]:
    """Attributes from `键:值;键:值` or an object; a name that comes twice keeps both values.

    A piece without a colon goes on with the value before it, which held a semicolon.
    """
    pairs = _object_pairs(value) if isinstance(value, Mapping) else _text_pairs(text_of(value))
    found: dict[str, list[str]] = {}
    for name, content in pairs:
        values = found.setdefault(name, [])
        if content not in values:
            values.append(content)
    return {name: "、".join(values) for name, values in found.items()}


def _object_pairs(value: Mapping[Any, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, content in value.items():
        items = content if isinstance(content, list) else [content]
        text = "、".join(text_of(item).strip() for item in items)
        if str(name).strip() and text:
            pairs.append((str(name).strip(), text))
    return pairs


def _text_pairs(text: str) -> list[tuple[str, str]]:
    if text.lstrip().startswith("{"):
        return _object_pairs(object_of(text))
    pairs: list[tuple[str, str]] = []
    for piece in filter(None, (part.strip() for part in _ITEM_END.split(text))):
        name, *rest = _COLON.split(piece, maxsplit=1)
        if rest and name.strip():
            if rest[0].strip():
                pairs.append((name.strip(), rest[0].strip()))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}；{piece}")
        else:
            raise ValueError(f"{shown(piece)} is no attribute: write 键:值;键:值")
    return pairs


def object_of(value: Any) -> Mapping[str, Any]:
    """A JSON object, given as one or as its text."""
    parsed = _parsed(value)
    if not isinstance(parsed, Mapping):
        raise ValueError(f"{shown(value)} is no JSON object")
    return parsed


def list_of(value: Any) -> list[Any]:
    """A JSON list, given as one or as its text; empty for an empty cell."""
    if value is None or value == "":
        return []
    parsed = _parsed(value)
    if not isinstance(parsed, list):
        raise ValueError(f"{shown(value)} is no JSON list")
    return parsed


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"{shown(value)} is not JSON") from error


def polarity_of(value: Any) -> Polarity:
    """positive, neutral or negative, also 正面/中性/负面 and 好评/中评/差评, 1 and -1."""
    try:
        return _POLARITIES[_form(value).lower()]
    except KeyError as error:
        raise ValueError(
            f"{shown(value)} is no polarity: use positive, neutral or negative"
        ) from error


def role_of(value: Any) -> Role:
    """Who speaks: customer or shop, also 买家/客服 and the like."""
    try:
        return _ROLES[_form(value).lower()]
    except KeyError as error:
        raise ValueError(f"{shown(value)} is no role: use customer or shop") from error


def shown(value: Any) -> str:
    """A value inside a message: short, and without personal data."""
    text, _ = mask(text_of(value))
    return repr(text if len(text) <= 30 else text[:29] + "…")


def _form(value: Any) -> str:
    return unicodedata.normalize("NFKC", text_of(value)).strip()
