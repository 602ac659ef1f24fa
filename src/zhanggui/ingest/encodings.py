"""The lines of a text file whose encoding nobody states.

The head decides: a BOM, the zero bytes of UTF-16, strict UTF-8, else GB18030. While the file
streams by, a line that does not fit is decoded in the other encoding, since Chinese exports
are often glued together from both.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from zhanggui.errors import InputError, InputNotFound

HEAD = 1 << 18
WIDE = ("utf-16-le", "utf-16-be")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Zero bytes in UTF-16: half of Latin text, only the commas and line ends of Chinese text.
_ZEROS_OF_LATIN = 0.3
_ZEROS_OF_CHINESE = 0.005
# More control characters than a damaged text would hold.
_BINARY_SHARE = 0.1
_BINARY_LEAST = 32
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x00"))
# What Chinese text in UTF-8 is made of. GBK bytes that happen to be valid UTF-8 fall elsewhere.
_PLAUSIBLE = re.compile(
    r"[\x00-\x7f\u00a0-\u00ff\u2000-\u22ff\u2460-\u27bf\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
    r"\ufe0f\U0001f000-\U0001faff]+"
)
_WIDE = re.compile(r"[\u0800-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end, 1-based; `whole` is False where bytes could not be decoded."""

    number: int
    text: str
    whole: bool = True
    raw: bytes = b""
    """The bytes as they stand in the file."""
    encoding: str = "utf-8"
    """What they were decoded as."""


class TextFile:
    """A text file as decoded lines, never more than one of them in memory."""

    def __init__(self, path: Path) -> None:
        """Judges the head; raises InputNotFound, or InputError for what is no text."""
        self.path = path
        with open_binary(path) as file:
            head = file.read(HEAD)
        self._bom, self._encoding = judge(head)
        if _looks_binary(head, self._encoding):
            raise InputError(
                f"{path.name} is not a text file: save it as CSV (UTF-8), JSONL or XLSX."
            )
        self._other = False

    @property
    def encoding(self) -> str:
        """What the lines were read as, for people; complete once all lines were read."""
        name = self._encoding.upper() + (" with BOM" if self._bom else "")
        if self._other:
            name += " and GB18030" if self._encoding == "utf-8" else " and UTF-8"
        return name

    @property
    def bom(self) -> bytes:
        """The mark before the first line, if there is one."""
        with open_binary(self.path) as file:
            return file.read(self._bom)

    def lines(self, *, zeros: bool = False) -> Iterator[Line]:
        """All lines; a lone carriage return ends one too. Zero characters stay with `zeros`."""
        number = 0
        for whole_line in self._stored():
            for raw in _pieces(whole_line, self._encoding):
                number += 1
                text, whole, encoding = self._decode(raw)
                text = text if zeros else text.replace("\0", "")
                yield Line(number, text, whole, raw, encoding)

    def _stored(self) -> Iterator[bytes]:
        with open_binary(self.path) as file:
            file.seek(self._bom)
            if self._encoding in WIDE:
                yield from _wide_lines(file, "\n".encode(self._encoding))
            else:
                yield from file

    def _decode(self, line: bytes) -> tuple[str, bool, str]:
        if self._encoding in WIDE:
            text = line.decode(self._encoding, "replace")
            return text, "\ufffd" not in text, self._encoding
        if line.isascii():
            return line.decode("ascii"), True, self._encoding
        as_utf8 = _strict(line, "utf-8")
        if self._encoding == "utf-8" and as_utf8 is not None:
            return as_utf8, True, "utf-8"
        if self._encoding == "gb18030" and as_utf8 is not None and _is_chinese_utf8(as_utf8):
            self._other = True
            return as_utf8, True, "utf-8"
        as_gb = _strict(line, "gb18030")
        if as_gb is not None:
            self._other |= self._encoding == "utf-8"
            return as_gb, True, "gb18030"
        return line.decode(self._encoding, "replace"), False, self._encoding


def open_binary(path: Path) -> BufferedReader:
    """`path` for reading; InputNotFound or InputError if that cannot be."""
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputNotFound(f"{path} does not exist: check the name.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from error


def judge(head: bytes) -> tuple[int, str]:
    """The length of the BOM and the encoding that the first bytes of a file show."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return len(bom), encoding
    wide = _utf16(head)
    if wide:
        return 0, wide
    if _fits(head, "utf-8"):
        return 0, "utf-8"
    if _fits(head, "gb18030"):
        return 0, "gb18030"
    # A head of mixed lines: the majority is the rule, the rest is decoded line by line.
    lines = head.splitlines()
    good = sum(_strict(line, "utf-8") is not None for line in lines)
    return 0, "utf-8" if good * 2 >= len(lines) else "gb18030"


def _utf16(head: bytes) -> str | None:
    zeros = head.count(0)
    if not zeros:
        return None
    limit = _ZEROS_OF_LATIN if _fits(head, "utf-8") else _ZEROS_OF_CHINESE
    even, odd = head[::2].count(0), head[1::2].count(0)
    if zeros < limit * len(head):
        return None
    if odd > 4 * even:
        encoding = "utf-16-le"
    elif even > 4 * odd:
        encoding = "utf-16-be"
    else:
        return None
    return encoding if _fits(head, encoding) else None


def _fits(head: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True


def _strict(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese_utf8(text: str) -> bool:
    return bool(_WIDE.search(text)) and bool(_PLAUSIBLE.fullmatch(text))


def _looks_binary(head: bytes, encoding: str) -> bool:
    if encoding.startswith("utf-16"):
        return False
    odd = len(head) - len(head.translate(None, _CONTROL + b"\0"))
    return odd > max(_BINARY_LEAST, _BINARY_SHARE * len(head))


def _wide_lines(file: BinaryIO, end: bytes) -> Iterator[bytes]:
    rest = b""
    while data := file.read(HEAD):
        rest += data
        start = at = 0
        while (at := rest.find(end, at)) >= 0:
            # Half of one character and half of the next one are no line end.
            if at % 2:
                at += 1
                continue
            at += len(end)
            yield rest[start:at]
            start = at
        rest = rest[start:]
    if rest:
        yield rest


def _pieces(line: bytes, encoding: str) -> Iterator[bytes]:
    """`line` cut after each carriage return that no line feed follows."""
    width = 2 if encoding in WIDE else 1
    back, feed = "\r".encode(encoding), "\n".encode(encoding)
    start = at = 0
    while (at := line.find(back, at)) >= 0:
        end = at + width
        if at % width:
            at += 1
            continue
        if end < len(line) and line[end : end + width] != feed:
            yield line[start:end]
            start = end
        at = end
    if start < len(line):
        yield line[start:]
