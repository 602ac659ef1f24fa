"""Records to JSON text and back, without loss.

The type says how to read the JSON, so the text stays plain: decimals, dates and times are
strings, tuples are arrays, records are objects. A field that is absent takes its default, so
a field may be added to a record without a migration.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(record: object) -> str:
    """The record as one line of JSON that every database can hold as text."""
    text = json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))
    # Half of a character pair (from broken exports) has no UTF-8 form; its JSON escape has.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def decode(kind: type[T], text: str) -> T:
    """The record of type `kind` in `text`; raises ValueError or TypeError if it is none."""
    return cast(T, _reader(cast(Any, kind))(json.loads(text)))


def with_texts(value: object, change: Callable[[str], str]) -> object:
    """A value of JSON with every text in it put through `change`; names of fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [with_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {name: with_texts(item, change) for name, item in value.items()}
    return value


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a record cannot hold a {type(value).__name__}")


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        return _record_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _literal_reader(arguments)
    if origin in (Union, UnionType):
        return _optional_reader(arguments)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is Mapping or origin is dict:
        item = _reader(arguments[1])
        return lambda value: {key: item(each) for key, each in value.items()}
    raise TypeError(f"no way to read a {kind} from JSON")


def _record_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind) if field.init}
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def read(value: Any) -> Any:
        if not isinstance(value, dict) or any(name not in value for name in required):
            raise ValueError(f"not a {kind.__name__}")
        return kind(**{name: readers[name](value[name]) for name in readers if name in value})

    return read


def _literal_reader(allowed: tuple[object, ...]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {allowed}")
        return value

    return read


def _optional_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    kinds = [argument for argument in arguments if argument is not NoneType]
    if len(kinds) != 1:
        raise TypeError(f"no way to tell {arguments} apart in JSON")
    reader = _reader(kinds[0])
    return lambda value: None if value is None else reader(value)


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _reader(arguments[0])
        return lambda value: tuple(item(each) for each in value)
    items = [_reader(argument) for argument in arguments]
    return lambda value: tuple(read(each) for read, each in zip(items, value, strict=True))


def _exactly(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is not a {kind.__name__}")
        return value

    return read


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not a number") from error


_SCALARS: dict[Any, Callable[[Any], Any]] = {
    str: _exactly(str),
    bool: _exactly(bool),
    int: _exactly(int),
    float: float,
    Decimal: _decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}
