"""Data files of the package (word lists, rules, prompts, channels), loaded strictly."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
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
