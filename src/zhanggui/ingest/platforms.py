"""Whose product file this is: Shopify's, WooCommerce's, 淘宝's, or a layout of the shop's own.

A platform's file has columns and rows that mean more than their names say: variants and
pictures in rows of their own, attributes in numbered columns, numbers for words. `rows_of`
makes one row a product of it, under our own names; `platforms.yaml` says how each is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from zhanggui.ingest import values
from zhanggui.ingest.columns import header_key
from zhanggui.ingest.spec_tables import spec_attributes
from zhanggui.ingest.tables import SourceRow
from zhanggui.records import RowFault
from zhanggui.text.datafile import DataModel, load

Format = Literal["generic", "shopify", "woocommerce", "taobao"]
Role = Literal["title", "description", "selling_point", "seo_title", "seo_description", "aigc"]
"""What a column of copy holds; `aigc` is the label for machines."""

_OURS = frozenset(("id", "title", "attributes"))
_METAFIELD = re.compile(r"(.+?) \(product\.metafields\..+\)")
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")
_NUMBERS = re.compile(r"[\d:;,\s-]*")


class _Options(DataModel):
    """Which numbered columns hold an attribute's name and its value."""

    name: str
    value: str


class Platform(DataModel):
    """One layout of product files."""

    name: str
    format: Format
    signature: tuple[tuple[str, ...], ...]
    """Columns by which it is known: one of each group."""
    rows: Literal["one", "same_id", "parent"]
    fields: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Our fields and the columns that may hold them."""
    copy_columns: dict[Role, str] = Field(default_factory=dict)
    also: dict[Role, tuple[str, ...]] = Field(default_factory=dict)
    options: _Options | None = None
    listed: bool = False
    kind: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()
    weight: tuple[str, ...] = ()
    measures: str = ""
    properties: bool = False
    """The attributes are numbers of 淘宝's, with the words beside them."""

    def column_of(self, role: Role, columns: Iterable[str]) -> str | None:
        """The column among `columns` that holds this part of the copy."""
        return self.column_in(role, {header_key(name): name for name in columns})

    def column_in(self, role: Role, by_key: Mapping[str, str]) -> str | None:
        """As `column_of`, for columns by their header keys."""
        return _first(by_key, (self.copy_columns.get(role, ""), *self.also.get(role, ())))


class _Platforms(DataModel):
    platforms: tuple[Platform, ...]
    generic: Platform
    taobao_properties: dict[str, str]
    taobao_brand: str
    no_option: str


def platform_of(columns: Iterable[str]) -> Platform:
    """The platform whose columns these are, or the generic layout."""
    known = _data()
    keys = {header_key(column) for column in columns}
    if keys >= _OURS:
        # Written by a generic export, with the columns of a platform behind ours.
        return known.generic
    for platform in known.platforms:
        if all(keys & set(map(header_key, names)) for names in platform.signature):
            return platform
    return known.generic


def platform_named(name: Format) -> Platform:
    """The newest layout of a format."""
    known = _data()
    return next((one for one in known.platforms if one.format == name), known.generic)


def taobao_brand() -> str:
    """The number under which 淘宝 knows the property brand."""
    return _data().taobao_brand


def rows_of(
    rows: Iterable[SourceRow | RowFault], columns: tuple[str, ...], *, file: str
) -> Iterator[SourceRow | RowFault]:
    """One row a product, its fields under our own names before the columns that are none of
    ours. Rows of the generic layout stay as they are."""
    platform = platform_of(columns)
    if platform.format == "generic":
        yield from rows
        return
    by_key = {header_key(column): column for column in columns}
    groups, faults = _grouped(platform, rows, by_key, file)
    yield from faults
    for group in groups:
        yield _product(platform, group, by_key)


