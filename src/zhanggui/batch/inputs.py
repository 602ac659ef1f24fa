"""What the rows of a file were made from, so that a resume takes no other input for done.

Beside `F` stands `.F.inputs`, a line for each row of `F`: a digest of the input row that it was
made from and of all before it. A line is on the disk before its row is, so a run that is killed
leaves no row whose input is unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from zhanggui.errors import InputError
from zhanggui.ingest.encodings import open_binary
from zhanggui.ingest.source import Sourced

T = TypeVar("T")

_DIGITS = 16
_LINE = _DIGITS + 1


def record_of(out: Path) -> Path:
    """Where it stands what the rows of `out` were made from."""
    return out.with_name(f".{out.name}.inputs")


def digest_of(path: Path, *others: str) -> str:
    """A digest of a file and of whatever else rows are made from; raises as `open_binary`."""
    with open_binary(path) as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update("\0".join(("", *others)).encode())
    return digest.hexdigest()


class Inputs:
    """The record of one file's inputs, written on; to be closed."""

    def __init__(self, out: Path, basis: str, done: int) -> None:
        """`done` rows are in `out` already; `basis` is a digest of what all rows are made from.

        Raises InputError if nothing tells what the rows that are done were made from.
        """
        self._out = out
        self._done = done
        self._digest = hashlib.sha256(basis.encode())
        path = record_of(out)
        self._file = path.open("r+b" if done and path.exists() else "wb")
        if self._file.seek(0, 2) < done * _LINE:
            self._file.close()
            raise InputError(
                f"Nothing tells what the rows of {out.name} were made from, {path.name} is gone: "
                "give another --out, or --force to start anew."
            )
        self._file.seek(0)

    def skip(self, rows: Iterator[object]) -> None:
        """Takes from `rows` those that are done.

        Raises InputError where they are not the ones that the file was made from.
        """
        for number in range(1, self._done + 1):
            row = next(rows, None)
            if row is None:
                raise InputError(
                    f"{self._out.name} holds {self._done} rows but the input has only "
                    f"{number - 1} good ones: give the input it was begun with, or --force to "
                    "start anew."
                )
            if self._file.read(_LINE) != self._line(row):
                raise InputError(
                    f"What {self._out.name} was made from has changed since it was begun, from "
                    f"row {number} on: give another --out, or --force to start anew."
                )
        self._file.truncate()

    def noting(self, rows: Iterable[T]) -> Iterator[T]:
        """`rows`, each noted as it is taken."""
        for row in rows:
            self.note(row)
            yield row

    def note(self, row: object) -> None:
        """Notes the next row; call `flush` before what was made of it is written."""
        self._file.write(self._line(row))

    def flush(self) -> None:
        """Brings the notes to the file."""
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _line(self, row: object) -> bytes:
        # Where a row stands does not count: a blank line more changes nothing of it.
        told = (row.record, row.others) if isinstance(row, Sourced) else row
        self._digest.update(f"\0{told!r}".encode("utf-8", "surrogatepass"))
        return self._digest.hexdigest()[:_DIGITS].encode() + b"\n"
