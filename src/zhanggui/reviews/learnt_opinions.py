"""Opinions read by students that learnt from a shop's labels.

A tagger finds aspects and opinions, one linear head pairs them, one names the category and
one the polarity of a pair. The labels' own categories are taken as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from zhanggui.records import Opinion, Polarity
from zhanggui.reviews.rows import OpinionLabel, OpinionsLabel
from zhanggui.reviews.word_marks import meaning_letters, word_marks
from zhanggui.students.hashing import FIELD_MARK, HashSpec
from zhanggui.students.linear_text import LinearText
from zhanggui.students.tagger import Span, Tagger

_ASPECT, _OPINION = "A", "O"
_YES, _NO = "yes", "no"
_PAIR_REACH = 30
_CONTEXT = 3
_SPEC = HashSpec(ngrams=3, bits=18)
Place = tuple[int, int]
_Pair = tuple[Place, Place]
_Said = tuple[Place | None, Place | None]


@dataclass(frozen=True, slots=True)
class Head:
    """A linear classifier, or one fixed answer where the labels knew only one."""

    student: LinearText | None
    only: str = ""

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> Head:
        """Learns `labels`; with a single label there is nothing to learn."""
        if len(set(labels)) < 2:
            return cls(None, labels[0] if labels else "")
        return cls(LinearText.train(texts, labels, spec=_SPEC, strength=1.0))

    def predict(self, texts: Sequence[str]) -> list[str]:
        """One label for each text."""
        return [self.only] * len(texts) if self.student is None else self.student.predict(texts)[0]

    def save(self, folder: Path) -> None:
        """Writes the head into `folder`."""
        if self.student is not None:
            self.student.save(folder)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "only.txt").write_text(self.only, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Head:
        """Reads what `save` wrote."""
        only = folder / "only.txt"
        if only.exists():
            return cls(None, only.read_text(encoding="utf-8"))
        return cls(LinearText.load(folder))


@dataclass(frozen=True, slots=True)
class LearntOpinions:
    """The four students that together read opinions."""

    tagger: Tagger
    pairing: Head
    category: Head
    polarity: Head

    @classmethod
    def train(cls, labels: Sequence[OpinionsLabel]) -> LearntOpinions:
        """Learns from labelled reviews. Raises ValueError when there is no span at all."""
        texts = [label.content for label in labels]
        tagger = Tagger.train(texts, [_marked(label) for label in labels], word_marks(texts))
        pair_texts: list[str] = []
        answers: list[str] = []
        said: list[OpinionLabel] = []
        contexts: list[str] = []
        for label in labels:
            gold = {(one.aspect, one.opinion) for one in label.opinions}
            aspects = sorted({one.aspect for one in label.opinions if one.aspect})
            opinions = sorted({one.opinion for one in label.opinions if one.opinion})
            for pair in _candidates(aspects, opinions):
                pair_texts.append(_pair_text(label.content, pair, aspects, opinions))
                answers.append(_YES if pair in gold else _NO)
            said.extend(label.opinions)
            contexts += [
                _said_text(label.content, one.aspect, one.opinion) for one in label.opinions
            ]
        return cls(
            tagger,
            Head.train(pair_texts, answers),
            Head.train(contexts, [one.category for one in said]),
            Head.train(contexts, [one.polarity for one in said]),
        )

    def read(self, texts: Sequence[str]) -> list[tuple[Opinion, ...]]:
        """The opinions of each text."""
        pairs = self._pairs(texts, self.tagger.predict(texts, word_marks(texts)))
        contexts = [_said_text(texts[index], *pair) for index, pair in pairs]
        categories = self.category.predict(contexts)
        polarities = self.polarity.predict(contexts)
        result: list[list[Opinion]] = [[] for _ in texts]
        for (index, pair), category, polarity in zip(pairs, categories, polarities, strict=True):
            result[index].append(_opinion(texts[index], pair, category, cast(Polarity, polarity)))
        return [_distinct(one) for one in result]

    def _pairs(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[int, _Said]]:
        candidates: list[tuple[int, _Pair]] = []
        pair_texts: list[str] = []
        for index, (text, found) in enumerate(zip(texts, spans, strict=True)):
            aspects = [(one.start, one.end) for one in found if one.label == _ASPECT]
            opinions = [(one.start, one.end) for one in found if one.label == _OPINION]
            for pair in _candidates(aspects, opinions):
                candidates.append((index, pair))
                pair_texts.append(_pair_text(text, pair, aspects, opinions))
        answers = self.pairing.predict(pair_texts)
        chosen: list[tuple[int, _Said]] = [
            one for one, answer in zip(candidates, answers, strict=True) if answer == _YES
        ]
        used = {(index, place) for index, pair in chosen for place in pair}
        for index, found in enumerate(spans):
            for one in found:
                place = (one.start, one.end)
                if (index, place) not in used:
                    alone: _Said = (place, None) if one.label == _ASPECT else (None, place)
                    chosen.append((index, alone))
        return chosen

    def save(self, folder: Path) -> None:
        """Writes the students into `folder`."""
        self.tagger.save(folder / "tagger")
        for name in ("pairing", "category", "polarity"):
            getattr(self, name).save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> LearntOpinions:
        """Reads what `save` wrote."""
        return cls(
            Tagger.load(folder / "tagger"),
            Head.load(folder / "pairing"),
            Head.load(folder / "category"),
            Head.load(folder / "polarity"),
        )


def _distinct(opinions: Sequence[Opinion]) -> tuple[Opinion, ...]:
    """In order, without what the review says again in the same words."""
    kept: dict[tuple[str | None, ...], Opinion] = {}
    for one in sorted(opinions, key=lambda opinion: opinion.start):
        kept.setdefault((one.aspect, one.opinion, one.category, one.polarity), one)
    return tuple(kept.values())


def _marked(label: OpinionsLabel) -> list[Span]:
    spans = {Span(*one.aspect, _ASPECT) for one in label.opinions if one.aspect}
    spans |= {Span(*one.opinion, _OPINION) for one in label.opinions if one.opinion}
    return sorted(spans)


def _candidates(aspects: Sequence[Place], opinions: Sequence[Place]) -> list[_Pair]:
    return [
        (aspect, opinion)
        for aspect in aspects
        for opinion in opinions
        if max(opinion[0] - aspect[1], aspect[0] - opinion[1]) <= _PAIR_REACH
    ]


def _pair_text(
    text: str,
    pair: _Pair,
    aspects: Sequence[Place],
    opinions: Sequence[Place],
) -> str:
    """What the pairing head sees, as fields: both spans, what lies between, and their order."""
    aspect, opinion = pair
    low, high = sorted((aspect, opinion))
    between = text[low[1] : high[0]]
    aspects_between = sum(low[1] <= one[0] < high[0] for one in aspects)
    opinions_between = sum(low[1] <= one[0] < high[0] for one in opinions)
    shape = f"{'<>'[aspect < opinion]}{min(aspects_between, 3)}{min(opinions_between, 3)}"
    distance = f"{'<>'[aspect < opinion]}{min(len(between), 12)}"
    marks = "".join(char for char in between if not char.isalnum())[:4]
    fields = (text[slice(*aspect)], text[slice(*opinion)], between, shape, distance, marks)
    return FIELD_MARK.join(fields)


def _said_text(text: str, aspect: Place | None, opinion: Place | None) -> str:
    """What the category and polarity heads see, as fields.

    Both spans, what stands before them, what the lexicon knows of them, and both as a whole.
    """
    low = min(place[0] for place in (aspect, opinion) if place is not None)
    named = text[slice(*aspect)] if aspect else "_"
    said = text[slice(*opinion)] if opinion else "_"
    fields = (
        named,
        said,
        text[max(0, low - _CONTEXT) : low],
        meaning_letters(said),
        meaning_letters(named),
        f"^{named}|{said}$",
    )
    return FIELD_MARK.join(fields)


def _opinion(text: str, pair: _Said, category: str, polarity: Polarity) -> Opinion:
    aspect, opinion = pair
    places = [place for place in pair if place is not None]
    return Opinion(
        aspect=None if aspect is None else text[slice(*aspect)],
        opinion=None if opinion is None else text[slice(*opinion)],
        category=category,
        polarity=polarity,
        start=min(place[0] for place in places),
        end=max(place[1] for place in places),
    )
