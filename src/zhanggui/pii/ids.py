"""Ids that customers and platforms give: which of them tell who somebody is.

Platforms and shops make the id of a message from the buyer's account or number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhanggui.pii.finder import find_all

_LONG_NUMBER = re.compile(r"\d{7}")
# A number glued to letters, as in Q19900000001, is none to the finder.
_GLUE = re.compile(r"[^\W\d]+|_")


def telling_ids(ids: Sequence[str]) -> list[bool]:
    """Whether the finder finds personal data in each id, its numbers taken alone too."""
    alone = [_GLUE.sub(" ", one) if _LONG_NUMBER.search(one) else "" for one in ids]
    found = zip(find_all(ids), find_all(alone, people=False), strict=True)
    return [bool(whole or numbers) for whole, numbers in found]
