"""How long a run of descriptions takes, said before it starts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.settings import Settings
from zhanggui.store import receipts

# One short call: 30 drafts of 30 kinds of goods, the pinned 1.5B weights, two cores; 1.7 s each
# with the start of the model, half of them under 1 s.
_LOCAL, _ENDPOINT = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The seconds that a number of drafts takes."""

    drafts: int
    seconds: float
    measured: int
    """How many earlier drafts it is taken from; 0 where a usual figure stands in."""
    local: bool
    """Whether the model runs on this machine."""


def estimate(conn: Connection, settings: Settings, drafts: int) -> Estimate:
    """The time for `drafts`, from the receipts of earlier runs with the same model.

    Kinds of goods that were asked about before cost nothing, so a first run tells too much
    rather than too little.
    """
    items, ms = receipts.pace(conn, "describe.write", settings.model)
    local = settings.endpoint is None
    if items:
        return Estimate(drafts, drafts * ms / 1000, items, local)
    usual = _LOCAL if local else _ENDPOINT
    return Estimate(drafts, drafts * usual, 0, local)