def _grouped(
    platform: Platform,
    rows: Iterable[SourceRow | RowFault],
    by_key: Mapping[str, str],
    file: str,
) -> tuple[list[list[SourceRow]], list[RowFault]]:
    groups: dict[str, list[SourceRow]] = {}
    faults: list[RowFault] = []
    parts: list[tuple[str, SourceRow]] = []
    by_sku: dict[str, str] = {}
    last = ""

    def cell(row: SourceRow, wanted: Iterable[str]) -> str:
        column = _filled(row, wanted, by_key)
        return _stripped(row, column) if column else ""

    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
            continue
        key = cell(row, platform.fields["id"])
        if platform.rows == "parent" and "variation" in cell(row, platform.kind).lower():
            parts.append((cell(row, platform.parent).removeprefix("id:"), row))
            continue
        if platform.rows == "same_id":
            # A row of a picture may leave the id out.
            key = key or ("" if cell(row, platform.fields["title"]) else last)
            last = key
        by_sku.setdefault(cell(row, platform.sku), key)
        # Two rows with one id are told apart later, where they are not parts of one product.
        alone = not key or (platform.rows != "same_id" and key in groups)
        groups.setdefault(f"{key}\0{row.line}" if alone else key, []).append(row)
    for parent, row in parts:
        home = groups.get(parent) or groups.get(by_sku.get(parent, ""))
        if home is None:
            reason = f"the product {parent!r} that this variation belongs to is not in the file"
            faults.append(RowFault(file, row.line, reason))
        else:
            home.append(row)
    return list(groups.values()), faults


def _product(platform: Platform, group: list[SourceRow], by_key: Mapping[str, str]) -> SourceRow:
    first = group[0]
    found: dict[str, Any] = {}
    used: set[str] = set()
    for name, wanted in platform.fields.items():
        column = _filled(first, wanted, by_key) or _first(by_key, wanted)
        used |= {column} if column else set()
        found[name] = _FIELDS.get(name, _own)(group, column) if column else ""
    if platform.listed:
        found["category"] = str(found["category"]).replace("\\,", ",")
    attributes, names = _attributes(platform, group, by_key)
    if platform.properties:
        found["brand"] = dict(_inputs(first, by_key)).get(_data().taobao_brand, "")
    others = {column: value for column, value in first.values.items() if column not in used | names}
    return SourceRow(first.line, {**found, "attributes": attributes, **others})


def _own(group: list[SourceRow], column: str) -> Any:
    return group[0].values[column]


def _price(group: list[SourceRow], column: str) -> Any:
    """The price, if all variants have the same: of several no one is the product's."""
    told = dict.fromkeys(row.values[column] for row in group if values.text_of(row.values[column]))
    return next(iter(told)) if len(told) == 1 else ""


def _stock(group: list[SourceRow], column: str) -> Any:
    own = group[0].values[column]
    counts = [values.text_of(row.values[column]).strip() for row in group]
    if sum(map(bool, counts)) < 2:
        return own or next(filter(None, counts), "")
    try:
        return sum(values.integer_of(count) for count in counts if count)
    except ValueError:
        return own


_FIELDS: dict[str, Callable[[list[SourceRow], str], Any]] = {"price": _price, "stock": _stock}


