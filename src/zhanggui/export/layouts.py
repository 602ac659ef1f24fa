"""A platform's whole product file, for products that came in another format."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from zhanggui.export.written import Written, cells_of, standing_html
from zhanggui.ingest.platforms import Format, platform_named, taobao_brand
from zhanggui.records import Product
from zhanggui.text.datafile import DataModel, load

_NO_HANDLE = re.compile(r"[^\w-]+")


class _Layout(DataModel):
    """One platform's file."""

    encoding: str
    delimiter: str = ","
    line_end: str = "\n"
    preface: str = ""
    columns: tuple[str, ...]
    second_header: tuple[str, ...] = ()
    cells: dict[str, str]
    attribute: Mapping[str, str] = Field(default_factory=dict)
    """The columns of the n-th attribute, and what each holds."""


class _Layouts(DataModel):
    shopify: _Layout
    woocommerce: _Layout
    taobao: _Layout


def platform_file(
    name: Format,
    products: Sequence[Product],
    copies: Mapping[str, Written],
    descriptions: Mapping[str, str],
    *,
    titles: bool,
) -> Iterator[bytes]:
    """The file of one platform, a row a product.

    `descriptions` are what the shop's own file says of each product. Attributes stand in the
    columns that the platform has for them, else in a table at the end of the description.
    """
    layout: _Layout = getattr(load(_Layouts, "zhanggui.export", "layouts.yaml"), name)
    most = max((len(product.attributes) for product in products), default=0)
    columns = [*layout.columns, *_attribute_columns(layout, most)]
    encoding = layout.encoding
    yield (layout.preface + _line(layout, columns)).encode(encoding)
    # The first piece brought the BOM.
    encoding = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    if layout.second_header:
        yield _line(layout, layout.second_header).encode(encoding)
    handles: set[str] = set()
    for product in products:
        known = _values(product) | {"handle": _handle(product.id, handles)}
        row = {column: form.format_map(known) for column, form in layout.cells.items()}
        row |= _attribute_cells(layout, product)
        before = descriptions.get(product.id, "")
        row |= _copy_cells(name, layout, product, copies.get(product.id), before, titles=titles)
        yield _line(layout, [row.get(column, "") for column in columns]).encode(encoding, "replace")


def _copy_cells(
    name: Format,
    layout: _Layout,
    product: Product,
    written: Written | None,
    before: str,
    *,
    titles: bool,
) -> dict[str, str]:
    platform = platform_named(name)
    told = {} if layout.attribute else product.attributes
    if written is None:
        return {platform.copy_columns["description"]: standing_html(before, told)}
    cells = cells_of(written, as_html=True, before=before, titles=titles, attributes=told)
    return {
        platform.copy_columns[role]: value
        for role, value in cells.items()
        if role in platform.copy_columns
    }


def _values(product: Product) -> dict[str, str]:
    """What the cells of a layout may name."""
    stock = product.stock
    return {
        "id": product.id,
        "title": product.title,
        "brand": product.brand,
        "brand_number": taobao_brand() if product.brand else "",
        "category": product.category,
        "listed_category": _listed(product.category),
        "listed_brand": _listed(product.brand),
        "price": "" if product.price is None else f"{product.price:f}",
        "stock": "" if stock is None else str(stock),
        "in_stock": "0" if stock is not None and stock <= 0 else "1",
    }


def _handle(product_id: str, taken: set[str]) -> str:
    """The id as a part of an address; two never get the same one."""
    plain = _NO_HANDLE.sub("-", product_id).strip("-") or "product"
    number = 1
    handle = plain
    while handle in taken:
        number += 1
        handle = f"{plain}-{number}"
    taken.add(handle)
    return handle


def _attribute_columns(layout: _Layout, most: int) -> list[str]:
    return [name.format(n=number) for number in range(1, most + 1) for name in layout.attribute]


def _attribute_cells(layout: _Layout, product: Product) -> dict[str, str]:
    return {
        column.format(n=number): form.format(name=name, value=_listed(value))
        for number, (name, value) in enumerate(product.attributes.items(), start=1)
        for column, form in layout.attribute.items()
    }


def _listed(text: str) -> str:
    """One value of a cell that holds several, with commas between."""
    return text.replace(",", "\\,")


def _line(layout: _Layout, cells: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=layout.delimiter, lineterminator=layout.line_end)
    writer.writerow([cell.replace("\0", "") for cell in cells])
    return text.getvalue()
