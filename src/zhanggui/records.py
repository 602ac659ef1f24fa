"""The nouns of a shop as pure values.

Nothing here knows of files, databases or models. Offsets are character offsets, end
exclusive. Prices are yuan unless an attribute says otherwise. Every record is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Polarity = Literal["positive", "neutral", "negative"]
ClaimStatus = Literal["supported", "unsupported", "contradicted", "opinion"]
Decision = Literal["send", "suggest", "hand_over"]
ReplyTier = Literal["rule", "approved", "quote", "model"]
Role = Literal["customer", "shop"]
DraftState = Literal["draft", "needs_review", "approved", "published", "rejected", "replaced"]
ReasonKind = Literal[
    "contradicted",
    "unsupported",
    "law",
    "shop",
    "channel",
    "fact",
    "conflict",
    "gone",
    "unproved",
    "lacking",
    "overlong",
    "repaired",
    "said",
]
PromiseKind = Literal["dispatch", "arrival", "refund", "compensation", "price", "follow_up"]
PassageKind = Literal["attribute", "faq", "policy", "approved"]
Judged = Literal["right", "wrong", "unknown"]
JudgedBy = Literal["replay", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product as the shop describes it."""

    id: str
    title: str
    category: str = ""
    brand: str = ""
    price: Decimal | None = None
    """Yuan."""
    stock: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attribute name to value, in the order of the source."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Columns that Zhanggui does not know, kept as they were."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, in the base unit of its dimension."""

    low: Decimal
    high: Decimal
    """Equal to `low` unless the text gives a range."""
    dimension: str
    """`length`, `mass`, `volume`, `power`, `capacity`, `time`, `temperature`, `currency`,
    `ratio`, `count:<measure word>`, …; comparisons are made within one dimension only."""
    unit: str
    """The unit as it was written."""
    approximate: bool = False
    """True for every `bound` other than `exact`."""
    bound: Literal["exact", "about", "over", "min", "under", "max"] = "exact"
    """How the text limits the number: 约, 超过, 以上, 低于, 以内."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One attribute of a product with its value parsed."""

    attribute: str
    value: str
    """As written in the source."""
    kind: str
    """`quantity`, `material`, `colour`, `origin`, `certificate`, `warranty`, `audience`,
    `package`, `function`, `identity` (title, brand, category) or `text`."""
    quantities: tuple[Quantity, ...] = ()
    terms: tuple[str, ...] = ()
    """Canonical terms found in the value (materials, colours, places, …)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The fact that decides a claim."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A span of a text and what the facts say about it."""

    part: str
    """`text`, `title`, `bullets.0`, `body`, …; offsets count inside it."""
    text: str
    start: int
    end: int
    status: ClaimStatus
    evidence: Evidence | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A span that the law or a platform rule forbids."""

    part: str
    rule: str
    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the proof and the law say about one text."""

    claims: tuple[Claim, ...]
    violations: tuple[Violation, ...]

    @property
    def publishable(self) -> bool:
        """No claim without proof and nothing unlawful."""
        proved = all(claim.status in ("supported", "opinion") for claim in self.claims)
        return proved and not self.violations


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of a description. What a channel does not ask for is empty."""

    title: str
    bullets: tuple[str, ...]
    body: str
    selling_point: str = ""
    """One line beside the title (淘宝's 宝贝卖点)."""
    seo_title: str = ""
    seo_description: str = ""

    def parts(self) -> dict[str, str]:
        """Part name → text, as claims and violations name the parts; absent ones are left out."""
        bullets = {f"bullets.{index}": text for index, text in enumerate(self.bullets)}
        extra = {name: getattr(self, name) for name in EXTRA_PARTS}
        told = {name: text for name, text in extra.items() if text}
        return {"title": self.title, **bullets, "body": self.body, **told}


NOTHING = Copy("", (), "")
"""A description without a word."""

EXTRA_PARTS = ("selling_point", "seo_title", "seo_description")
"""The parts that only some channels ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A description for one product and one channel, with its verdict."""

    id: str
    product_id: str
    channel: str
    title: str
    bullets: tuple[str, ...]
    body: str
    verdict: Verdict
    tier: Literal["rule", "model"]
    state: DraftState = "draft"
    variant: int = 1
    """Which of several drafts for this product and channel."""
    selling_point: str = ""
    seo_title: str = ""
    seo_description: str = ""

    @property
    def publishable(self) -> bool:
        """Whether it may go out as it stands, without a person."""
        return self.verdict.publishable and self.state not in ("needs_review", "rejected")

    @property
    def copy(self) -> Copy:
        """The text alone."""
        return Copy(
            self.title,
            self.bullets,
            self.body,
            self.selling_point,
            self.seo_title,
            self.seo_description,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a draft stands where it stands."""

    kind: ReasonKind
    """`shop`: against the shop's own wording; `channel`: a form that the channel refuses;
    `fact`: an attribute that the text leaned on changed; `conflict`: two attributes disagree
    (`attribute` is `before`, `text` is `after`); `gone`: the product is; `unproved`:
    no fact is told; `lacking` and `overlong`: against the channel's limits; `repaired`: a part
    into which facts were put, for a person to read; `said`: a person's own words."""
    text: str = ""
    """The span, the part's name or what the person said."""
    why: str = ""
    attribute: str = ""
    before: str = ""
    after: str = ""
    """Empty where the attribute is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The smallest piece of the shop's knowledge that can be quoted."""

    id: str
    source: str
    """`knowledge/退换货.md#退货条件`, `faq.csv:12`, `products.csv:P001/材质`."""
    text: str
    kind: PassageKind
    heading: str = ""
    question: str = ""
    """The question that a FAQ or approved passage answers."""
    product_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqRow:
    """One row of a FAQ file."""

    line: int
    """1-based line in the file, header included."""
    question: str
    answer: str
    product_id: str | None = None
    also: tuple[str, ...] = ()
    """Other questions that have this answer."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A customer's message with its thread."""

    id: str
    question: str
    product_id: str | None = None
    customer_id: str | None = None
    """Verified by the channel; None means that nobody vouches for the customer."""
    history: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence of a reply stands: `quote` occurs verbatim in `source`."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply, checked; the sentences' texts joined are the reply's text."""

    text: str
    """With the space before it, if there is one."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one step cost."""

    purpose: str
    """`describe.write`, `answer.compose`, …"""
    tier: str
    """`rule`, `approved`, `quote`, `student`, `model` or `cache`."""
    model: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    ms: float = 0.0
    first_token_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Zhanggui would say, and whether it may."""

    id: str
    decision: Decision
    text: str
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0
    reason: str = ""
    tier: ReplyTier = "rule"
    ms: float = 0.0
    passages: tuple[str, ...] = ()
    """Ids of the passages that it stands on."""
    uncalibrated: float | None = None
    """The confidence before the shop's own calibration; None where that changed nothing."""
    cost: Receipt | None = field(default=None, compare=False)
    """Everything that it took, added up."""
    label: str = ""
    """To show beside it: what made it, and the way to a person."""
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was said of one reply. All its texts hold pseudonyms only."""

    id: str
    """Of the reply; of a past ticket's turn `T007/2`."""
    question: Question
    reply: Reply
    verdict: Judged
    source: JudgedBy
    matter: str = ""
    """What the question asks for, as `facets.yaml` names it."""
    instead: str = ""
    """What the staff said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedAnswer:
    """A staff answer that was accepted for everybody who asks the same."""

    id: str
    question: str
    answer: str
    product_id: str | None = None
    leans_on: tuple[str, ...] = ()
    """Ids of the passages of the reply that it was made from; one that goes makes it stale."""
    product: str = ""
    """Digest of what the product was like then."""
    valid_from: date | None = None
    valid_to: date | None = None
    actor: str = ""
    """The pseudonym of whoever accepted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order line. Personal fields hold pseudonyms; the vault holds the values."""

    order_id: str
    customer_id: str
    product_id: str
    quantity: int = 1
    paid: Decimal | None = None
    """Yuan."""
    status: str = ""
    placed_at: datetime | None = None
    shipped_at: datetime | None = None
    carrier: str = ""
    tracking_no: str = ""
    receiver: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A past conversation."""

    id: str
    messages: tuple[Message, ...]
    customer_id: str | None = None
    product_id: str | None = None
    created_at: datetime | None = None
    """When it came in, where the export says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review as the customer wrote it."""

    id: str
    content: str
    rating: float | None = None
    product_id: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a review says about one aspect."""

    aspect: str | None
    opinion: str | None
    category: str
    polarity: Polarity
    start: int
    end: int
    """The span that covers aspect and opinion in the review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One review, read."""

    id: str
    polarity: Polarity
    score: float
    """In [-1, 1]; its sign is the polarity where neutral is not allowed."""
    opinions: tuple[Opinion, ...] = ()
    suspicious: bool = False
    suspicious_reason: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a review that a finding stands on."""

    review_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """n of N reviews say something, with the interval and the quotes that prove it."""

    category: str
    polarity: Polarity
    n: int
    """Reviews that say so."""
    total: int
    """Reviews in the window that were counted (suspicious ones stand apart)."""
    low: float
    high: float
    """95 % Wilson interval of n / total."""
    since: date | None = None
    until: date | None = None
    product_id: str | None = None
    change: float | None = None
    """Share in the later part of the window minus share in the earlier part, where the
    difference is larger than chance; else None."""
    quotes: tuple[Quote, ...] = ()
    topics: tuple[tuple[str, int], ...] = ()
    """What these reviews say most, with the number of reviews: (杯盖漏水, 23)."""
    suspicious: int = 0
    """Suspicious reviews that say so too; not in `n` and `total`."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that could not be used."""

    file: str
    line: int
    """1-based line in the file, header included; 0 where the whole file is meant."""
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.reason}"
