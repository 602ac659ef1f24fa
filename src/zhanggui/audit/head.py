"""The newest row of the audit, noted beside the vault's key and so outside the database.

Without it, cutting rows off the end of the chain would leave a chain that is whole.
"""

from __future__ import annotations

import hmac
import json
import os
from pathlib import Path

from zhanggui.store.audit import Head, keyed

HEAD_FILE = "audit.head"


def note_head(home: Path, head: Head, key: bytes, *, first: bool = False) -> None:
    """Notes `head`, unless a later one is noted.

    A note that is gone is not written again, lest its loss be covered up, unless this is to be
    the `first` one.
    """
    known = read_head(home, key)
    if known is None and not first:
        return
    if known is not None and known.sequence >= head.sequence:
        return
    # Two processes may note at once; the one that loses leaves an earlier row, which is as true.
    unfinished = home / f"{HEAD_FILE}.{os.getpid()}"
    noted = {"sequence": head.sequence, "hash": head.hash, "seal": _seal(head, key)}
    unfinished.write_text(json.dumps(noted) + "\n", encoding="utf-8")
    unfinished.replace(home / HEAD_FILE)


def read_head(home: Path, key: bytes) -> Head | None:
    """The noted row; None if there is none or the note was not made with `key`."""
    try:
        noted = json.loads((home / HEAD_FILE).read_text(encoding="utf-8"))
        head, seal = Head(noted["sequence"], noted["hash"]), noted["seal"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if hmac.compare_digest(_seal(head, key), str(seal)) else None


def _seal(head: Head, key: bytes) -> str:
    return keyed(key, "audit head", str(head.sequence), head.hash)