def _attributes(
    platform: Platform, group: list[SourceRow], by_key: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    """The attributes of a product, and the columns whose whole content they are."""
    found: dict[str, list[str]] = {}
    used: set[str] = set()
    for name, told, columns in _option_pairs(platform, group, by_key):
        found.setdefault(name, []).extend(told)
        used |= columns if platform.listed else set()
    first = group[0]
    for column, value in first.values.items():
        if (match := _METAFIELD.fullmatch(column)) and values.text_of(value).strip():
            parts = values.text_of(value).split(";")
            found.setdefault(match[1], []).extend(part.strip() for part in parts if part.strip())
    for name, measure in _measures(platform, first, by_key):
        found.setdefault(name, []).append(measure)
    if platform.properties:
        for name, value in _taobao(first, by_key):
            found.setdefault(name, []).append(value)
    described = platform.column_in("description", by_key)
    if described:
        for name, value in spec_attributes(values.text_of(first.values[described])):
            if name not in found:
                found[name] = [value]
    return {name: "、".join(_distinct(told)) for name, told in found.items() if told}, used


def _distinct(told: list[str]) -> list[str]:
    """Each value once: a variant says `Red` where the product's own field says `red`."""
    by_form: dict[str, str] = {}
    for value in told:
        by_form.setdefault(value.casefold(), value)
    return list(by_form.values())


def _option_pairs(
    platform: Platform, group: list[SourceRow], by_key: Mapping[str, str]
) -> Iterator[tuple[str, list[str], set[str]]]:
    if platform.options is None:
        return
    names = _numbered(platform.options.name, by_key)
    cells = _numbered(platform.options.value, by_key)
    # A variation tells one of the values that its product lists.
    rows = group[:1] if platform.rows == "parent" else group
    for number in sorted(names.keys() & cells.keys(), key=int):
        name = values.text_of(group[0].values[names[number]]).strip()
        told = [values.text_of(row.values[cells[number]]).strip() for row in rows]
        if platform.listed:
            pieces = [piece for cell in told for piece in _UNESCAPED_COMMA.split(cell)]
            told = [piece.replace("\\,", ",").strip() for piece in pieces]
        told = [value for value in told if value and value.lower() != _data().no_option]
        if name and told:
            yield name, told, {names[number], cells[number]}


def _numbered(pattern: str, by_key: Mapping[str, str]) -> dict[str, str]:
    matches = ((re.fullmatch(pattern, key), column) for key, column in by_key.items())
    return {match[1]: column for match, column in matches if match}


def _measures(
    platform: Platform, row: SourceRow, by_key: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    weight = _first(by_key, platform.weight)
    if weight and _is_amount(row.values[weight]):
        yield "Weight", f"{values.text_of(row.values[weight]).strip()} g"
    if not platform.measures:
        return
    for column, value in row.values.items():
        match = re.fullmatch(platform.measures, column, re.IGNORECASE)
        if match and _is_amount(value):
            yield match[1], f"{values.text_of(value).strip()} {match[2]}"


def _is_amount(value: Any) -> bool:
    try:
        return values.decimal_of(values.text_of(value) or "0") > 0
    except ValueError:
        return False


def _taobao(row: SourceRow, by_key: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What 淘宝's columns say in words: own input, names of colours, and readable properties."""
    names = _data().taobao_properties
    for number, value in _inputs(row, by_key):
        if number in names:
            yield names[number], value
        elif number and not _NUMBERS.fullmatch(number):
            yield number, value
    for alias in _cell(row, by_key, "propalias").split(";"):
        number, _, word = alias.partition(":")
        word = word.partition(":")[2].strip()
        if number.strip() in names and word:
            yield names[number.strip()], word
    for part in _cell(row, by_key, "cateprops").split(";"):
        name, _, value = part.partition(":")
        if value.strip() and not _NUMBERS.fullmatch(name):
            yield name.strip(), value.strip()


def _inputs(row: SourceRow, by_key: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the shop typed itself: the number of a property, or its name, and the value."""
    numbers = _cell(row, by_key, "inputpids").split(",")
    told = _cell(row, by_key, "inputvalues").split(",")
    for number, given in zip(numbers, told, strict=False):
        own, *pairs = (part.strip() for part in given.split(";"))
        if own.strip("*"):
            yield number.strip(), own
        yield from (pair for pair in zip(pairs[::2], pairs[1::2], strict=False) if all(pair))


def _cell(row: SourceRow, by_key: Mapping[str, str], key: str) -> str:
    return _stripped(row, by_key[key]) if key in by_key else ""


def _first(by_key: Mapping[str, str], wanted: Iterable[str]) -> str | None:
    keys = (header_key(name) for name in wanted if name)
    return next((by_key[key] for key in keys if key in by_key), None)


def _filled(row: SourceRow, wanted: Iterable[str], by_key: Mapping[str, str]) -> str | None:
    columns = (by_key.get(header_key(name)) for name in wanted)
    # 淘宝 writes 0 for a number that it has not given yet.
    return next(
        (one for one in columns if one and _stripped(row, one) not in ("", "0")),
        None,
    )


def _stripped(row: SourceRow, column: str) -> str:
    return values.text_of(row.values.get(column)).strip()


def _data() -> _Platforms:
    return load(_Platforms, "zhanggui.ingest", "platforms.yaml")
