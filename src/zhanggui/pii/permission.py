"""What one must be allowed to do before personal values come out. Asked in one place: here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from zhanggui.errors import NotPermitted

Permission = Literal["pii"]

NONE: frozenset[Permission] = frozenset()


def require(wanted: Permission, granted: Collection[Permission]) -> None:
    """Raises NotPermitted unless `wanted` is among `granted`."""
    if wanted not in granted:
        raise NotPermitted(
            f"This shows personal data and needs the `{wanted}` permission: "
            "if you may see it, give --pii."
        )
