from __future__ import annotations

import pytest

from zhanggui.knowledge.naming import ProductNames
from zhanggui.records import Product

NAMES = ProductNames(
    [
        Product(id="P01", title="山汀保温杯 500ml", attributes={"型号": "ST-500"}),
        Product(id="P02", title="山汀保温杯 500ml Pro", attributes={"型号": "ST-500P"}),
        Product(id="P03", title="雨伞"),
        Product(id="1004", title="Shanting Lunch Box"),
        Product(id="P05", title="山汀水壶 大号", attributes={"型号": "ST-900"}),
        Product(id="P06", title="山汀水壶 小号", attributes={"型号": "ST-900"}),
    ]
)


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        (["山汀保温杯500ml 使用说明"], ("P01",)),
        (["山汀保温杯 500ml Pro 使用说明"], ("P02",)),
        (["ST-500 清洗"], ("P01",)),
        (["ＳＴ－５００Ｐ清洗"], ("P02",)),
        (["P012 说明"], ()),
        (["山汀保温杯1500ml"], ()),
        (["雨伞退货"], ()),
        (["1004 条"], ()),
        (["The Shanting lunch box manual"], ("1004",)),
        (["P01、P03 保养"], ("P01", "P03")),
        (["ST-900 保养"], ("P05", "P06")),
        (["P03 说明", "清洗", "ST-500"], ("P01",)),
        (["P03 说明", "清洗"], ("P03",)),
        (["退货", "运费"], ()),
        ([], ()),
    ],
)
def test_the_innermost_heading_that_names_products_counts(
    headings: list[str], named: tuple[str, ...]
) -> None:
    assert NAMES.innermost(headings) == named
