"""Token strings for the two full-text indexes and their search, safe for whatever a token contains.

SQLite: an FTS5 table over `passages.tokens`, kept by triggers (both stand in the migrations).
Its tokenizer takes everything but separators as part of a token, so `3.5l` and `16:9` stay
whole. Postgres: tsvector and tsquery are written as literals, so no parser sees the tokens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

# Postgres keeps at most 256 positions of a word, none above 16383, and words below 2 KiB.
_MAX_POSITION = 16_383
_MAX_WORD_BYTES = 2_000


def clean(tokens: Iterable[str]) -> list[str]:
    """Tokens both indexes can hold: no white space, no NUL, not overlong."""
    cleaned: list[str] = []
    for token in tokens:
        for word in token.replace("\0", " ").split():
            raw = word.encode("utf-8", "ignore")[:_MAX_WORD_BYTES]
            if kept := raw.decode("utf-8", "ignore"):
                cleaned.append(kept)
    return cleaned


def sqlite_document(tokens: Sequence[str]) -> str:
    """The text that FTS5 indexes for clean `tokens`."""
    return " ".join(tokens)


def sqlite_query(tokens: Sequence[str]) -> str:
    """An FTS5 query for any of the clean `tokens`."""
    return " OR ".join('"' + token.replace('"', '""') + '"' for token in _distinct(tokens))


def postgres_document(tokens: Sequence[str]) -> str:
    """The tsvector literal of clean `tokens`."""
    positions: defaultdict[str, list[str]] = defaultdict(list)
    for position, token in enumerate(tokens, start=1):
        positions[token].append(str(min(position, _MAX_POSITION)))
    return " ".join(f"{quote(token)}:{','.join(where)}" for token, where in positions.items())


def postgres_query(tokens: Sequence[str]) -> str:
    """A tsquery literal for any of the clean `tokens`."""
    return " | ".join(quote(token) for token in _distinct(tokens))


def quote(token: str) -> str:
    """One word of a tsvector or tsquery literal."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _distinct(tokens: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tokens))


_SQLITE_SEARCH = text("""
SELECT p.id, -bm25(passages_fts) AS score
FROM passages_fts JOIN passages AS p ON p."row" = passages_fts.rowid
WHERE passages_fts MATCH :query
  AND (:product_id IS NULL OR p.product_id IS NULL OR p.product_id = :product_id)
ORDER BY score DESC, p."row" LIMIT :limit
""")

# FTS5's own bm25() with its constants, so that both databases rank alike.
_POSTGRES_SEARCH = text("""
WITH corpus AS (
    SELECT count(*)::float8 AS rows, greatest(avg(token_count), 1)::float8 AS length FROM passages
), hits AS (
    SELECT p."row", p.id, p.product_id, p.token_count, word.lexeme,
           cardinality(word.positions)::float8 AS times
    FROM passages AS p, unnest(p.tokens) AS word
    WHERE p.tokens @@ CAST(:query AS tsquery) AND word.lexeme = ANY(:words)
), weights AS (
    SELECT lexeme, greatest(ln((rows - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) AS weight
    FROM hits, corpus GROUP BY lexeme, rows
)
SELECT id, sum(weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * token_count / length))) AS score
FROM hits JOIN weights USING (lexeme), corpus
WHERE CAST(:product_id AS text) IS NULL OR product_id IS NULL OR product_id = :product_id
GROUP BY "row", id ORDER BY score DESC, "row" LIMIT :limit
""")


def search(
    conn: Connection, tokens: Sequence[str], *, product_id: str | None, limit: int
) -> list[tuple[str, float]]:
    """(passage id, BM25), best first, for passages with any of `tokens`.

    Shop-wide passages and those of `product_id`; without one, all passages.
    """
    words = _distinct(clean(tokens))
    if not words:
        return []
    given: dict[str, object] = {"product_id": product_id, "limit": limit}
    if conn.dialect.name == "postgresql":
        given |= {"query": postgres_query(words), "words": words}
        found = conn.execute(_POSTGRES_SEARCH, given)
    else:
        given["query"] = sqlite_query(words)
        found = conn.execute(_SQLITE_SEARCH, given)
    return [(key, float(score)) for key, score in found]
