from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from zhanggui.text.datafile import DataModel, load

PACKAGE = Path(str(files("zhanggui")))
DATA_FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.yaml"))


class _TooSmall(DataModel):
    version: str


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        load(_TooSmall, "zhanggui.law", "rules.yaml")


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_data_file_needs_no_libyaml(name: str) -> None:
    """Where the wheel of PyYAML has no C loader, the pure one must read the same."""
    fast = getattr(yaml, "CSafeLoader", None)
    text = (PACKAGE / name).read_text(encoding="utf-8")
    plain = yaml.load(text, Loader=yaml.SafeLoader)
    assert plain is not None
    if fast is not None:
        assert plain == yaml.load(text, Loader=fast)
