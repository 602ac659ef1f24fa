from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from zhanggui.reviews.lexicon import (
    CATEGORIES,
    LexiconFile,
    lexicon,
    read_lexicon_file,
    trie_pattern,
)

_WORDS = st.lists(st.text(alphabet="好不.[|a", min_size=1, max_size=4), min_size=1, max_size=8)


@given(_WORDS, st.text(alphabet="好不.[|a", max_size=12))
def test_the_pattern_finds_the_longest_word(words: list[str], text: str) -> None:
    match = re.compile(trie_pattern(words)).match(text)
    longest = max((word for word in words if text.startswith(word)), key=len, default=None)
    assert (match[0] if match else None) == longest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_files_cover_the_categories(language: str) -> None:
    source = read_lexicon_file("zh" if language == "zh" else "en")
    assert set(source.aspects) == set(CATEGORIES)
    for _, category, words in source.opinions():
        assert category in ("", *CATEGORIES)
        assert all(isinstance(word, str) and word for word in words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_is_praise_and_blame(language: str) -> None:
    source = read_lexicon_file("zh" if language == "zh" else "en")
    praise = {
        w for polarity, _, words in source.opinions() if polarity == "positive" for w in words
    }
    blame = {w for polarity, _, words in source.opinions() if polarity == "negative" for w in words}
    assert praise & blame == set()


def test_unknown_keys_are_errors() -> None:
    content = read_lexicon_file("en").model_dump() | {"typo": []}
    with pytest.raises(ValidationError, match="typo"):
        LexiconFile.model_validate(content)


def test_english_words_are_matched_whole() -> None:
    pattern = lexicon("en").pattern
    assert pattern.search("goodness") is None
    assert pattern.search("so good!") is not None
