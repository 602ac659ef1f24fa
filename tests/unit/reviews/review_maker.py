"""Reviews with readings, made for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhanggui.records import Opinion, Polarity, Reading, Review

START = datetime(2026, 3, 1, 12, 0)


def told(
    number: int,
    content: str = "",
    *,
    category: str = "",
    polarity: Polarity = "negative",
    day: int | None = None,
    product: str = "P1",
    suspicious: bool = False,
) -> tuple[Review, Reading]:
    """One review; with a category its whole content is an opinion of that category."""
    opinions = ()
    if category:
        opinions = (
            Opinion(
                aspect=None,
                opinion=content,
                category=category,
                polarity=polarity,
                start=0,
                end=len(content),
            ),
        )
    moment = None if day is None else START + timedelta(days=day)
    review = Review(id=str(number), content=content, product_id=product, created_at=moment)
    reading = Reading(
        id=str(number),
        polarity=polarity,
        score=0.0,
        opinions=opinions,
        suspicious=suspicious,
    )
    return review, reading


def apart(pairs: list[tuple[Review, Reading]]) -> tuple[list[Review], list[Reading]]:
    """Two parallel lists."""
    return [review for review, _ in pairs], [reading for _, reading in pairs]
