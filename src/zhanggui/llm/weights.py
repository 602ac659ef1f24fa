"""Fetching weights: several sources, one digest, resumable."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import filelock

from zhanggui.errors import InputNotFound, NoSourceReachable, WeightsError, WrongDigest
from zhanggui.llm.gguf import MAGIC
from zhanggui.llm.weight_catalogue import Weights, catalogue, pinned
from zhanggui.llm.weight_sources import FileSource, Progress, Source, reachable
from zhanggui.settings import Settings

_SPARE_BYTES = 200_000_000
"""Room for one part beside the growing file."""


def ensure_weights(settings: Settings, progress: Progress | None = None) -> Path:
    """The file of the model that the settings name, pulled if it is pinned and not there.

    Raises InputNotFound for a given file that is no GGUF, and what `pull` raises.
    """
    given = Path(settings.model).expanduser()
    if given.suffix == ".gguf":
        return _checked_gguf(given)
    weights = pinned(settings.model)
    present = installed(weights, settings.models)
    return present or pull(weights, settings.models, progress=progress)


def installed(weights: Weights, folder: Path) -> Path | None:
    """The file of `weights` if it is there with its size; its digest was checked on arrival."""
    path = folder / weights.file
    return path if path.is_file() and path.stat().st_size == weights.bytes else None


def pull(
    weights: Weights,
    folder: Path,
    *,
    given: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Fetches `weights` into `folder`, going on where an earlier pull stopped.

    `given` is a file to take instead of the network. Raises NoSourceReachable, WrongDigest
    (nothing is left behind then), WeightsError without room, InputNotFound without `given`.
    """
    if given is not None and not given.is_file():
        raise InputNotFound(f"There is no file {given}; give the path of the weights.")
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / f".{weights.file}.lock"):
        target = folder / weights.file
        if installed(weights, folder):
            return target
        partial = folder / f"{weights.file}.partial"
        _check_room(weights, partial)
        sources = [FileSource(given)] if given else reachable(weights, catalogue().hubs)
        _fetch(weights, partial, sources, progress or _silent)
        _check_digest(weights, partial)
        partial.replace(target)
        partial.with_suffix(".parts").unlink(missing_ok=True)
        return target


def _silent(done: int, total: int, source: str) -> None:
    """Nobody watches."""


def _fetch(weights: Weights, partial: Path, sources: Sequence[Source], progress: Progress) -> None:
    reasons: list[str] = []
    for source in sources:
        try:
            source.append_to(partial, _told(progress, weights.bytes, source.name))
            return
        except NoSourceReachable as error:
            reasons.append(str(error))
    told = f" ({'; '.join(reasons)})" if reasons else ""
    raise NoSourceReachable(
        f"No source of {weights.name} answers{told}; set HF_ENDPOINT to a mirror, or give a file "
        f"that you have with `zhanggui models pull {weights.name} --from FILE`."
    )


def _told(progress: Progress, total: int, name: str) -> Callable[[int], None]:
    return lambda done: progress(done, total, name)


def _check_room(weights: Weights, partial: Path) -> None:
    present = partial.stat().st_size if partial.exists() else 0
    needed = weights.bytes - present + _SPARE_BYTES
    free = shutil.disk_usage(partial.parent).free
    if free < needed:
        raise WeightsError(
            f"{partial.parent} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed; "
            "make room or set ZHANGGUI_MODELS to another folder."
        )


def _check_digest(weights: Weights, partial: Path) -> None:
    with partial.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != weights.sha256:
        partial.unlink()
        partial.with_suffix(".parts").unlink(missing_ok=True)
        raise WrongDigest(
            f"What arrived is not {weights.name} (its SHA-256 is {digest[:12]}…); it was deleted. "
            "Try again or use another source."
        )


def _checked_gguf(path: Path) -> Path:
    if not path.is_file():
        raise InputNotFound(f"There is no file {path}; give the path of a GGUF file.")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise InputNotFound(f"{path} is not a GGUF file; give the path of one.")
    return path
