"""The queue as people look at it: what waits and why, one draft as a whole, what leans on what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from zhanggui.audit.story import person_named
from zhanggui.descriptions.review import leaning, told
from zhanggui.descriptions.suggest import Place, suggestions
from zhanggui.errors import InputError
from zhanggui.guard.products import trusted
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import Claim, Draft, DraftState, Product, Reason
from zhanggui.store import drafts, products
from zhanggui.store.drafts import StepKind, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One row of the queue."""

    version: Version
    reasons: tuple[str, ...]
    live: bool
    """Whether it is what an export takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One step of a draft, with the name of whoever took it."""

    version: int
    kind: StepKind
    state: DraftState
    at: datetime
    by: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All about one version of a draft."""

    version: Version
    reasons: tuple[str, ...]
    live: bool
    approved: Version | None
    """The version that was let out last, if it is another one."""
    better: dict[Place, str]
    """What could stand in place of contradicted spans."""
    past: tuple[Past, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """A version with the spans that lean on one attribute."""

    version: Version
    claims: tuple[Claim, ...]
    live: bool


def listing(conn: Connection, vault: Vault, found: Sequence[Version]) -> list[Waiting]:
    """These versions with why they stand where they stand."""
    last = drafts.reasons(conn, found)
    shown = _live(conn, {version.draft.channel for version in found})
    return [
        Waiting(
            version=one,
            reasons=_reasons(conn, vault, one, last[one.id, one.number].reasons),
            live=(one.id, one.number) in shown,
        )
        for one in found
    ]


def dossier(conn: Connection, vault: Vault, draft_id: str, number: int | None) -> Dossier:
    """All about a draft's newest version, or the one with this number; raises InputError."""
    version = numbered(drafts.versions(conn, draft_id), draft_id, number)
    draft = version.draft
    approved = drafts.last_approved(conn, draft_id)
    product = known_of(products.get(conn, draft.product_id))
    past = [
        Past(
            version=step.version,
            kind=step.kind,
            state=step.state,
            at=step.at,
            by=person_named(conn, vault, step.actor),
            reasons=_reasons(conn, vault, version, step.reasons),
        )
        for step in drafts.steps(conn, draft_id)
    ]
    better = {} if product is None else suggestions(product, draft.copy.parts(), draft.verdict)
    return Dossier(
        version=version,
        reasons=next(one.reasons for one in reversed(past) if one.version == version.number),
        live=(version.id, version.number) in _live(conn, {draft.channel}),
        approved=approved if approved is not None and approved.number != version.number else None,
        better=better,
        past=tuple(past),
    )


def affected(conn: Connection, product_id: str, attribute: str) -> list[Leaning]:
    """The versions that lean on an attribute of a product: those that wait or are let out."""
    found = drafts.find(conn, product_id=product_id)
    if not found and products.get(conn, product_id) is None:
        raise InputError(f"The shop has no product {product_id!r}: check the id.")
    shown = _live(conn, {version.draft.channel for version in found})
    spans = [(version, leaning(version.draft, attribute)) for version in found]
    return [
        Leaning(version=one, claims=claims, live=(one.id, one.number) in shown)
        for one, claims in spans
        if claims
    ]


def numbered(known: Sequence[Version], draft_id: str, number: int | None) -> Version:
    """The newest of a draft's versions, or the one with this number; raises InputError."""
    if not known:
        raise InputError(
            f"There is no draft {draft_id!r}: `zhanggui drafts list` names those there are, "
            "`zhanggui describe` writes one."
        )
    if number is None:
        return known[-1]
    found = next((one for one in known if one.number == number), None)
    if found is None:
        raise InputError(f"The draft {draft_id!r} has the versions 1 to {known[-1].number}.")
    return found


def known_of(product: Product | None) -> Product | None:
    """The product as far as a text may lean on it."""
    return None if product is None else trusted(product)


def sentences_of(draft: Draft, reasons: Sequence[Reason]) -> tuple[str, ...]:
    """The reasons in the language of the draft."""
    text = " ".join(draft.copy.parts().values())
    return tuple(told(one, text) for one in reasons)


def _reasons(
    conn: Connection, vault: Vault, version: Version, reasons: Sequence[Reason]
) -> tuple[str, ...]:
    said = [replace(one, text=vault.restore(conn, one.text, SHOP)) for one in reasons]
    return sentences_of(version.draft, said)


def _live(conn: Connection, channels: Collection[str]) -> set[tuple[str, int]]:
    shown = [one for name in channels for one in drafts.live(conn, name).values()]
    return {(one.id, one.number) for one in shown}
