"""The versions of everything that an output depends on, as names and digests."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from zhanggui import __version__
from zhanggui.descriptions.channel import channel_names
from zhanggui.descriptions.review import rules_version
from zhanggui.llm.weight_catalogue import catalogue
from zhanggui.settings import Settings
from zhanggui.text.datafile import fingerprint

_SHOWN = 16
_WORDING = ("prompts", "frames", "glossary.yaml", "forms.yaml")


def describe_versions(channel: str) -> dict[str, str]:
    """Those of a draft for `channel`."""
    return {
        "zhanggui": __version__,
        "prompts": _short("zhanggui.descriptions", *_WORDING),
        "judge": _short("zhanggui.claims", "prompts"),
        "lexicons": _short("zhanggui.claims", "lexicons"),
        "rules": rules_version(),
        "channel": _channel(channel),
    }


def answer_versions() -> dict[str, str]:
    """Those of a reply."""
    return {
        "zhanggui": __version__,
        "prompts": _short("zhanggui.answers", "prompts"),
        "words": _short("zhanggui.answers", "data"),
    }


def model_versions(settings: Settings, model: str) -> dict[str, str]:
    """The language model `model` and its weights, where this machine holds them."""
    return {"model": model, "weights": "" if settings.endpoint else _weights(model)}


def _channel(name: str) -> str:
    # The audit outlives channels.
    known = name in channel_names()
    return _short("zhanggui.descriptions", f"channels/{name}.yaml") if known else ""


def _weights(model: str) -> str:
    for weights in catalogue().models:
        if weights.name == model:
            # Checked on arrival.
            return weights.sha256
    path = Path(model).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        state = path.stat()
        return _file_digest(path, state.st_size, state.st_mtime_ns)
    return ""


@cache
def _file_digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _short(package: str, *names: str) -> str:
    return fingerprint(package, *names)[:_SHOWN]
