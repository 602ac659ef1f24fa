"""Words of Chinese and English text, for the full-text index and for matching.

SQLite's own tokenizers miss two-character Chinese words, so text is segmented here and the
tokens are what both databases index. Documents use overlapping words (`index_tokens`),
queries the plain cut (`query_tokens`).
"""

from __future__ import annotations

import re

import rjieba

from zhanggui.text.normalise import normalise

_WORD = re.compile(r"\w")


def _keep(tokens: list[str]) -> list[str]:
    return [token.strip() for token in tokens if _WORD.search(token)]


def index_tokens(text: str) -> list[str]:
    """Tokens under which a document is found: long words and the words inside them."""
    return _keep(rjieba.cut_for_search(normalise(text).text))


def dictionary_tokens(text: str) -> list[str]:
    """Words of the dictionary only; what it does not know falls apart into characters.

    The plain cut guesses new words, and in short questions guesses wrong (锅能, 能放).
    """
    return _keep(rjieba.cut(normalise(text).text, False))


def query_tokens(text: str) -> list[str]:
    """Tokens of a question."""
    return _keep(rjieba.cut(normalise(text).text))
