"""Data files of the package (word lists, rules, prompts, channels), loaded strictly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataModel(BaseModel):
    """A data file or a part of one: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def load(model: type[Model], package: str, name: str) -> Model:
    """The YAML file `name` of `package` as a `model`, read once.

    Raises `pydantic.ValidationError` for an unknown key, a missing one or a wrong type.
    """
    return cast(Model, _loaded(model, package, name))


@cache
def _loaded(model: type[BaseModel], package: str, name: str) -> BaseModel:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return model.model_validate(yaml.load(text, Loader=_Loader))


@cache
def fingerprint(package: str, *names: str) -> str:
    """SHA-256 over data files of `package`; a name may be a folder, whose YAML files count."""
    digest = hashlib.sha256()
    for name in names:
        for place, file in _data_files(name, files(package).joinpath(name)):
            content = file.read_bytes()
            digest.update(f"{place}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _data_files(name: str, place: Traversable) -> Iterator[tuple[str, Traversable]]:
    if not place.is_dir():
        yield name, place
        return
    for child in sorted(place.iterdir(), key=lambda entry: entry.name):
        if child.name.endswith(".yaml"):
            yield f"{name}/{child.name}", child
