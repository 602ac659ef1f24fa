"""Made-up people and numbers for the placeholders of customer chat."""

from __future__ import annotations

import random
from collections.abc import Callable

from zhanggui.pii.checks import is_id_card
from zhanggui.text.datafile import DataModel, load


class _Lists(DataModel):
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    provinces: tuple[str, ...]
    cities: tuple[str, ...]
    districts: tuple[str, ...]
    towns: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]


class Values:
    """Draws values from a seed; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._lists = load(_Lists, "zhanggui.evals", "cases/pii_values.yaml")

    def fill(self, kind: str) -> str:
        """A value for a kind of placeholder, such as 姓名."""
        rng = self._rng
        made: dict[str, Callable[[], str]] = {
            "姓名": lambda: rng.choice(self._lists.surnames) + rng.choice(self._lists.given),
            "地址": self._address,
            "电话": lambda: f"199{rng.randrange(10**8):08}",
            "订单": self._order,
            "ORDERID": self._order,
            "身份证号": self._id_card,
            "邮箱": lambda: f"user{rng.randrange(10**4)}@example.com",
            "数字": lambda: str(rng.randint(1, 300)),
            "金额": lambda: f"{rng.randint(1, 900)}.{rng.randrange(100):02}",
            "日期": lambda: f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "时间": lambda: f"{rng.randrange(24):02}:{rng.randrange(60):02}",
            "站点": lambda: "城西营业部",
            "组织机构": lambda: "禾木贸易有限公司",
            "链接": lambda: "https://item.example.com/1.html",
        }
        return made[kind]()

    def _address(self) -> str:
        rng, lists = self._rng, self._lists
        area = rng.choice(lists.provinces) + rng.choice(lists.cities) + rng.choice(lists.districts)
        fine = rng.choice(lists.towns) + f"{rng.choice(lists.roads)}{rng.randint(1, 900)}号"
        estate = rng.choice(lists.estates)
        if estate:
            fine += f"{estate}{rng.randint(1, 30)}栋{rng.randint(1, 4)}单元{rng.randint(101, 2904)}"
        # Many people leave out what the shop can guess.
        return fine if rng.random() < 0.2 else area + fine

    def _order(self) -> str:
        return str(
            self._rng.randrange(10**11, 10**12)
            if self._rng.random() < 0.5
            else self._rng.randrange(10**17, 10**18)
        )

    def _id_card(self) -> str:
        rng = self._rng
        birth = f"{rng.randint(1950, 2005)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        head = f"330106{birth}{rng.randrange(1000):03}"
        return next(head + last for last in "0123456789X" if is_id_card((head + last).lower()))
