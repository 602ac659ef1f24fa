"""`ReviewQueue`: drafts wait, people decide, and what loses its facts or the law waits again.

    describe, edit ──▶ draft | needs_review ──approve──▶ approved ──publish──▶ published
                            │    ▲                          │                     │
                         reject  └──── facts or law changed, and it does not hold ┘

Whatever is approved or published was checked at that moment, by the facts and the law as they
are; there is no way round it. Words never change: an edit is a new version.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection

from zhanggui.audit.trail import Trail
from zhanggui.descriptions.channel import known_channel
from zhanggui.descriptions.review import (
    Review,
    as_approved,
    basis,
    edited,
    replaced,
    review,
    rules_version,
)
from zhanggui.descriptions.rows import rechecked_row
from zhanggui.descriptions.suggest import repaired
from zhanggui.errors import InputError
from zhanggui.guard.products import trusted
from zhanggui.pii.finder import mask
from zhanggui.pii.vault import SHOP, Vault
from zhanggui.records import Copy, Draft, DraftState, Product, Reason
from zhanggui.review_queue.views import (
    Dossier,
    Leaning,
    Waiting,
    affected,
    dossier,
    known_of,
    listing,
    numbered,
    sentences_of,
)
from zhanggui.settings import PLAIN, Wording
from zhanggui.store import drafts, products
from zhanggui.store.codec import with_texts
from zhanggui.store.database import Store
from zhanggui.store.drafts import ACTIVE, WAITING, Grounds, Version

_CHUNK = 200
_LET_OUT: tuple[DraftState, ...] = ("approved", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A version that was looked at again, before anything is stored of it."""

    version: Version
    product: Product | None
    seen: Review

    @property
    def state(self) -> DraftState:
        """The state that it comes to: what people let out stays out while it holds."""
        kept = self.version.draft.state in _LET_OUT and self.seen.publishable
        return self.version.draft.state if kept else self.seen.state

    @property
    def newly_faulty(self) -> bool:
        """Whether it could go out before and may not now."""
        return self.version.draft.verdict.publishable and not self.seen.publishable

    @property
    def draft(self) -> Draft:
        """The draft as it will be."""
        return replace(self.version.draft, verdict=self.seen.verdict, state=self.state)

    @property
    def reasons(self) -> tuple[str, ...]:
        return sentences_of(self.version.draft, self.seen.reasons)


def looked_row(one: Looked) -> dict[str, Any]:
    """What was looked at again as a row of `verify`."""
    row = rechecked_row(one.draft, known_of(one.product), version=one.version.number)
    return row | {"newly_faulty": one.newly_faulty, "reasons": list(one.reasons)}


