from __future__ import annotations

import struct
from pathlib import Path

import pytest

from zhanggui.errors import InputError
from zhanggui.llm.gguf import bytes_per_token, tensor_sizes


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def write_gguf(path: Path, sizes: dict[str, int], alignment: int = 64) -> None:
    """A GGUF file with metadata of every shape and tensors of the given sizes."""
    entries = [
        _text("general.name") + struct.pack("<I", 8) + _text("made"),
        _text("general.alignment") + struct.pack("<II", 4, alignment),
        _text("words") + struct.pack("<IIQ", 9, 8, 2) + _text("一") + _text("二"),
        _text("scores") + struct.pack("<IIQ3f", 9, 6, 3, 1, 2, 3),
        _text("flag") + struct.pack("<I?", 7, True),
    ]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(sizes), len(entries)) + b"".join(entries)
    offset = 0
    for name, size in sizes.items():
        head += _text(name) + struct.pack("<IQQIQ", 2, size, 1, 0, offset)
        offset += size
    head += b"\0" * (-len(head) % alignment)
    path.write_bytes(head + b"\1" * offset)


def test_sizes_come_from_the_table_of_tensors(tmp_path: Path) -> None:
    path = tmp_path / "made.gguf"
    sizes = {"token_embd.weight": 640, "blk.0.ffn_up.weight": 128, "output.weight": 1024}
    write_gguf(path, sizes)
    assert tensor_sizes(path) == sizes
    assert bytes_per_token(path) == 128 + 1024


def test_a_tied_embedding_is_read_for_every_token(tmp_path: Path) -> None:
    path = tmp_path / "tied.gguf"
    write_gguf(path, {"token_embd.weight": 640, "blk.0.ffn_up.weight": 128})
    assert bytes_per_token(path) == 768


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(b"PK\3\4 and more")
    with pytest.raises(InputError, match="not a GGUF"):
        tensor_sizes(path)
