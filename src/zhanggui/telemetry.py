"""Logs: one line for people, one JSON object a line with `--json-logs`.

Only events and numbers are logged, never the text of a customer, a prompt or an answer.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_ROOT = "zhanggui"


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
    handler.setFormatter(
        _JsonFormatter() if json_lines else logging.Formatter("%(levelname)s %(message)s")
    )
    logger = logging.getLogger(_ROOT)
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.DEBUG if debug else logging.INFO if json_lines else logging.WARNING)


def log(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Logs `event` with `fields`; both must be free of personal data."""
    logging.getLogger(_ROOT).log(level, event, extra={"fields": fields})
