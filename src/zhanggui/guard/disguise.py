"""What a text says under its disguise: hidden characters, gaps, codes and ciphers.

Nothing decoded is ever acted on; it is only looked at by the same screen as the text itself.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from zhanggui.guard.lexicon import disguises
from zhanggui.text.normalise import normalise

_HIDDEN = re.compile(
    r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)
_TAGS = re.compile(r"[\U000e0020-\U000e007e]{4,}")
_TAG_BASE = 0xE0000
_HAN_GAPS = re.compile(r"(?:[\u3400-\u9fff][\s.·~～\-_*/|，。]+){3,}[\u3400-\u9fff]")
_LATIN_GAPS = re.compile(r"(?:\b[A-Za-z][ .\-_*]+){4,}[A-Za-z]\b")
_WORD_GAP = re.compile(r"\s{2,}")
_GAP = re.compile(r"[\s.·~～\-_*/|，。]+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}\s?){8,}")
_BITS = re.compile(r"(?:[01]{8}\s?){4,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BASE32 = re.compile(r"[A-Z2-7]{16,}={0,6}")
_ASCII85 = re.compile(r"<~(.{10,}?)~>", re.DOTALL)
_BASE85 = re.compile(r"[!-~]{24,}")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}){3,}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}){3,}")
_MORSE = re.compile(r"(?:[.\-·]{1,5}(?:\s*/\s*|\s+)){6,}[.\-·]{1,5}")
_LEET_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*\d)\w{4,}\b", re.IGNORECASE)
_LEET = str.maketrans("0134578", "oieastb")
_TEXT = re.compile(r"[\w\s.,;:!?'\"()，。！？：；“”、-]")
_READABLE = 0.9
_SHORTEST = 6
_MOST = 6
_LONGEST = 4000


def bare(text: str) -> str:
    """`text` in its normal form without hidden characters."""
    return normalise(_HIDDEN.sub("", text)).text.strip()


def views(text: str) -> list[str]:
    """The bare text first, then what can be read out of it, a few at most."""
    plain = bare(text)
    found = dict.fromkeys((plain, *_unveiled(text[:_LONGEST], plain[:_LONGEST])))
    return list(found)[: _MOST + 1]


def _unveiled(text: str, plain: str) -> Iterator[str]:
    for tags in _TAGS.findall(text):
        yield "".join(chr(ord(char) - _TAG_BASE) for char in tags)
    if _HAN_GAPS.search(plain):
        yield _HAN_GAPS.sub(lambda match: _GAP.sub("", match.group()), plain)
    if _LATIN_GAPS.search(plain):
        yield _LATIN_GAPS.sub(_closed, plain)
    for pattern, decode in _CODES:
        for match in pattern.finditer(text):
            decoded = _read(decode, match)
            if decoded:
                # What stands around the code tells what to do with it.
                yield bare(f"{text[: match.start()]} {decoded} {text[match.end() :]}")
                yield bare(decoded)
    if _LEET_WORD.search(plain):
        yield from _if_words(plain, plain.translate(_LEET))
    yield from _if_words(plain, codecs.encode(plain, "rot13"))
    yield from _if_words(plain, plain[::-1])


def _closed(match: re.Match[str]) -> str:
    words = _WORD_GAP.split(match.group())
    return " ".join(_GAP.sub("", word) for word in words)


def _read(decode: Callable[[str], str], match: re.Match[str]) -> str:
    try:
        decoded = decode(match.group(match.lastindex or 0))
    except (ValueError, binascii.Error):
        return ""
    readable = len(_TEXT.findall(decoded))
    return decoded if len(decoded) >= _SHORTEST and readable >= _READABLE * len(decoded) else ""


def _if_words(plain: str, view: str) -> Iterator[str]:
    words = disguises().words
    if len(words.findall(view)) >= max(2, 2 * len(words.findall(plain)) + 1):
        yield view


def _from_morse(code: str) -> str:
    letters = disguises().morse
    words = re.split(r"\s*/\s*|\s{3,}", code.replace("·", "."))
    return " ".join("".join(letters.get(one, "?") for one in word.split()) for word in words)


def _from_base64(code: str) -> str:
    padded = code.rstrip("=") + "=" * (-len(code.rstrip("=")) % 4)
    return base64.b64decode(padded, altchars=b"-_" if "-" in code or "_" in code else None).decode()


def _from_base32(code: str) -> str:
    padded = code.rstrip("=") + "=" * (-len(code.rstrip("=")) % 8)
    return base64.b32decode(padded).decode()


def _from_bits(code: str) -> str:
    return bytes(int(bits, 2) for bits in re.findall("[01]{8}", code)).decode()


def _from_escapes(code: str) -> str:
    return "".join(chr(int(point, 16)) for point in re.findall("[0-9A-Fa-f]{4}", code))


_CODES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_BITS, _from_bits),
    (_HEX, lambda code: bytes.fromhex(code).decode()),
    (_BASE32, _from_base32),
    (_BASE64, _from_base64),
    (_ASCII85, lambda code: base64.a85decode(code).decode()),
    (_BASE85, lambda code: base64.b85decode(code).decode()),
    (_ESCAPES, _from_escapes),
    (_PERCENT, lambda code: unquote(code, errors="strict")),
    (_MORSE, _from_morse),
)
