from __future__ import annotations

import pytest
from pydantic import ValidationError

from zhanggui.text.datafile import DataModel, load


class _TooSmall(DataModel):
    version: str


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        load(_TooSmall, "zhanggui.law", "rules.yaml")
