"""How many bytes of a GGUF file a token reads, from the file's own table of tensors.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from zhanggui.errors import InputError

MAGIC = b"GGUF"
_STRING, _ARRAY = 8, 9
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_EMBEDDING, _OUTPUT = "token_embd.weight", "output.weight"


def bytes_per_token(path: Path) -> int:
    """Bytes of weights that decoding one token reads.

    All tensors, without the embedding table where the output layer has its own: of that table
    a token reads one row. The growing cache of keys and values is not counted.
    """
    sizes = tensor_sizes(path)
    total = sum(sizes.values())
    return total - sizes.get(_EMBEDDING, 0) if _OUTPUT in sizes else total


def tensor_sizes(path: Path) -> dict[str, int]:
    """Bytes of each tensor, padding included; raises InputError for another file type."""
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            raise InputError(f"{path} is not a GGUF file; choose another model.")
        _, tensors, entries = struct.unpack("<IQQ", file.read(20))
        alignment = 32
        for _ in range(entries):
            key = _string(file)
            value = _value(file, _number(file, "<I"))
            if key == "general.alignment" and value is not None:
                alignment = value
        offsets: list[tuple[int, str]] = []
        for _ in range(tensors):
            name = _string(file)
            file.seek(8 * _number(file, "<I") + 4, 1)
            offsets.append((_number(file, "<Q"), name))
        start = -(-file.tell() // alignment) * alignment
    offsets.sort()
    ends = [offset for offset, _ in offsets[1:]] + [path.stat().st_size - start]
    return {name: end - offset for (offset, name), end in zip(offsets, ends, strict=True)}


def _number(file: BinaryIO, kind: str) -> int:
    (number,) = struct.unpack(kind, file.read(struct.calcsize(kind)))
    return int(number)


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "<Q")).decode(errors="replace")


def _value(file: BinaryIO, kind: int) -> int | None:
    """Reads past a value; tells it if it is an unsigned 32-bit number."""
    if kind == _STRING:
        file.seek(_number(file, "<Q"), 1)
    elif kind == _ARRAY:
        item, count = _number(file, "<I"), _number(file, "<Q")
        if item in _SIZES:
            file.seek(count * _SIZES[item], 1)
        else:
            for _ in range(count):
                _value(file, item)
    elif kind == 4:
        return _number(file, "<I")
    else:
        file.seek(_SIZES[kind], 1)
    return None
