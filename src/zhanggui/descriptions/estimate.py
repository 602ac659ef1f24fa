"""How long a run of descriptions takes, said before it starts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.settings import Settings
from zhanggui.store import receipts

_ENOUGH = 10
# One short call: measured with the pinned 1.5B weights on two cores.
_LOCAL, _ENDPOINT = 3.0, 1.0


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
    if items >= _ENOUGH:
        return Estimate(drafts, drafts * ms / 1000, items, local)
    usual = _LOCAL if local else _ENDPOINT
    return Estimate(drafts, drafts * usual, 0, local)
