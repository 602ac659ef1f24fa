"""Personal data in a text, or its place: nothing a product could prove, and nothing to publish.

A model may have learnt somebody's number by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zhanggui.pii.finder import TOKEN, find
from zhanggui.pii.words import EntityType
from zhanggui.records import Claim, Fact

# Other numbers have the form of article numbers.
_REACHES_SOMEBODY: frozenset[EntityType] = frozenset(
    {"PHONE", "LANDLINE", "ID_CARD", "BANK_CARD", "EMAIL", "WECHAT", "QQ"}
)


def personal_claims(parts: Mapping[str, str], facts: Sequence[Fact]) -> tuple[Claim, ...]:
    """An unsupported claim for each personal datum that the product's own texts do not state, and
    for each pseudonym: where a datum was taken out, the text is not whole."""
    known = "\n".join(fact.value for fact in facts)
    return tuple(
        Claim(
            part=part,
            text=text[start:end],
            start=start,
            end=end,
            status="unsupported",
            why="是联系方式或证件号码，商品资料里没有",
        )
        for part, text in parts.items()
        for start, end in sorted((*_told(text, known), *_concealed(text)))
    )


def _told(text: str, known: str) -> Iterator[tuple[int, int]]:
    for entity in find(text, people=False):
        if entity.type in _REACHES_SOMEBODY and entity.text not in known:
            yield entity.start, entity.end


def _concealed(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in TOKEN.finditer(text))