class ReviewQueue:
    """The drafts of one shop, their versions and what became of them."""

    def __init__(self, store: Store, vault: Vault, trail: Trail, wording: Wording = PLAIN) -> None:
        """`wording` is what the shop itself asks of its texts."""
        self._store = store
        self._wording = wording
        self._vault = vault
        self._trail = trail

    def take(self, conn: Connection, product: Product, draft: Draft) -> Version:
        """Puts a described draft in its place: a new version that waits, or the one that says the
        same already. What is approved or published stays so until a person replaces it."""
        drafts.take_turn(conn)
        same = _same(drafts.versions(conn, draft.id), draft)
        state = draft.state if same is None else _standing(same, draft)
        waits = state == "needs_review"
        reasons = (
            review(draft, trusted(product), same_facts=True, wording=self._wording).reasons
            if waits
            else ()
        )
        grounds = _grounds(product)
        if same is None:
            return drafts.put(conn, draft, reasons=reasons, grounds=grounds)
        judged = drafts.judge(conn, same, draft.verdict, grounds)
        if state == judged.draft.state:
            return judged
        return drafts.move(conn, judged, state, kind="describe", reasons=reasons)

    def placed(self, conn: Connection, draft: Draft) -> Draft:
        """The draft with the state that `take` would give it."""
        same = _same(drafts.versions(conn, draft.id), draft)
        return draft if same is None else replace(draft, state=_standing(same, draft))

    def approved(self, conn: Connection, draft_id: str) -> Draft | None:
        """The wording of a draft that a person let out last, with the proof it had then."""
        found = drafts.last_approved(conn, draft_id)
        if found is None:
            return None
        steps = [step for step in drafts.steps(conn, draft_id) if step.version == found.number]
        return as_approved(found.draft, [reason for step in steps for reason in step.reasons])

    def listing(
        self,
        *,
        states: Collection[DraftState] = ACTIVE,
        channel: str | None = None,
        product_id: str | None = None,
    ) -> list[Waiting]:
        """The versions in these states, oldest first; raises InputError for an unknown channel."""
        if channel is not None:
            known_channel(channel)
        with self._store.read() as conn:
            found = drafts.find(conn, states=states, channel=channel, product_id=product_id)
            return listing(conn, self._vault, found)

    def dossier(self, draft_id: str, number: int | None = None) -> Dossier:
        """All about a draft's newest version, or the one with this number."""
        with self._store.read() as conn:
            return dossier(conn, self._vault, draft_id, number)

    def affected(self, product_id: str, attribute: str) -> list[Leaning]:
        """The versions that lean on an attribute of a product: those that wait or are let out."""
        with self._store.read() as conn:
            return affected(conn, product_id, attribute)

    def approve(self, draft_id: str, by: str, *, version: int | None = None) -> Version:
        """Lets the newest waiting version (or that with this number) pass; raises InputError if it
        may not go out, and then it waits for a person with the reasons."""
        return self._let_out(draft_id, by, "approve", version)

    def publish(self, draft_id: str, by: str, *, version: int | None = None) -> Version:
        """Says that the approved version is out; it replaces what was out before."""
        return self._let_out(draft_id, by, "publish", version)

    def reject(self, draft_id: str, by: str, reason: str, *, version: int | None = None) -> Version:
        """Takes the newest active version out, with the reason."""
        if not reason.strip():
            raise InputError("Say why with --reason: a rejection needs one.")
        with self._store.begin() as conn:
            drafts.take_turn(conn)
            found = self._chosen(conn, draft_id, ACTIVE, version)
            actor = self._actor(conn, by)
            said = Reason(kind="said", text=mask(self._vault.redact(conn, reason.strip(), SHOP))[0])
            moved = drafts.move(
                conn, found, "rejected", kind="reject", actor=actor, reasons=(said,)
            )
            product = products.get(conn, found.draft.product_id)
            self._trail.decided(conn, "reject", moved.draft, product, actor)
        return moved

    def edit(self, draft_id: str, given: object, by: str) -> Version:
        """A new version with the parts that a person wrote, checked like any text and waiting.

        Personal data that the product's own data do not state is concealed; a text that it was
        taken out of waits. Raises InputError for what is no edit; see `descriptions.review.edited`.
        """
        return self._rewrite(draft_id, by, "edit", given)

    def repair(self, draft_id: str, by: str) -> Version:
        """A new version whose contradicted spans say what the facts say, the rest untouched.

        It waits for a person whatever the check says: a value may be true of something else.
        Raises InputError where no span can be repaired so.
        """
        return self._rewrite(draft_id, by, "repair", None)

    def recheck_facts(self) -> tuple[int, int]:
        """Looks again at the versions whose product changed or is gone: how many that were, and
        how many of them lost what they stood on and wait for a person now."""
        with self._store.read() as conn:
            known = {product.id: basis(product) for product in products.every(conn)}
            keys = drafts.unlike(conn, known, basis(None))
        moved = 0
        for start in range(0, len(keys), _CHUNK):
            looked = self._look(keys[start : start + _CHUNK])
            moved += self.settle(looked)
        return len(keys), moved

    def under_changed_rules(self) -> list[Looked]:
        """The versions that were judged under another version of the law, looked at again; pass
        them to `settle` to store what was found."""
        with self._store.read() as conn:
            keys = drafts.under_other_rules(conn, rules_version())
        return [
            looked
            for start in range(0, len(keys), _CHUNK)
            for looked in self._look(keys[start : start + _CHUNK])
        ]

    def settle(self, looked: Sequence[Looked]) -> int:
        """Stores the verdicts, and brings what does not hold to `needs_review`; how many went
        there from another state."""
        moved = 0
        for start in range(0, len(looked), _CHUNK):
            part = {(one.version.id, one.version.number): one for one in looked[start:][:_CHUNK]}
            with self._store.begin() as conn:
                drafts.take_turn(conn)
                now = drafts.chosen(conn, list(part))
                last = drafts.reasons(conn, now)
                for version in now:
                    # Somebody may have decided in between: the verdict is of the words alone.
                    one = replace(part[version.id, version.number], version=version)
                    known = last[version.id, version.number].reasons
                    moved += self._settle(conn, one, known)
        return moved

    def _settle(self, conn: Connection, one: Looked, known: tuple[Reason, ...]) -> bool:
        before = one.version.draft.state
        judged = drafts.judge(conn, one.version, one.seen.verdict, _grounds(one.product))
        if before not in ACTIVE:
            return False
        reasons = _with_what_changed(one.seen.reasons, known)
        if one.state == before and (before != "needs_review" or reasons == known):
            return False
        moved = drafts.move(conn, judged, one.state, kind="recheck", reasons=reasons)
        self._trail.decided(conn, "recheck", moved.draft, one.product)
        return one.state == "needs_review" and before != "needs_review"

    def _look(self, keys: Sequence[tuple[str, int]]) -> list[Looked]:
        with self._store.read() as conn:
            found = drafts.chosen(conn, keys)
            ids = dict.fromkeys(version.draft.product_id for version in found)
            known = {key: products.get(conn, key) for key in ids}
        # Once a product, not once a draft: it is half of the work.
        usable = {key: known_of(product) for key, product in known.items()}
        return [
            _looked(version, known[key], usable[key], self._wording)
            for version in found
            for key in (version.draft.product_id,)
        ]

    def _let_out(
        self, draft_id: str, by: str, kind: Literal["approve", "publish"], number: int | None
    ) -> Version:
        wanted = WAITING if kind == "approve" else ("approved",)
        with self._store.begin() as conn:
            drafts.take_turn(conn)
            version = self._chosen(conn, draft_id, wanted, number)
            actor = self._actor(conn, by)
            product = products.get(conn, version.draft.product_id)
            looked = _looked(version, product, known_of(product), self._wording)
            if looked.seen.publishable:
                judged = drafts.judge(conn, version, looked.seen.verdict, _grounds(product))
                state: DraftState = "approved" if kind == "approve" else "published"
                moved = drafts.move(conn, judged, state, kind=kind, actor=actor)
                self._trail.decided(conn, kind, moved.draft, product, actor)
                self._replace_earlier(conn, moved)
                return moved
            # Kept, so that the queue shows why.
            known = drafts.reasons(conn, [version])[version.id, version.number].reasons
            self._settle(conn, looked, known)
        raise InputError(
            f"The draft {draft_id!r} may not go out ({looked.reasons[0]}): "
            "edit it, or describe the product again."
        )

    def _replace_earlier(self, conn: Connection, chosen: Version) -> None:
        """What the chosen version makes pointless: earlier ones of the draft, and whatever else
        was published for the product on this channel."""
        out = chosen.draft
        others = drafts.find(conn, channel=out.channel, product_id=out.product_id)
        for one in others:
            earlier = one.id == chosen.id and one.number < chosen.number
            if one.draft.state == "published":
                gone = out.state == "published" and one != chosen
            else:
                gone = earlier
            if gone:
                drafts.move(conn, one, "replaced", kind="replace")

    def _rewrite(
        self, draft_id: str, by: str, kind: Literal["edit", "repair"], given: object
    ) -> Version:
        with self._store.begin() as conn:
            drafts.take_turn(conn)
            base = numbered(drafts.versions(conn, draft_id), draft_id, None)
            actor = self._actor(conn, by)
            product = products.get(conn, base.draft.product_id)
            if product is None:
                raise InputError(
                    f"The shop has no product {base.draft.product_id!r} any more: import it first."
                )
            known = trusted(product)
            old = base.draft.copy
            if kind == "edit":
                # An article number that the data state has the form of a person's.
                public = "\n".join((product.title, *product.attributes.values()))
                copy = edited(old, self._redacted(conn, given, public))
            else:
                copy = repaired(known, old)
            if copy == old:
                raise InputError(
                    f"Nothing in the draft {draft_id!r} can be repaired from the facts: edit it."
                )
            words = _with(base.draft, copy)
            same = base.grounds.basis == basis(product)
            seen = review(words, known, same_facts=same, wording=self._wording)
            reasons = (*seen.reasons, *(replaced(old, copy) if kind == "repair" else ()))
            state: DraftState = "needs_review" if reasons else "draft"
            draft = replace(words, verdict=seen.verdict, state=state)
            grounds = _grounds(product)
            stored = drafts.put(
                conn, draft, author=actor, kind=kind, reasons=reasons, grounds=grounds
            )
            self._trail.decided(conn, kind, draft, product, actor)
        return stored

    def _chosen(
        self,
        conn: Connection,
        draft_id: str,
        states: Collection[DraftState],
        number: int | None,
    ) -> Version:
        known = drafts.versions(conn, draft_id)
        newest = numbered(known, draft_id, number)
        able = [one for one in known if one.draft.state in states]
        if number is not None:
            able = [one for one in able if one.number == number]
        if not able:
            raise InputError(_UNABLE[newest.draft.state].format(id=draft_id))
        return able[-1]

    def _redacted(self, conn: Connection, given: object, public: str) -> object:
        """What a person wrote, without personal data."""
        return with_texts(given, lambda text: self._vault.redact(conn, text, SHOP, public))

    def _actor(self, conn: Connection, by: str) -> str:
        if not by.strip():
            raise InputError("Say who decides with --by: a decision needs a name.")
        return self._vault.conceal(conn, by.strip(), "NAME", by.strip())


