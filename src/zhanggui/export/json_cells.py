"""Single values of a JSONL file replaced; every other byte stays what it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhanggui.export.edits import Edits
from zhanggui.ingest.encodings import TextFile

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def patched_json(path: Path, edits: Edits) -> Iterator[bytes]:
    """The file's bytes with the values of `edits` replaced, or added at the end of their line."""
    text = TextFile(path)
    yield text.bom
    for line in text.lines():
        told = edits.get(line.number)
        if not told:
            yield line.raw
            continue
        whole = line.raw.decode(line.encoding)
        yield _patched(whole, told).encode(line.encoding, "replace")


def _patched(line: str, values: Mapping[str, str]) -> str:
    spans, last = _spans(line)
    new = {name: _shown(value) for name, value in values.items()}
    pieces: list[str] = []
    copied = 0
    # Where a name comes twice the later value counts, so both are replaced.
    for name, start, stop in spans:
        if name in new:
            pieces += [line[copied:start], new[name]]
            copied = stop
    known = {name for name, _, _ in spans}
    added = [f"{_shown(name)}: {value}" for name, value in new.items() if name not in known]
    pieces.append(line[copied:last])
    if added:
        pieces.append((", " if spans else "") + ", ".join(added))
    return "".join(pieces) + line[last:]


def _spans(line: str) -> tuple[list[tuple[str, int, int]], int]:
    """Name, start and end of each value of the object, and where new ones may go."""
    spans: list[tuple[str, int, int]] = []
    at = _after_space(line, line.index("{") + 1)
    last = at
    while line[at] != "}":
        name, at = _DECODER.raw_decode(line, at)
        start = _after_space(line, _after_space(line, at) + 1)
        _, last = _DECODER.raw_decode(line, start)
        spans.append((name, start, last))
        at = _after_space(line, last)
        if line[at] == ",":
            at = _after_space(line, at + 1)
    return spans, last


def _after_space(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    assert match is not None
    return match.end()


def _shown(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
