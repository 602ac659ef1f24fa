"""A search for bytes in everything under a folder, inside workbooks too."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

_CHUNK = 1 << 22
_ZIP = b"PK\x03\x04"
# Shorter ones stand in vectors and ciphertexts by chance. Text there is UTF-8 throughout.
_SURE_IN_BINARY = 6


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search came to."""

    files: int
    bytes: int
    found: tuple[Path, ...]
    """The files that hold one of the needles."""


def search(
    paths: Iterable[Path], needles: Sequence[bytes], databases: Iterable[Path] = ()
) -> Searched:
    """Looks for `needles` in the files `paths`, and in all files under those that are folders."""
    binary = {path.resolve() for path in databases}
    files = sorted({file.resolve() for path in paths for file in _files(path)})
    size = 0
    found: list[Path] = []
    sure = [one for one in needles if len(one) >= _SURE_IN_BINARY or _is_name(one)]
    for file in files:
        read, hit = _search_file(file, sure if file in binary else needles)
        size += read
        if hit:
            found.append(file)
    return Searched(len(files), size, tuple(found))


def holds(content: bytes, needles: Sequence[bytes]) -> bool:
    """Whether one of `needles` stands in a file's content, inside a workbook too."""
    return _search_open(BytesIO(content), needles)[1]


def _is_name(needle: bytes) -> bool:
    return needle.isascii() and needle.isalnum()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())


def _search_file(path: Path, needles: Sequence[bytes]) -> tuple[int, bool]:
    with path.open("rb") as file:
        return _search_open(file, needles)


def _search_open(file: IO[bytes], needles: Sequence[bytes]) -> tuple[int, bool]:
    read, hit = _search_stream(file, needles)
    file.seek(0)
    packed = file.read(len(_ZIP)) == _ZIP
    if not hit and packed and zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    more, inside = _search_stream(member, needles)
                read, hit = read + more, hit or inside
    return read, hit


def _search_stream(stream: IO[bytes], needles: Sequence[bytes]) -> tuple[int, bool]:
    longest = max(map(len, needles), default=1)
    read, before = 0, b""
    while chunk := stream.read(_CHUNK):
        read += len(chunk)
        window = before + chunk
        if any(needle in window for needle in needles):
            return read, True
        before = window[-longest:]
    return read, False
