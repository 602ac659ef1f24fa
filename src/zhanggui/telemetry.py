"""Logs: one line for people, one JSON object a line with `--json-logs`.

Only events and numbers are logged, never the text of a customer, a prompt or an answer. A
secret that was told to `hide` is masked in logs and stack traces even where a library or a
server put it there.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_ROOT = "zhanggui"
_MASK = "***"
# Shorter ones would blot out ordinary words, and protect nothing.
_SHORTEST_SECRET = 6
_secrets: set[str] = set()


def hide(secret: str) -> None:
    """Masks `secret` from now on, wherever this process logs it."""
    if len(secret) >= _SHORTEST_SECRET:
        # And as it stands inside a JSON string.
        _secrets.update(
            (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
        )


def masked(text: str) -> str:
    """`text` without the secrets that were told to `hide`."""
    # The longest first: one may be a part of another.
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, _MASK)
    return text


class _Masking(logging.Formatter):
    """Another formatter's lines, secrets masked."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return masked(self._inner.format(record))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(entry, ensure_ascii=False, default=str)


def configure_logging(*, json_lines: bool = False, debug: bool = False) -> None:
    """Sends the package's log to standard error; warnings and worse unless asked for more."""
    handler = logging.StreamHandler(sys.stderr)
    lines = _JsonFormatter() if json_lines else logging.Formatter("%(levelname)s %(message)s")
    handler.setFormatter(_Masking(lines))
    logger = logging.getLogger(_ROOT)
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.DEBUG if debug else logging.INFO if json_lines else logging.WARNING)


def log(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Logs `event` with `fields`; both must be free of personal data."""
    logging.getLogger(_ROOT).log(level, event, extra={"fields": fields})
