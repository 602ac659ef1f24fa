"""Whether a passage answers what is asked, as a few numbers that can be read."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhanggui.answers.coverage import coverage, runs_of
from zhanggui.answers.lexicon import facets, narrowing, words
from zhanggui.answers.screening import readable
from zhanggui.answers.understanding import Understanding, asked_facets
from zhanggui.answers.weighing import evidence_weights
from zhanggui.knowledge.attributes import name_and_value
from zhanggui.knowledge.markdown import plain
from zhanggui.knowledge.parts import CELLS, PATH
from zhanggui.knowledge.search import TEXT_WEIGHT, VECTOR_WEIGHT, Hit
from zhanggui.records import Passage, PassageKind, Product
from zhanggui.text.segment import index_tokens

_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_END = re.compile(r"[\u3400-\u9fff]$")
_IN_TEXT = 1.0
_IN_VALUE = 0.9
_IN_ANSWER = 0.6
_IN_HEADING = 0.6
_BEATEN = 0.4
_IN_LIST = 0.3
_LABEL = 0.8
_LACKING = 0.4
SAME_QUESTION = 0.8
"""Cosine above which a FAQ row asks what the customer asks, whatever the word lists say."""


@dataclass(frozen=True, slots=True)
class Features:
    """Why a passage may or may not answer."""

    asked: bool
    """The question names a matter that we know."""
    matter: float
    """How clearly the passage is about a matter asked for, 0–1."""
    covered: float
    """Share of the question's content words that the passage names; 1 when it has none."""
    anchors: int
    holds: bool
    """The passage holds the kind of answer asked for (a time, a sum, …)."""
    extra: float
    """Share of a FAQ row's own content words that the customer did not say, 0–1."""
    cosine: float
    behind: float
    """How far text and vector together are behind the best candidate's."""
    characters: float
    """Share of the question's telling characters that the passage has, the rare ones heavier."""
    label: float
    """Share of the attribute's name that the question says."""
    kind: PassageKind
    narrow: bool
    """The passage is about remote places and the question names none: 运费多少 is not to be
    answered with what 新疆 pays."""
    own: bool
    """The passage is the product's own and a property of the product is asked."""
    elsewhere: bool
    """A property of a product is asked and the passage is a shop-wide line that does not name
    that kind of product: care of chopping boards says nothing about a cup."""

    def signals(self) -> dict[str, float]:
        """The numbers that the fitted weights are for (`data/evidence.yaml`)."""
        stranger = self.asked and self.matter == 0.0 and self.cosine < SAME_QUESTION
        return {
            "matter": self.matter if self.asked else 0.0,
            "stranger": float(stranger),
            "open": float(not self.asked),
            "covered": self.covered if self.anchors else 0.0,
            "bare": float(not self.anchors),
            "attribute": float(self.kind == "attribute"),
            "curated": float(self.kind in ("faq", "approved")),
            "attribute_cosine": self.cosine if self.kind == "attribute" else 0.0,
            "policy_cosine": self.cosine if self.kind == "policy" else 0.0,
            "curated_cosine": self.cosine if self.kind in ("faq", "approved") else 0.0,
            "behind": self.behind,
            "characters": self.characters,
            "label": self.label,
            "extra": self.extra,
            "lacks": float(not self.holds),
            "narrow": float(self.narrow),
            "own": float(self.own),
            "elsewhere": float(self.elsewhere),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with its weight."""

    passage: Passage
    features: Features
    confidence: float


def weigh(
    asked: Understanding, hits: Sequence[Hit], product: Product | None = None
) -> list[Evidence]:
    """The hits by confidence that they answer for `product`, best first."""
    rarity = _Rarity([passage_words(hit.passage) for hit in hits])
    best = max(map(_nearness, hits), default=0.0)
    found = [_weigh(asked, hit, product, rarity, best) for hit in hits]
    return sorted(found, key=lambda evidence: (-evidence.confidence, evidence.passage.source))


def _nearness(hit: Hit) -> float:
    """What says how sure one may be, which a score made for ranking, sharpened at the top, does
    not: with that, leaving one shop out, fewer replies were sent and more of them were wrong."""
    return TEXT_WEIGHT * hit.text + VECTOR_WEIGHT * max(hit.cosine, 0.0)


def _weigh(
    asked: Understanding,
    hit: Hit,
    product: Product | None,
    rarity: _Rarity,
    best: float,
) -> Evidence:
    passage = hit.passage
    features = Features(
        asked=bool(asked.facets),
        matter=_matter(asked, passage),
        covered=coverage(asked.anchors, passage_words(passage)),
        anchors=len(asked.anchors),
        holds=_holds(asked, passage),
        extra=_extra(asked, passage),
        cosine=hit.cosine,
        behind=best - _nearness(hit),
        characters=_characters(asked, passage, rarity),
        label=_label_share(asked, passage),
        kind=passage.kind,
        narrow=_narrow(asked, passage),
        own=passage.product_id is not None and not _shop_matter(asked),
        elsewhere=_elsewhere(asked, passage, product),
    )
    confidence = evidence_weights().words.probability(features.signals())
    # The fit has seen too few answers of the wrong kind to know how little they are worth.
    return Evidence(passage, features, confidence if features.holds else confidence * _LACKING)


class _Rarity:
    """How much it says that a passage has a character: less the more of them have it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._counts = Counter(char for text in texts for char in set(_HAN.findall(text)))
        self._total = len(texts)

    def of(self, char: str) -> float:
        return math.log((1 + self._total) / (1 + self._counts[char]))


def _characters(asked: Understanding, passage: Passage, rarity: _Rarity) -> float:
    """Share of the question's telling characters that the passage has; words are split wrongly
    and abbreviated too often (显指 for 显色指数) to look for whole ones only."""
    weighed = {char: rarity.of(char) for char in _telling(asked.text)}
    total = sum(weighed.values())
    said = passage_words(passage)
    return sum(value for char, value in weighed.items() if char in said) / total if total else 0.0


@lru_cache(maxsize=4096)
def _telling(text: str) -> frozenset[str]:
    bare = words().stop_pattern.sub(" ", text)
    return frozenset(_HAN.findall(bare)) - words().small


def _label_share(asked: Understanding, passage: Passage) -> float:
    """Share of an attribute's name that the question says, character by character."""
    if passage.kind != "attribute":
        return 0.0
    label = _HAN.findall(readable(name_and_value(passage)[0]))
    telling = _telling(asked.text)
    return sum(char in telling for char in label) / len(label) if label else 0.0


def passage_words(passage: Passage) -> str:
    """Everything of a passage that a question could name, in readable form."""
    title = "" if passage.kind == "attribute" else passage.heading
    return _words(title, passage.question, passage.text)


@lru_cache(maxsize=8192)
def _words(*parts: str) -> str:
    return readable(plain("\n".join(parts)))


def _matter(asked: Understanding, passage: Passage) -> float:
    """The mean over the matters asked for; at least `_LABEL` where an attribute's name is said."""
    found = [about(passage, name) for name in asked.facets]
    mean = sum(found) / len(found) if found else 0.0
    # Naming an attribute does not make up for a known matter that it is not about (面料多少克重).
    loose = all(facets()[name].parts for name in asked.facets)
    label = name_and_value(passage)[0] if passage.kind == "attribute" else ""
    if loose and label and _label_said(asked, label):
        return max(mean, _LABEL)
    return mean


def _label_said(asked: Understanding, label: str) -> bool:
    """The question says what the label ends in: 盖子 for 锅盖, but not 奶嘴 for 奶嘴流速."""
    label = readable(label)
    return label in asked.text or any(
        label.endswith(anchor) or (anchor[1:] == "子" and label.endswith(anchor[0]))
        for anchor in asked.anchors
    )


def about(passage: Passage, name: str) -> float:
    """How clearly a passage is about one matter, 0–1."""
    return _about_parts(passage.kind, passage.heading, passage.question, passage.text, name)


@lru_cache(maxsize=65536)
def _about_parts(kind: str, heading: str, question: str, text: str, name: str) -> float:
    entry = facets()[name]
    if kind == "attribute" and name in narrowing().weak:
        return 0.0
    parts: list[tuple[str, float]]
    if kind == "attribute":
        label, value = name_and_value(
            Passage(id="", source="", text=readable(text), kind="attribute")
        )
        parts = [(label, _IN_TEXT), (value, _IN_VALUE)]
    elif question:
        form = readable(question)
        own = asked_facets(form)
        if name in own:
            return _IN_TEXT
        if own:
            return _IN_ANSWER if entry.about_pattern.search(readable(plain(text))) else 0.0
        parts = [(form, _IN_TEXT), (readable(plain(text)), _IN_ANSWER)]
    else:
        path = heading.split(PATH)
        header = path[-1] if CELLS in path[-1] else ""
        body = readable(plain(f"{header} {text}"))
        parts = [(body, _IN_TEXT), (readable(" ".join(path[-2:])), _IN_HEADING)]
        if _other_matter(name, readable(path[-1])):
            # An item of a list says only what the list is about.
            parts[0] = (body, _IN_LIST if path[-1].endswith(("：", ":")) else _IN_HEADING)
    for words_of_part, strength in parts:
        if entry.about_pattern.search(words_of_part):
            return min(strength, _BEATEN) if _is_beaten(name, words_of_part) else strength
    return 0.0


def _other_matter(name: str, title: str) -> bool:
    """The heading is about something else: 保修期限 over a line that also says 保温."""
    named_there = {entry.id for entry in facets().values() if entry.about_pattern.search(title)}
    near = {name, *facets()[name].beats}
    near |= {entry.id for entry in facets().values() if name in entry.beats}
    return bool(named_there) and not named_there & near


def _is_beaten(name: str, text: str) -> bool:
    """A narrower matter of the text takes all of the wider one's words: 退货运费 is not 运费."""
    taken = [
        match.span()
        for entry in facets().values()
        if name in entry.beats
        for match in entry.about_pattern.finditer(text)
    ]
    return all(
        any(start <= match.start() and match.end() <= end for start, end in taken)
        for match in facets()[name].about_pattern.finditer(text)
    )


def _narrow(asked: Understanding, passage: Passage) -> bool:
    remote = words().remote_places
    text = _words(passage.heading, passage.text)
    return any(place in text for place in remote) and not any(
        place in asked.text for place in words().wider
    )


def _elsewhere(asked: Understanding, passage: Passage, product: Product | None) -> bool:
    if passage.product_id is not None or product is None or not asked.facets:
        return False
    if _shop_matter(asked):
        return False
    said = _words(passage.heading, passage.question, passage.text)
    return not any(noun in said for noun in _nouns(product))


def _shop_matter(asked: Understanding) -> bool:
    return any(facets()[name].shop for name in asked.facets)


def _nouns(product: Product) -> set[str]:
    """What a line about this kind of product would say: 保温杯 is named by 杯."""
    nouns: set[str] = set()
    for token in index_tokens(readable(f"{product.category} {product.title}")):
        if _HAN_END.search(token):
            nouns.add(token[-1] if len(token) > 1 else token)
        elif len(token) > 3 and token.isalpha():
            nouns.add(token)
    return nouns


def _holds(asked: Understanding, passage: Passage) -> bool:
    text = _words(passage.heading.split(PATH)[-1], passage.text)
    return all(words().answer_kinds[kind].hold_pattern.search(text) for kind in asked.kinds)


def _extra(asked: Understanding, passage: Passage) -> float:
    if not passage.question:
        return 0.0
    return 1.0 - coverage(runs_of(readable(passage.question)), asked.text)
