"""What a text about one product may say: its facts, the law, the shop and the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zhanggui.claims.judge import Judge
from zhanggui.claims.personal import personal_claims
from zhanggui.claims.verify import verify
from zhanggui.descriptions.channel import Channel
from zhanggui.descriptions.wording import forbidden_words, with_statements
from zhanggui.law.check import check
from zhanggui.records import Claim, Evidence, Fact, Verdict, Violation
from zhanggui.settings import PLAIN, Wording


@dataclass(frozen=True, slots=True)
class Proof:
    """Judges texts about one product."""

    facts: tuple[Fact, ...]
    category: str
    wording: Wording = PLAIN
    channel: Channel | None = None
    origins: Mapping[Evidence, Evidence] = field(default_factory=dict)
    """Where a fact that was translated stands in the data."""

    def verdict(self, parts: Mapping[str, str], judge: Judge | None = None) -> Verdict:
        """The claims of `parts` with their proof in the data, and what they violate."""
        found = verify(parts, self.facts, judge)
        stated = with_statements((*found, *personal_claims(parts, self.facts)), parts, self.wording)
        return Verdict(claims=tuple(map(self._traced, stated)), violations=self._violations(parts))

    def sound(self, line: str) -> bool:
        """Whether `line` may be printed as it is."""
        claims = verify({"line": line}, self.facts)
        proved = all(claim.status in ("supported", "opinion") for claim in claims)
        return proved and not self._violations({"line": line})

    def _violations(self, parts: Mapping[str, str]) -> tuple[Violation, ...]:
        # A licence among the attributes makes lawful what it licenses.
        known = "\n".join(f"{fact.attribute}:{fact.value}" for fact in self.facts)
        found = (*check(parts, self.category, known), *forbidden_words(parts, self.wording))
        return found if self.channel is None else (*found, *self.channel.violations(parts))

    def _traced(self, claim: Claim) -> Claim:
        if claim.evidence is None or claim.evidence not in self.origins:
            return claim
        return replace(claim, evidence=self.origins[claim.evidence])
