"""Which column of a file is which of ours: `columns.yaml`, and a shop's `mapping.toml`.

[products]
"款式编号" = "id"
"商品全称" = "title"
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from zhanggui.errors import InputError, UnknownColumns
from zhanggui.text.datafile import DataModel, load

MAPPING_FILE = "mapping.toml"

_NOISE = re.compile(r"[\s_*\-]+")
_UNIT = re.compile(r"\([^()]*\)$")


class NounColumns(DataModel):
    """The columns of one kind of file."""

    required: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]


class _Aliases(DataModel):
    """`columns.yaml`."""

    nouns: dict[str, NounColumns]


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Columns that a shop has named itself, by kind of file: header to our column."""

    nouns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def columns_of(noun: str) -> NounColumns:
    """What `columns.yaml` says of one kind of file."""
    return load(_Aliases, "zhanggui.ingest", "columns.yaml").nouns[noun]


def load_mapping(path: Path) -> ColumnMapping:
    """Reads a `mapping.toml`; InputError if it names a file or a column that we do not have."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as TOML ({error}).") from error
    known = load(_Aliases, "zhanggui.ingest", "columns.yaml").nouns
    nouns: dict[str, dict[str, str]] = {}
    for noun, names in content.items():
        if noun not in known or not isinstance(names, dict):
            raise InputError(
                f"{path.name} has a section [{noun}], but the sections are {', '.join(known)}."
            )
        for name, target in names.items():
            if target not in known[noun].columns:
                raise InputError(
                    f"{path.name} maps {name!r} to {target!r}, but the columns of {noun} are "
                    f"{', '.join(known[noun].columns)}."
                )
        nouns[noun] = {header_key(name): target for name, target in names.items()}
    return ColumnMapping(nouns)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which columns of one file hold our fields."""

    fields: Mapping[str, str]
    """Our field to the file's column."""
    others: tuple[str, ...]
    """Columns that are none of ours."""

    def split(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of our fields, and those of all other columns."""
        ours = {name: values.get(column) for name, column in self.fields.items()}
        return ours, {column: values[column] for column in self.others if column in values}


def assign(noun: str, columns: Iterable[str], mapping: ColumnMapping | None) -> Assignment:
    """Finds our fields among `columns`: the mapping first, then our own names, then aliases."""
    seen = tuple(columns)
    mapped = mapping.nouns.get(noun, {}) if mapping else {}
    by_key: dict[str, str] = {}
    for column in seen:
        by_key.setdefault(header_key(column), column)
        by_key.setdefault(_UNIT.sub("", header_key(column)), column)
    fields: dict[str, str] = {}
    for key, target in mapped.items():
        if key in by_key:
            fields.setdefault(target, by_key[key])
    for name, keys in _alias_keys(noun):
        for key in keys:
            if key in by_key and by_key[key] not in fields.values():
                fields.setdefault(name, by_key[key])
    used = set(fields.values())
    return Assignment(fields, tuple(column for column in seen if column not in used))


def require(noun: str, file: str, columns: tuple[str, ...], found: Assignment) -> None:
    """Raises UnknownColumns if the file lacks a column that its kind needs."""
    needed = columns_of(noun).required
    missing = [name for name in needed if name not in found.fields]
    if missing:
        have = ", ".join(columns) or "no columns"
        raise UnknownColumns(
            f"{file} has {have}, but {noun} need {', '.join(needed)}: say in {MAPPING_FILE} "
            f'which column is which, for example [{noun}] "{(*found.others, "…")[0]}" = '
            f'"{missing[0]}".'
        )


@cache
def _alias_keys(noun: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    columns = columns_of(noun).columns
    return tuple(
        (name, tuple(header_key(alias) for alias in (name, *aliases)))
        for name, aliases in columns.items()
    )


def header_key(name: str) -> str:
    """The form under which headers are compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name).lower())
