"""What the steps cost: one row a model call or step, and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, insert, select

from zhanggui.records import Receipt
from zhanggui.store.column_types import utc_now
from zhanggui.store.schema import receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The receipts of one tier and purpose, added up."""

    tier: str
    purpose: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    ms: float


def put(
    conn: Connection, given: Sequence[Receipt], run_id: str | None = None, item: str | None = None
) -> None:
    """Stores receipts, of an item of a run if there is one."""
    if given:
        place = {"run_id": run_id, "item": item, "written_at": utc_now()}
        conn.execute(insert(receipts), [asdict(receipt) | place for receipt in given])


def pace(conn: Connection, purpose: str, model: str) -> tuple[int, float]:
    """The items of runs that asked `model` for `purpose` or found its answers kept: how many,
    and the milliseconds that one took on average."""
    asked = (
        select(receipts.c.run_id, receipts.c.item, func.sum(receipts.c.ms).label("ms"))
        .where(receipts.c.purpose == purpose, receipts.c.model == model)
        .where(receipts.c.item.is_not(None))
        .group_by(receipts.c.run_id, receipts.c.item)
        .subquery()
    )
    found = conn.execute(select(func.count(), func.avg(asked.c.ms)).select_from(asked)).one()
    return int(found[0]), float(found[1] or 0.0)


def totals(conn: Connection, run_id: str | None = None) -> list[Total]:
    """Sums by tier and purpose (of one run), dearest in milliseconds first."""
    spent = func.sum(receipts.c.ms).label("ms")
    summed = select(
        receipts.c.tier,
        receipts.c.purpose,
        func.count().label("calls"),
        func.sum(receipts.c.prompt_tokens).label("prompt_tokens"),
        func.sum(receipts.c.cached_tokens).label("cached_tokens"),
        func.sum(receipts.c.completion_tokens).label("completion_tokens"),
        spent,
    ).group_by(receipts.c.tier, receipts.c.purpose)
    if run_id is not None:
        summed = summed.where(receipts.c.run_id == run_id)
    ordered = summed.order_by(spent.desc(), receipts.c.tier, receipts.c.purpose)
    return [Total(**row) for row in conn.execute(ordered).mappings()]
