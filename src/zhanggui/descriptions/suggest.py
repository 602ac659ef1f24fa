"""Faulty spans with what could stand there instead: the fact's own words, proved before they are
offered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from zhanggui.claims.facts import facts_of, says_no
from zhanggui.claims.verify import verify
from zhanggui.descriptions.fit import HAN
from zhanggui.descriptions.verdict import proof_of
from zhanggui.law.check import check
from zhanggui.law.rulebook import rulebook
from zhanggui.records import EXTRA_PARTS, Claim, Copy, Fact, Product, Verdict, Violation
from zhanggui.text.quantities import quantities
from zhanggui.text.sentences import Span, sentences

Place = tuple[str, int, int]
"""Part, start and end of a span."""

_ROUNDS = 2
_ITEMS = re.compile(r"\s*[、,/|]\s*")
_CLAUSES = re.compile(r"[，。；;！？!?]")
# 30×40cm is one measure, whatever the verifier marks of it.
_MEASURE_AFTER = re.compile(r"\s*[×x*]\s*\d")
_MEASURE_BEFORE = re.compile(r"\d\s*[a-z]{0,2}\s*[×x*]\s*$")
_LONGEST = 40


def suggestions(product: Product, parts: Mapping[str, str], verdict: Verdict) -> dict[Place, str]:
    """For each contradicted span the words that would be true there; none where no words of the
    fact can stand in the sentence."""
    wrong = [claim for claim in verdict.claims if claim.status == "contradicted"]
    facts = facts_of(product, price=True) if wrong else ()
    by_name = {fact.attribute: fact for fact in facts}
    category = product.category or product.title
    found: dict[Place, str] = {}
    for claim in wrong:
        fact = by_name.get(claim.evidence.attribute) if claim.evidence is not None else None
        if fact is None:
            continue
        sentence = _sentence(parts[claim.part], claim)
        for words in dict.fromkeys(_candidates(claim.text, fact)):
            if words != claim.text and _holds(sentence, claim, words, fact, facts, category):
                found[claim.part, claim.start, claim.end] = words
                break
    return found


def safe_wording(violation: Violation) -> str:
    """How the law's own rule says it may be said instead."""
    return next((rule.safe for rule in rulebook().rules if rule.id == violation.rule), "")


def repaired(product: Product, copy: Copy, proof: Mapping[str, str] | None = None) -> Copy:
    """`copy` with its contradicted spans replaced, the rest untouched; at most twice over.

    `proof` says which attribute proved a span before: then only spans are replaced whose very
    attribute changed. Without it a value may be put where it is true of something else (充电
    30分钟, and the fact that contradicts it is how long the battery lasts), so a person looks.
    """
    for _ in range(_ROUNDS):
        parts = copy.parts()
        verdict = proof_of(product, parts).verdict(parts)
        if proof is not None:
            verdict = replace(verdict, claims=tuple(_of_proof(verdict.claims, proof)))
        found = suggestions(product, parts, verdict)
        if not found:
            break
        copy = _with(copy, parts, found)
    return copy


def _of_proof(claims: tuple[Claim, ...], proof: Mapping[str, str]) -> Iterator[Claim]:
    for claim in claims:
        if claim.evidence is not None and proof.get(claim.text) == claim.evidence.attribute:
            yield claim


def _with(copy: Copy, parts: dict[str, str], found: Mapping[Place, str]) -> Copy:
    for (part, start, end), words in sorted(found.items(), reverse=True):
        parts[part] = parts[part][:start] + words + parts[part][end:]
    bullets = tuple(parts[f"bullets.{index}"] for index in range(len(copy.bullets)))
    extra = {name: parts.get(name, "") for name in EXTRA_PARTS}
    return Copy(parts["title"], bullets, parts["body"], **extra)


def _sentence(text: str, claim: Claim) -> Span:
    whole = Span(text, 0, len(text))
    return next(
        (one for one in sentences(text) if one.start <= claim.start and claim.end <= one.end), whole
    )


def _candidates(span: str, fact: Fact) -> Iterator[str]:
    """Ways to say the fact where `span` stands, the closest first: a number for a number, and
    for words the value or an item of it."""
    said = quantities(span)
    known = quantities(fact.value)
    if said:
        if len(said) > 1:
            return
        start, end = said[0].start, said[0].end
        amounts = [
            fact.value[one.start : one.end]
            for one in known
            if one.quantity.dimension == said[0].quantity.dimension
        ]
        if not known and fact.quantities:
            # 容量(ml): 500 has its unit in the name.
            amounts.append(f"{fact.value.strip()}{fact.quantities[0].unit}")
        yield from (span[:start] + amount + span[end:] for amount in amounts)
        return
    if says_no(fact.value) or _CLAUSES.search(fact.value):
        # 洗碗机: 不可 is no word for what can be put there.
        return
    for words in (fact.value.strip(), *_ITEMS.split(fact.value)):
        # 100%棉 is a material, 3岁以上 no word for whom a thing is.
        plain = all(one.quantity.dimension == "ratio" for one in quantities(words))
        if words and plain and len(words) <= _LONGEST:
            yield words


def _holds(
    sentence: Span,
    claim: Claim,
    words: str,
    fact: Fact,
    facts: tuple[Fact, ...],
    category: str,
) -> bool:
    """Whether the sentence is true and lawful around `words`, and it is `fact` that proves them."""
    if HAN.search(words) and not HAN.search(sentence.text):
        return False
    start, end = claim.start - sentence.start, claim.end - sentence.start
    before, after = sentence.text[:start], sentence.text[end:]
    # 被芯[可水洗] with 被芯不可水洗 would say 被芯 twice.
    if _MEASURE_AFTER.match(after) or _MEASURE_BEFORE.search(before) or before.endswith(words[:2]):
        return False
    text = before + words + after
    stop = start + len(words)
    around = [one for one in verify({"line": text}, facts) if one.start < stop and start < one.end]
    unlawful = any(one.start < stop and start < one.end for one in check({"line": text}, category))
    proved = any(one.evidence and one.evidence.attribute == fact.attribute for one in around)
    sound = all(one.status in ("supported", "opinion") for one in around)
    return proved and sound and not unlawful
