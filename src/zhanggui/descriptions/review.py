"""A draft that stands in the shop, looked at again: verdict, state and reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhanggui.claims.conflicts import conflicts_of
from zhanggui.claims.facts import TITLE, facts_of
from zhanggui.descriptions.channel import PACKAGE, Channel, channel_names, load_channel
from zhanggui.descriptions.fit import lacking
from zhanggui.descriptions.verdict import proof_of
from zhanggui.descriptions.wording import lacking_statements
from zhanggui.errors import InputError
from zhanggui.law.rulebook import rulebook
from zhanggui.records import (
    EXTRA_PARTS,
    Claim,
    Copy,
    Draft,
    DraftState,
    Evidence,
    Product,
    Reason,
    ReasonKind,
    Verdict,
)
from zhanggui.settings import PLAIN, Wording
from zhanggui.text.datafile import DataModel, fingerprint, load
from zhanggui.text.language import language_of
from zhanggui.text.normalise import well_formed
from zhanggui.text.sentences import clauses

_PARTS = ("title", "bullets", "body", *EXTRA_PARTS)
_SHOWN = 16
_RULES: dict[str, ReasonKind] = {"shop": "shop", "channel": "channel"}
"""Whose rules those are that no law makes, by the first part of their names."""


class _Words(DataModel):
    contradicted: str
    unsupported: str
    law: str
    shop: str
    channel: str
    fact: str
    conflict: str
    gone: str
    unproved: str
    lacking: str
    overlong: str
    repaired: str
    said: str
    removed: str
    between: str
    """Stands between the items of a list."""
    parts: dict[str, str]
    """Their names; 卖点 2 is `bullets.1`."""

    def part(self, name: str) -> str:
        """The name of a part for people."""
        kind, _, index = name.partition(".")
        return f"{self.parts[kind]} {int(index) + 1}" if index else self.parts[kind]


class _ReviewFile(DataModel):
    zh: _Words
    en: _Words


@dataclass(frozen=True, slots=True)
class Review:
    """What a look at a draft comes to."""

    verdict: Verdict
    publishable: bool
    """Whether a person may let it out."""
    reasons: tuple[Reason, ...]
    """Why it may not go out without one; empty if it may."""

    @property
    def state(self) -> DraftState:
        """The state of words that nobody has let out yet."""
        return "needs_review" if self.reasons else "draft"


def basis(product: Product | None) -> str:
    """A digest of all that a text about `product` may lean on."""
    if product is None:
        return "gone"
    parts = [product.title, product.category, product.brand, str(product.price)]
    parts += [text for pair in product.attributes.items() for text in pair]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def rules_version() -> str:
    """The version of the law that verdicts are given by: its number, and a digest of its files."""
    return f"{rulebook().version}+{fingerprint('zhanggui', 'law')[:_SHOWN]}"


def review(
    draft: Draft, product: Product | None, *, same_facts: bool, wording: Wording = PLAIN
) -> Review:
    """`draft` against the facts of `product`, the law, the shop's `wording` and the channel's forms
    as they are now, by rules alone.

    `same_facts` says that the draft's own verdict was given by the same facts; then what the
    model decided in it still counts. Without a product nothing of the text is proved.
    """
    if product is None:
        gone = Reason(kind="gone", text=draft.product_id)
        return Review(draft.verdict, publishable=False, reasons=(gone,))
    parts = draft.copy.parts()
    # A text outlives its channel.
    channel = load_channel(draft.channel) if draft.channel in channel_names() else None
    fresh = proof_of(product, parts, wording, channel).verdict(parts)
    lost = lacking_statements(draft.copy, wording, language_of(" ".join(parts.values())))
    verdict = Verdict(
        claims=tuple(_decided(one, draft.verdict, same_facts) for one in fresh.claims),
        violations=(*fresh.violations, *lost),
    )
    values = {fact.attribute: fact.value for fact in facts_of(product, price=True)}
    changed = tuple(_changed(draft, values, verdict))
    spans = {reason.text for reason in changed}
    faults = (reason for reason in _faults(verdict) if reason.text not in spans)
    # What changed and harms nothing is no reason to wait.
    said = (*(changed if not verdict.publishable else ()), *faults)
    shape = _shape(draft, product, channel, verdict)
    reasons = tuple(dict.fromkeys((*said, *_conflicts(product), *shape)))
    # A title alone would empty the page that it is put on.
    told = bool(draft.title and (draft.bullets or draft.body))
    return Review(verdict, publishable=verdict.publishable and told, reasons=reasons)


def as_approved(draft: Draft, reasons: Sequence[Reason]) -> Draft:
    """`draft` with the proof that it had before the attributes changed that `reasons` name."""
    changed = {reason.text: reason for reason in reasons if reason.kind == "fact"}
    claims = [
        replace(
            claim,
            status="supported",
            evidence=Evidence(changed[claim.text].attribute, changed[claim.text].before),
        )
        if claim.text in changed
        else claim
        for claim in draft.verdict.claims
    ]
    return replace(draft, verdict=replace(draft.verdict, claims=tuple(claims)))


def leaning(draft: Draft, attribute: str) -> tuple[Claim, ...]:
    """The claims of `draft` that stand or fall with `attribute`."""
    return tuple(
        claim
        for claim in draft.verdict.claims
        if claim.evidence is not None and claim.evidence.attribute == attribute
    )


def told(reason: Reason, text: str) -> str:
    """The reason as a sentence, in the language of `text`."""
    words = load(_ReviewFile, PACKAGE, "review.yaml")
    mine = words.zh if language_of(text) == "zh" else words.en
    frame: str = getattr(mine, reason.kind)
    span = reason.text
    if reason.kind in ("lacking", "overlong", "repaired"):
        span = mine.between.join(mine.part(name) for name in reason.text.split(","))
    return frame.format(
        text=span,
        why=reason.why,
        attribute=mine.parts["title"] if reason.attribute == TITLE else reason.attribute,
        before=reason.before,
        after=reason.after or mine.removed,
    )


def edited(copy: Copy, given: object) -> Copy:
    """`copy` with the parts that a person wrote: an object of `title`, `bullets`, `body`, ….

    Raises InputError for anything else, and where nothing is different.
    """
    if not isinstance(given, Mapping):
        raise InputError('An edit is a JSON object such as {"title": "…", "bullets": ["…"]}.')
    unknown = sorted(set(map(str, given)) - set(_PARTS))
    if unknown:
        raise InputError(f"A draft has no part {unknown[0]!r}; give {', '.join(_PARTS)}.")
    parts: dict[str, Any] = {name: _part(name, value) for name, value in given.items()}
    new = replace(copy, **parts)
    if new == copy:
        raise InputError("The edit says the same as the draft: nothing was changed.")
    return new


def replaced(old: Copy, new: Copy) -> Iterator[Reason]:
    """The clauses in which a repair put other words, by part."""
    before = old.parts()
    for part, text in new.parts().items():
        known = {clause.text for clause in clauses(before.get(part, ""))}
        changed = [clause.text for clause in clauses(text) if clause.text not in known]
        if changed:
            yield Reason(kind="repaired", text=part, after="…".join(changed))


def _part(name: str, value: Any) -> str | tuple[str, ...]:
    if name == "bullets" and isinstance(value, list) and all(isinstance(x, str) for x in value):
        lines = (well_formed(line.replace("\0", "")).strip() for line in value)
        return tuple(line for line in lines if line)
    if name != "bullets" and isinstance(value, str):
        return well_formed(value.replace("\0", "")).strip()
    kind = "a list of texts" if name == "bullets" else "a text"
    raise InputError(f"The part {name!r} of a draft is {kind}.")


def _decided(claim: Claim, before: Verdict, same_facts: bool) -> Claim:
    """A claim that no rule proves, as the model decided it before: taste stays taste, and what
    the facts proved stays proved by the same facts."""
    if claim.status != "unsupported":
        return claim
    for known in before.claims:
        here = replace(known, status=claim.status, evidence=None, why=claim.why)
        if here == claim and known.evidence is None and (same_facts or known.status == "opinion"):
            return known if known.status in ("opinion", "supported") else claim
    return claim


def _changed(draft: Draft, values: Mapping[str, str], now: Verdict) -> Iterator[Reason]:
    """The attributes that proved something in `draft` which is not proved any more."""
    parts = draft.copy.parts()
    proved = {
        (claim.part, claim.start, claim.end) for claim in now.claims if claim.status == "supported"
    }
    seen: set[str] = set()
    for claim in draft.verdict.claims:
        evidence = claim.evidence
        # An edit carries the verdict of the words before it.
        if parts.get(claim.part, "")[claim.start : claim.end] != claim.text:
            continue
        if claim.status != "supported" or evidence is None or evidence.attribute in seen:
            continue
        value = values.get(evidence.attribute, "")
        if value != evidence.value and (claim.part, claim.start, claim.end) not in proved:
            seen.add(evidence.attribute)
            yield Reason(
                kind="fact",
                text=claim.text,
                attribute=evidence.attribute,
                before=evidence.value,
                after=value,
            )


def _faults(verdict: Verdict) -> Iterator[Reason]:
    for claim in verdict.claims:
        if claim.status == "contradicted" or claim.status == "unsupported":
            yield Reason(kind=claim.status, text=claim.text, why=claim.why)
    for violation in verdict.violations:
        kind = _RULES.get(violation.rule.partition(".")[0], "law")
        yield Reason(kind=kind, text=violation.text, why=violation.why)


def _conflicts(product: Product) -> Iterator[Reason]:
    """The values of which only one can be true."""
    for one in conflicts_of(facts_of(product)):
        yield Reason(
            kind="conflict",
            attribute=one.left.attribute,
            before=one.left.value,
            text=one.right.attribute,
            after=one.right.value,
        )


def _shape(
    draft: Draft, product: Product, channel: Channel | None, verdict: Verdict
) -> Iterator[Reason]:
    """What a channel asks for and the text does not give."""
    if not any(claim.status == "supported" for claim in verdict.claims):
        yield Reason(kind="unproved")
    if channel is None:
        return
    short = lacking(draft.copy, channel, channel.language_for(product))
    if short:
        yield Reason(kind="lacking", text=",".join(short))
    if long := list(_overlong(draft.copy, channel)):
        yield Reason(kind="overlong", text=",".join(long))


def _overlong(copy: Copy, channel: Channel) -> Iterator[str]:
    if channel.title.length(copy.title) > channel.title.limit:
        yield "title"
    if len(copy.bullets) > channel.bullets.most:
        yield "bullets"
    for index, bullet in enumerate(copy.bullets):
        if len(bullet) > channel.bullets.limit:
            yield f"bullets.{index}"
    if len(copy.body) > channel.body.limit:
        yield "body"
    for name in EXTRA_PARTS:
        limit = getattr(channel, name)
        if limit is not None and not limit.holds(getattr(copy, name)):
            yield name