_UNABLE: dict[DraftState, str] = {
    "draft": "The draft {id!r} is not approved yet: approve it first.",
    "needs_review": "The draft {id!r} is not approved yet: approve it first.",
    "approved": "The draft {id!r} is approved already: `zhanggui drafts publish` says it is out.",
    "published": "The draft {id!r} is published already: edit it, or describe the product again.",
    "rejected": "The draft {id!r} was rejected: edit it, or describe the product again.",
    "replaced": "The draft {id!r} was replaced by another one: see `zhanggui drafts list`.",
}


def _same(known: Sequence[Version], draft: Draft) -> Version | None:
    """The version that says the same and counts: the newest, what is let out, what was refused."""
    newest = known[-1:]
    others = [one for one in known if one.draft.state in (*_LET_OUT, "rejected")]
    return next((one for one in (*newest, *others) if one.draft.copy == draft.copy), None)


def _standing(same: Version, draft: Draft) -> DraftState:
    """The state of words that were there before, when they are described again."""
    state = same.draft.state
    kept = state == "rejected" or (state in _LET_OUT and draft.verdict.publishable)
    return state if kept else draft.state


def _looked(
    version: Version, product: Product | None, usable: Product | None, wording: Wording
) -> Looked:
    """`usable` is `product` as far as a text may lean on it."""
    same = version.grounds.basis == basis(product)
    seen = review(version.draft, usable, same_facts=same, wording=wording)
    return Looked(version=version, product=product, seen=seen)


def _with_what_changed(reasons: Sequence[Reason], known: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons; a span that waits since an attribute changed still says which."""
    changed = {one.text: one for one in known if one.kind == "fact"}
    told = (
        changed.get(one.text, one) if one.kind in ("contradicted", "unsupported") else one
        for one in reasons
    )
    # One attribute can stand in several parts of a text.
    return tuple(dict.fromkeys(told))


def _grounds(product: Product | None) -> Grounds:
    """What a verdict that is given now stands on."""
    return Grounds(basis(product), rules_version())


def _with(draft: Draft, copy: Copy) -> Draft:
    return replace(
        draft,
        title=copy.title,
        bullets=copy.bullets,
        body=copy.body,
        selling_point=copy.selling_point,
        seo_title=copy.seo_title,
        seo_description=copy.seo_description,
    )
