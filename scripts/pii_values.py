"""Names, addresses and harmless values for `train_pii_student.py`."""

from __future__ import annotations

import random
import re
from typing import Any

from faker import Faker

from zhanggui.pii.lexicon import PEOPLE, PLACES

_LOCALES = (
    "en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "es_ES", "pl_PL", "cs_CZ", "hu_HU", "da_DK",
    "sv_SE", "no_NO", "fi_FI", "nl_NL", "pt_BR", "tr_TR", "ro_RO", "hr_HR", "en_IN", "et_EE",
)  # fmt: skip
_ADDRESSED = ("en_US", "en_GB", "en_AU", "en_CA", "de_DE", "fr_FR", "it_IT", "pl_PL", "es_ES",
              "sv_SE", "da_DK", "nl_NL", "hu_HU", "fi_FI", "no_NO")  # fmt: skip


class Values:
    """Draws what slots of frames are filled with."""

    def __init__(self, lists: dict[str, Any], rng: random.Random) -> None:
        self._lists = lists
        self._rng = rng
        self._zh = Faker("zh_CN")
        self._people = [Faker(locale) for locale in _LOCALES]
        self._streets = [Faker(locale) for locale in _ADDRESSED]

    def fill(self, slot: str) -> list[tuple[str, str | None]]:
        """The pieces for a slot, each with its label or None."""
        one, rng = self._one, self._rng
        if slot == "C":
            return self._called()
        labelled = {"N": self._name, "A": self._address, "K": self._familiar}
        if slot in labelled:
            return [(labelled[slot](), "ADDRESS" if slot == "A" else "NAME")]
        if slot == "E":
            return [(self._latin_name(), "NAME")]
        if slot in ("F", "F3"):
            return [(self._latin_address(short=slot == "F3"), "ADDRESS")]
        plain = {
            "L": self._lone_place, "P": lambda: one("products"), "R": lambda: one("brands"),
            "S": lambda: one("brands") + one("shop_kinds") if rng.random() < 0.5
            else self._coined() + one("shop_kinds"),
            "O": lambda: self._firm(), "T": lambda: one("titles"),
            "V": lambda: one("famous") if rng.random() < 0.5 else self._name(),
            "U": lambda: one("colours"),
            "M": lambda: one("materials"),
            "W2": lambda: one("foods"),
            "W2E": lambda: one("payments"),
            "Z3": self._measure,
            "D": self._date, "Y": self._price, "Z": self._size, "X": self._model,
            "I": lambda: str(rng.randint(1, 200)), "G": self._latin_place,
            "H": lambda: one("latin_products"), "O2": self._latin_firm, "W": self._words,
            "D2": lambda: f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/{rng.randint(1990, 2026)}",
            "Y2": lambda: f"${rng.randint(1, 900)}.{rng.randint(10, 99)}",
            "Z2": lambda: str(rng.randint(10000, 99999)),
        }  # fmt: skip
        return [(plain[slot](), None)]

    def _one(self, name: str) -> str:
        return str(self._rng.choice(self._lists[name]))

    def _surname(self) -> str:
        draw = self._rng.random()
        if draw < 0.55:
            return self._rng.choice(PEOPLE.surnames_common[: 40 if draw < 0.25 else None])
        if draw < 0.8:
            return self._rng.choice(PEOPLE.surnames_rare)
        return self._rng.choice(PEOPLE.surnames_compound)

    def _given(self) -> str:
        draw = self._rng.random()
        if draw < 0.25:
            popular = PEOPLE.given_names if draw < 0.15 else PEOPLE.given_single
            return self._rng.choice(popular)
        size = 1 if self._rng.random() < 0.28 else 2
        chars = [
            self._rng.choice(
                PEOPLE.given if self._rng.random() < 0.88 else self._lists["rare_given"]
            )
            for _ in range(size)
        ]
        if size == 2 and self._rng.random() < 0.06:
            chars[1] = chars[0]
        return "".join(chars)

    def _name(self) -> str:
        draw = self._rng.random()
        if draw < 0.3:
            return str(self._zh.name())
        if draw < 0.33:
            head = "".join(self._rng.choices(self._lists["syllables"], k=self._rng.randint(2, 4)))
            tail = "".join(self._rng.choices(self._lists["syllables"], k=self._rng.randint(2, 4)))
            return f"{head}·{tail}" if draw < 0.32 else head + tail[:1]
        return self._surname() + self._given()

    def _called(self) -> list[tuple[str, str | None]]:
        titles = [
            one for one in PEOPLE.titles if not one.isascii() and one not in ("亲", "家", "府")
        ]
        frequent = ("先生", "女士", "小姐", "老师", "师傅", "经理", "总", "姐", "哥", "阿姨", "叔")
        title = self._rng.choice(frequent if self._rng.random() < 0.6 else titles)
        short = self._rng.random() < 0.7
        return [(self._surname() if short else self._name(), "NAME"), (title, None)]

    def _familiar(self) -> str:
        lead = self._rng.choice("小老阿大")
        if self._rng.random() < 0.75:
            return lead + self._rng.choice(PEOPLE.surnames_common)
        return ("小" if lead == "大" else lead) + self._rng.choice(PEOPLE.given)

    def _coined(self) -> str:
        return "".join(self._rng.choices(PEOPLE.given, k=self._rng.randint(2, 4)))

    def brand(self) -> str:
        """A brand made like a person's name: surname and one or two characters."""
        lead = self._rng.choice(("", "", "", "小", "大", "老"))
        return self._surname() + lead + self._coined()[: 1 if lead else self._rng.choice((1, 1, 2))]

    def _firm(self) -> str:
        place = self._rng.choice(PLACES.cities) if self._rng.random() < 0.6 else ""
        if place and self._rng.random() < 0.3:
            place += "市"
        return place + self._coined() + self._one("firm_kinds")

    def _lone_place(self) -> str:
        draw = self._rng.random()
        if draw < 0.3:
            return self._rng.choice(PLACES.provinces[:34])
        if draw < 0.4:
            return self._rng.choice(PLACES.provinces[4:23]) + "省"
        if draw < 0.85:
            return self._rng.choice(PLACES.cities + PLACES.towns) + (
                "市" if self._rng.random() < 0.25 else ""
            )
        if draw < 0.93:
            return self._rng.choice(PLACES.districts) + "区"
        return self._rng.choice(
            (
                "全国",
                "本地",
                "同城",
                "江浙沪",
                "东北",
                "华南",
                "海外",
                "偏远地区",
                "内地",
                "老家",
                "乡下",
            )
        )

    def _address(self) -> str:
        if self._rng.random() < 0.22:
            made = str(self._zh.address())
            return made if self._rng.random() < 0.7 else made.rsplit(" ", 1)[0]
        return "".join(self._levels())

    def _levels(self) -> list[str]:
        rng = self._rng
        gap = " " if rng.random() < 0.12 else ""
        area = self._area(gap)
        fine = [part for part in (self._town(), self._road(), self._estate(), self._unit()) if part]
        if not fine:
            fine = [rng.choice((self._roads(), self._estates()))]
        if rng.random() < 0.25 and area:
            fine = fine[: rng.randint(0, 1)]
            if not fine and len(area) < 2:
                fine = [self._village()]
        spot = [rng.choice(self._lists["spots"])] if fine and rng.random() < 0.12 else []
        parts = area + fine + spot
        return [gap.join(parts)] if gap else parts

    def _area(self, gap: str) -> list[str]:
        rng = self._rng
        parts: list[str] = []
        if rng.random() < 0.45:
            province = rng.choice(PLACES.provinces[:40])
            parts.append(
                province
                + (
                    "省"
                    if province in PLACES.provinces[4:23] and rng.random() < 0.7
                    else "市"
                    if province in PLACES.provinces[:4] and rng.random() < 0.5
                    else ""
                )
            )
        if rng.random() < 0.6:
            parts.append(
                rng.choice(PLACES.cities + PLACES.towns)
                + ("市" if rng.random() < 0.7 or not gap else "")
            )
        if rng.random() < 0.6:
            name = rng.choice(PLACES.districts) if rng.random() < 0.6 else self._place_name()
            parts.append(
                name
                + rng.choice(("区", "区", "区", "县", "县", "市", "新区", "自治县", "旗", "开发区"))
            )
        return parts

    def _place_name(self) -> str:
        pool = (
            PEOPLE.given + self._lists["villages"]
            if self._rng.random() < 0.6
            else self._lists["villages"]
        )
        return "".join(self._rng.choices(pool, k=self._rng.choice((1, 2, 2, 2, 3))))

    def _village(self) -> str:
        return self._place_name() + self._rng.choice(("镇", "乡", "村", "街道", "庄", "屯", "社区"))

    def _town(self) -> str:
        if self._rng.random() > 0.3:
            return ""
        town = self._place_name() + self._rng.choice(("镇", "乡", "街道", "镇", "街道"))
        if self._rng.random() < 0.45:
            town += self._place_name() + self._rng.choice(("村", "社区", "庄", "村委会", "屯"))
            if self._rng.random() < 0.5:
                town += self._count(20) + self._rng.choice(("组", "号", "队", "社"))
        return town

    def _roads(self) -> str:
        rng = self._rng
        name = rng.choice(self._lists["roads"]) if rng.random() < 0.5 else self._place_name()
        road = name + rng.choice(
            (
                "路",
                "路",
                "路",
                "街",
                "大道",
                "东路",
                "西路",
                "南路",
                "北路",
                "中路",
                "大街",
                "街",
                "巷",
                "胡同",
                "一路",
                "二路",
                "支路",
            )
        )
        if rng.random() < 0.85:
            road += self._count(2000) + rng.choice(
                ("号", "号", "号", "号院", "弄", "-" + str(rng.randint(1, 30)) + "号")
            )
        elif rng.random() < 0.4:
            road += rng.choice("与和跟") + rng.choice(self._lists["roads"]) + "路交叉口"
        return road

    def _road(self) -> str:
        return self._roads() if self._rng.random() < 0.65 else ""

    def _estates(self) -> str:
        name = self._rng.choice(self._lists["buildings"])
        if self._rng.random() < 0.4:
            name += self._rng.choice(self._lists["buildings"])
        elif self._rng.random() < 0.3:
            name = self._place_name()
        return name + self._rng.choice(PLACES.estate_suffixes)

    def _estate(self) -> str:
        return self._estates() if self._rng.random() < 0.55 else ""

    def _unit(self) -> str:
        rng = self._rng
        if rng.random() > 0.55:
            return ""
        unit = ""
        if rng.random() < 0.75:
            unit += self._count(40) + rng.choice(("栋", "幢", "号楼", "座", "号", "#", "区", "期"))
            if rng.random() < 0.15:
                unit = rng.choice("ABCDEFab东西南北") + rng.choice(("座", "栋", "区", "幢", "楼"))
        if rng.random() < 0.5:
            unit += self._count(6) + "单元"
        if rng.random() < 0.2:
            unit += self._count(30) + rng.choice(("楼", "层"))
        if rng.random() < 0.6:
            unit += str(rng.randint(101, 3506)) + rng.choice(("室", "室", "", "房", "号", "户"))
        if rng.random() < 0.08:
            unit = "-".join(str(rng.randint(1, 2500)) for _ in range(rng.randint(2, 3)))
        return unit

    def _count(self, most: int) -> str:
        rng = self._rng
        if rng.random() < 0.08 and most < 50:
            return rng.choice("一二三四五六七八九十")
        return str(rng.randint(1, most if rng.random() < 0.5 else min(most, 200)))

    def _latin_name(self) -> str:
        rng = self._rng
        faker = rng.choice(self._people)
        draw = rng.random()
        if draw < 0.25:
            return str(faker.first_name())
        if draw < 0.32:
            return str(faker.last_name())
        if draw < 0.37:
            return f"{faker.first_name()} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {faker.last_name()}"
        if draw < 0.45:
            pool = PEOPLE.latin_first, PEOPLE.latin_last
            return " ".join(rng.choice(names).capitalize() for names in pool)
        return f"{faker.first_name()} {faker.last_name()}"

    def _latin_address(self, *, short: bool = False) -> str:
        rng = self._rng
        faker = rng.choice(self._streets)
        street = str(faker.street_address()).replace("\n", ", ")
        if short:
            return str(faker.street_name())
        if rng.random() < 0.04:
            return self._military()
        if rng.random() < 0.2:
            street = f"{rng.randint(1, 9999)} {faker.street_name()}"
        if rng.random() < 0.2:
            street = f"{rng.randint(1, 99999)} {street}"
        joint = rng.choice((", ", ", ", "\n", " ", "\n "))
        parts = [street]
        if rng.random() < 0.3:
            parts.append(
                rng.choice(["Apt.", "Suite", "Unit", "Flat", "Apt", "Room"])
                + f" {rng.randint(1, 999)}"
            )
        if rng.random() < 0.6:
            city = str(faker.city())
            parts.append(city.upper() if rng.random() < 0.2 else city)
            if rng.random() < 0.5:
                parts.append(
                    rng.choice(
                        (
                            "Germany",
                            "France",
                            "United States",
                            "Poland",
                            "Denmark",
                            "Norway",
                            "United Kingdom",
                            "Canada",
                            "Australia",
                            "Italy",
                            "NY",
                            "CA",
                            "TX",
                            "USA",
                            "UK",
                        )
                    )
                    + (f" {rng.randint(1000, 99999)}" if rng.random() < 0.6 else "")
                )
            elif rng.random() < 0.5:
                parts[-1] += " " + str(faker.postcode())
        return re.sub(r"\s+$", "", joint.join(parts))

    def _military(self) -> str:
        rng = self._rng
        box = f"Box {rng.randint(100, 9999)}"
        head = rng.choice(
            (f"PSC {rng.randint(100, 9999)}, {box}", f"Unit {rng.randint(100, 9999)} {box}")
        )
        state = rng.choice(("AA", "AE", "AP"))
        return f"{head}\n{rng.choice(('APO', 'DPO'))} {state} {rng.randint(10000, 99999)}"

    def _latin_place(self) -> str:
        draw = self._rng.random()
        if draw < 0.4:
            return self._one("latin_places")
        faker = self._rng.choice(self._streets)
        place = str(faker.city() if draw < 0.7 else faker.country() if draw < 0.9 else faker.city())
        return place.upper() if self._rng.random() < 0.15 else place

    def _latin_firm(self) -> str:
        if self._rng.random() < 0.4:
            return self._one("latin_firms")
        if self._rng.random() < 0.5:
            return str(self._people[0].company())
        return " ".join(
            word.capitalize() for word in self._people[0].words(self._rng.randint(1, 3))
        )

    def _words(self) -> str:
        words = self._people[0].words(self._rng.randint(1, 6))
        style = self._rng.choice((str.capitalize, str.capitalize, str.lower, str.upper))
        return " ".join(style(word) for word in words)

    def _date(self) -> str:
        rng = self._rng
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        return rng.choice(
            (
                f"{month}月{day}日",
                f"{month}月{day}号",
                f"{day}号",
                f"{month}.{day}",
                "明天",
                "后天",
                f"2026年{month}月{day}日",
                f"2026-{month:02}-{day:02}",
                "周三",
                "下周一",
                "双十一",
                "今天下午",
            )
        )

    def _price(self) -> str:
        rng = self._rng
        return rng.choice(
            (
                f"{rng.randint(1, 999)}元",
                f"{rng.randint(1, 999)}块",
                f"¥{rng.randint(1, 9999)}",
                f"{rng.randint(1, 999)}.{rng.randint(1, 9)}",
                f"{rng.randint(1, 99)}.9元",
            )
        )

    def _size(self) -> str:
        rng = self._rng
        return rng.choice(
            (
                "XL",
                "L码",
                "M",
                "2XL",
                f"{rng.randint(34, 45)}码",
                f"{rng.randint(10, 300)}cm",
                f"{rng.randint(10, 300)}*{rng.randint(10, 300)}",
                f"{rng.randint(1, 9)}米",
                f"{rng.randint(100, 900)}ml",
                f"{rng.randint(1, 20)}斤",
                f"{rng.choice((64, 128, 256, 512))}G",
                f"{rng.randint(1, 12)}个装",
                "大号",
                "均码",
            )
        )

    def _measure(self) -> str:
        unit = self._rng.choice(("ml", "cm", "g", "kg", "oz", "in"))
        return f"{self._rng.randint(1, 900)} {unit}"

    def _model(self) -> str:
        rng = self._rng
        letters = "".join(rng.choices("ABCDEFGHKLMNPRSTXZ", k=rng.randint(1, 3)))
        dash, number = rng.choice(("", "-")), rng.randint(10, 9999)
        return f"{letters}{dash}{number}{rng.choice(('', 'S', 'Pro', 'Plus'))}"
