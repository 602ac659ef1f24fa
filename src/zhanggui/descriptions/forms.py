"""Forms of writing that a platform may forbid: emoji, addresses, numbers to call (`forms.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zhanggui.text.datafile import DataModel, load


class _FormData(DataModel):
    pattern: str
    why: str
    ornament: bool = False


class _FormsFile(DataModel):
    forms: dict[str, _FormData]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form looks like and why platforms refuse it."""

    pattern: re.Pattern[str]
    why: str
    ornament: bool
    """It says nothing, so that a title can do without it."""


@cache
def forms() -> Mapping[str, Form]:
    """The forms by name."""
    data = load(_FormsFile, "zhanggui.descriptions", "forms.yaml").forms
    return {
        name: Form(re.compile(form.pattern), form.why, form.ornament) for name, form in data.items()
    }
