"""Made-up shops with questions whose answers are known, in `cases/shops/*.yaml`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field
from sqlalchemy import Connection

from zhanggui.answers.pipeline import Answerer
from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.embedder import Embedder
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.index import update
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.llm.engine import Engine
from zhanggui.records import FaqRow, Message, Order, Passage, Product, Question, Reply
from zhanggui.store import orders, passages, products
from zhanggui.store.database import Store
from zhanggui.text.datafile import DataModel, load

LEARNED_ON = ("kitchen", "apparel", "gadgets", "gifts", "tools")
"""The shops that the weights of the evidence are fitted on; all others are unseen by them."""
TODAY = date(2026, 11, 24)
"""The day on which every made-up shop is asked."""
_FOLDER = "cases/shops"
_FIRST_LINE = 2

Source = Literal["rule", "approved", "quote"]
"""A tier that speaks from data of its own: orders, FAQ, attributes and policies."""


class _Row(DataModel):
    # A size or a price may be written as a bare number.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class ShopProduct(_Row):
    """A row of products.csv."""

    id: str
    title: str
    category: str = ""
    brand: str = ""
    price: Decimal | None = None
    stock: int | None = None
    attributes: dict[str, str] = Field(default_factory=dict)


class ShopOrder(_Row):
    """A row of orders.csv."""

    order_id: str
    customer_id: str
    product_id: str
    quantity: int = 1
    paid: Decimal | None = None
    status: str = ""
    placed_at: datetime | None = None
    shipped_at: datetime | None = None
    carrier: str = ""
    tracking_no: str = ""


class ShopQuestion(_Row):
    """What a customer asks."""

    q: str
    p: str | None = None
    """The product on whose page it is asked."""
    c: str | None = None
    """The verified customer."""
    h: tuple[tuple[Literal["customer", "shop"], str], ...] = ()
    """The thread before it."""
    gold: tuple[str, ...]
    """`source~words of the quote`, parts of either; empty: has to be handed over."""


class MadeUpShop(_Row):
    """One file of `cases/shops`."""

    products: tuple[ShopProduct, ...]
    knowledge: dict[str, str]
    """File name to Markdown."""
    faq: tuple[tuple[str, str] | tuple[str, str, str], ...]
    """Question, answer and, where it is about one product, its id."""
    orders: tuple[ShopOrder, ...]
    questions: tuple[ShopQuestion, ...]


class OpenVault:
    """A vault that keeps nothing secret."""

    def lookup_key(self, value: str) -> str:
        return f"key-{value}"

    def restore(self, conn: Connection, text: str, person: str | None) -> str:  # noqa: ARG002
        return text


@dataclass(frozen=True, slots=True)
class Case:
    """A question to a made-up shop."""

    shop: str
    question: Question
    gold: tuple[str, ...]
    """As in `ShopQuestion.gold`."""

    def right(self, reply: Reply) -> bool:
        """Whether the reply cites what answers."""
        return any(self.names(one.source, one.quote) for one in reply.citations)

    def names(self, source: str, text: str) -> bool:
        """Whether `text` of `source` is what answers."""
        parts = (gold.partition("~") for gold in self.gold)
        return any(place in source and words in text for place, _, words in parts)


@dataclass(frozen=True, slots=True)
class OpenShop:
    """A made-up shop in a store."""

    name: str
    store: Store
    embedder: Embedder
    cases: tuple[Case, ...]
    orders: tuple[Order, ...]

    def answerer(self, engine: Engine | None = None) -> Answerer:
        """The pipeline over this shop."""
        return Answerer(self.store, OpenVault(), self.embedder, engine, TODAY)


def shop_names() -> tuple[str, ...]:
    """Every shop there is a file of."""
    found = (entry.name for entry in files("zhanggui.evals").joinpath(_FOLDER).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def made_up_shop(name: str) -> MadeUpShop:
    """The file of one shop; raises `pydantic.ValidationError` where it has another shape."""
    return load(MadeUpShop, "zhanggui.evals", f"{_FOLDER}/{name}.yaml")


def cases_of(name: str) -> tuple[Case, ...]:
    """The questions of one shop."""
    rows = made_up_shop(name).questions
    return tuple(_case(name, number, row) for number, row in enumerate(rows))


@contextmanager
def open_shop(
    name: str, embedder: Embedder, *, without: Source | None = None
) -> Iterator[OpenShop]:
    """The shop in a SQLite store of its own, which is gone afterwards; `without` leaves out the
    data that one tier speaks from."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{(Path(folder) / 'shop.sqlite').as_posix()}") as store,
    ):
        yield load_shop(store, embedder, name, without=without)


def load_shop(
    store: Store, embedder: Embedder, name: str, *, without: Source | None = None
) -> OpenShop:
    """Puts the shop into `store`, in place of what is there."""
    shop = made_up_shop(name)
    goods = [_product(row) for row in shop.products]
    sold = [_order(row) for row in shop.orders] if without != "rule" else []
    with store.begin() as conn:
        products.replace_all(conn, goods)
        orders.replace_all(conn, sold)
        for file in passages.sources(conn):
            passages.replace_source(conn, file, [])
        if without != "quote":
            of_goods = [passage for one in goods for passage in passages_of_product(one)]
            passages.replace_source(conn, "products.csv", of_goods)
            for file, text in shop.knowledge.items():
                passages.replace_source(conn, file, passages_of_markdown(file, text))
        if without != "approved":
            passages.replace_source(conn, "faq.csv", _faq(shop))
    update(store, embedder)
    return OpenShop(name, store, embedder, cases_of(name), tuple(sold))


def _faq(shop: MadeUpShop) -> list[Passage]:
    rows = [
        FaqRow(line=line, question=row[0], answer=row[1], product_id=(*row, None)[2])
        for line, row in enumerate(shop.faq, start=_FIRST_LINE)
    ]
    return passages_of_faq(rows)


def _product(row: ShopProduct) -> Product:
    return Product(**row.model_dump())


def _order(row: ShopOrder) -> Order:
    keys = {
        name: OpenVault().lookup_key(getattr(row, name)) for name in ("order_id", "customer_id")
    }
    return Order(**{**row.model_dump(), **keys})


def _case(shop: str, number: int, row: ShopQuestion) -> Case:
    question = Question(
        id=f"{shop}-{number}",
        question=row.q,
        product_id=row.p,
        customer_id=row.c,
        history=tuple(Message(role, text) for role, text in row.h),
    )
    return Case(shop, question, row.gold)
