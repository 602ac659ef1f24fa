"""Passages of a product: one attribute, one passage."""

from __future__ import annotations

from decimal import Decimal

from zhanggui.knowledge.identity import identified
from zhanggui.records import Passage, Product

SEPARATOR = "："
"""Between the name and the value in the text of an attribute passage."""


def passages_of_product(product: Product, file: str = "products.csv") -> list[Passage]:
    """Price, stock, brand and every attribute as `name：value`, cited as `file:id/name`."""
    values = {"价格": _yuan(product.price), "品牌": product.brand, "库存": _pieces(product.stock)}
    # What the shop wrote itself wins over the column of the same name.
    values.update(product.attributes)
    return identified(
        [
            Passage(
                id="",
                source=f"{file}:{product.id}/{name.strip()}",
                text=f"{name.strip()}{SEPARATOR}{value.strip()}",
                kind="attribute",
                heading=product.title,
                product_id=product.id,
            )
            for name, value in values.items()
            if name.strip() and value.strip()
        ]
    )


def name_and_value(passage: Passage) -> tuple[str, str]:
    """The two halves of an attribute passage's text."""
    name, _, value = passage.text.partition(SEPARATOR)
    return name, value


def _yuan(price: Decimal | None) -> str:
    return "" if price is None else f"{price.normalize():f}元"


def _pieces(stock: int | None) -> str:
    return "" if stock is None else f"{stock}件"
