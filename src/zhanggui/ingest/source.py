"""A file as records: its rows, its columns found, each row built or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from zhanggui.ingest import values
from zhanggui.ingest.columns import Assignment, ColumnMapping, assign, columns_of, require
from zhanggui.ingest.platforms import rows_of
from zhanggui.ingest.tables import SourceRow, Table
from zhanggui.records import RowFault

T = TypeVar("T")
V = TypeVar("V")


# Rows whose texts are answered with offsets; they go to no database.
_VERIFIED = frozenset(("drafts",))


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of our fields in one row."""

    line: int
    ours: Mapping[str, Any]
    others: Mapping[str, Any]

    def text(self, name: str) -> str:
        """The trimmed text, empty if there is none; ValueError if it is a list or an object."""
        return self.words(name).replace("\0", "").strip()

    def words(self, name: str) -> str:
        """As `text`, untrimmed."""
        try:
            return values.words_of(self.ours.get(name))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def needed(self, name: str) -> str:
        """As `text`; ValueError if it is empty."""
        text = self.text(name)
        if not text:
            raise ValueError(f"{name} is empty")
        return text

    def free_text(self, name: str) -> str:
        """The text as it stands, since offsets count in it; ValueError if it is blank."""
        self.needed(name)
        return self.words(name)

    def identity(self) -> str:
        """The row's id; the line where the file has no such column."""
        return self.needed("id") if "id" in self.ours else str(self.line)

    def parsed(self, name: str, parse: Callable[[Any], V]) -> V | None:
        """What `parse` makes of the value, None if it is empty; its ValueError names the field."""
        if not values.text_of(self.ours.get(name)).replace("\0", "").strip():
            return None
        try:
            return parse(self.ours[name])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A record with where it came from."""

    line: int
    record: T
    others: Mapping[str, Any] = field(default_factory=dict)
    """The values of the columns that are none of ours."""


class Source(Generic[T]):
    """A file as records; iterate once."""

    def __init__(
        self,
        path: Path,
        noun: str,
        build: Callable[[Cells], T],
        mapping: ColumnMapping | None = None,
    ) -> None:
        """Raises InputError for an unreadable file, UnknownColumns if a needed one is missing."""
        self._table = Table(path, zeros=noun in _VERIFIED)
        self._noun = noun
        self._build = build
        self._mapping = mapping
        self._assignments: dict[tuple[str, ...], Assignment] = {}
        if self._table.columns or not self._table.names_vary:
            found = self._assignment(self._table.columns)
            require(noun, path.name, self._table.columns, found)

    @property
    def encoding(self) -> str:
        """How the file is encoded; complete after the last row."""
        return self._table.encoding

    def __iter__(self) -> Iterator[Sourced[T] | RowFault]:
        for row in self._rows():
            if isinstance(row, RowFault):
                yield row
                continue
            ours, others = self._assignment(tuple(row.values)).split(row.values)
            try:
                self._check_present(ours)
                record = self._build(Cells(row.line, ours, others))
            except ValueError as error:
                yield RowFault(self._table.path.name, row.line, str(error))
            else:
                yield Sourced(row.line, record, others)

    def _rows(self) -> Iterator[SourceRow | RowFault]:
        if self._noun != "products":
            return iter(self._table)
        return rows_of(self._table, self._table.columns, file=self._table.path.name)

    def _assignment(self, columns: tuple[str, ...]) -> Assignment:
        if columns not in self._assignments:
            if self._table.names_vary and len(self._assignments) > 1_000:
                self._assignments.clear()
            self._assignments[columns] = assign(self._noun, columns, self._mapping)
        return self._assignments[columns]

    def _check_present(self, ours: Mapping[str, Any]) -> None:
        missing = [name for name in columns_of(self._noun).required if name not in ours]
        if missing:
            raise ValueError(f"{', '.join(missing)} is missing")
