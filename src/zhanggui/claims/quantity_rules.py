"""Numbers with units: a claim must meet a fact of the same dimension and the same thing."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from zhanggui.claims.agreement import agrees
from zhanggui.claims.count_rules import OWN, count_mark, is_small_count
from zhanggui.claims.derived import derived, ratio
from zhanggui.claims.facts import IDENTITY, PRICE
from zhanggui.claims.idle_rules import BOUND, is_figure, is_idle, is_measure
from zhanggui.claims.known import Known, KnownQuantity, aspect_in, without_compounds
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.thing_rules import thing_marks
from zhanggui.claims.vocabulary import attribute_words, measures
from zhanggui.records import Fact, Quantity
from zhanggui.text.normalise import fold, normalise
from zhanggui.text.numerals import NUMBER, value_of
from zhanggui.text.quantities import YEAR, QuantitySpan, quantities
from zhanggui.text.segment import query_tokens
from zhanggui.text.units import unit_table

# Dimensions that may state the same number: 60度 is 60℃, 42%vol or an angle.
_SAME = {
    "degree": ("degree", "temperature", "alcohol"),
    "temperature": ("temperature", "degree"),
    "alcohol": ("alcohol", "degree", "ratio"),
    "age": ("age", "time"),
    "count:款": ("count:款", "count:色", "count:档", "count:件"),
    "count:件": ("count:件", "count:套"),
    "count:支": ("count:支", "count:件"),
    "count:台": ("count:台", "count:件"),
}
# Ounces of a drink are fluid ounces.
_OUNCES = frozenset(("oz", "ounce", "ounces", "盎司"))
_FLUID = Decimal("29.57353") / Decimal("28.349523")
# 一斤水 is half a litre.
_DRINK = re.compile(r"的?(?:热|温|凉|冷|清|开|鲜|牛|豆|纯)?(?:水|奶|汤|茶|酒|饮)")
_DEGREES, _FAHRENHEIT = ("degrees", "degree", "°", "度"), ("°f", "fahrenheit", "degrees fahrenheit")
_CHINESE_INCH = Decimal("3.33333") / Decimal("2.54")
_TO_CELSIUS = Decimal("0.5555555556")
_PAIR = 2
# Digits and great numbers state something; 三伏天 need not.
_GREAT = re.compile(r"[\d千万亿]|thousand|million")
_CARRIES = re.compile(r"[装载背扛承容](?:得?[起下])?[^，。；\d]{0,5}$")
_ACIDITY = ("ph", "ph值")
# 电量低于50%就焦虑的人, 我拍了四十张: of people, not of the product.
_OF_PEOPLE = re.compile(r"的?(?:人|宝子|朋友|姐妹|同学|亲|伙伴|家庭|时候)")
_PER_MINUTE = re.compile(r"每分钟\s*(?:约|大约|可达)?\s*$")
_CROSS = re.compile(r"\s*[×x*乘]\s*[长宽高深厚]?")
_PER_AREA = re.compile(r"(?:[每一]个?(?:平方?米?|㎡)|一米见方)[^，。；\d]{0,3}$")
_AN_AREA = re.compile(r"[^，。；\d]{0,3}[每一]个?平[米方]")
_PER_HOUR = re.compile(r"(?:时速|每小时)\s*(?:约|大约|可达|高达)?\s*$")
_PER_HUNDRED = re.compile(r"(?:每|/)\s?100\s?(?:克|g|毫升|ml)")
# 每分钟1.5升, 每分钟3.1万次, 每平米500克, 时速12公里: what stands before the number, the dimension
# that it is read in, the one that is meant, and the factor between their base units.
_RATES = (
    (_PER_MINUTE, "volume", "flow", Decimal("0.00006")),
    (_PER_MINUTE, "count:次", "beat", Decimal(1)),
    (_PER_AREA, "mass", "surface_mass", Decimal(1)),
    (_PER_HOUR, "length", "speed", Decimal("0.00001")),
)
# What an age may be told of: 两个月的小奶猫, 半岁宝宝.
_YOUNG = re.compile(
    r"(?:起|以上|大)?[即便就]?(?:可|能|适合|适用)?(?:使用|可用|能用|坐|玩|吃|喝|穿)"
    r"|(?:用|坐|穿|玩)?到\d"
    r"|大?的?(?:小|幼|奶)*(?:宝宝|婴儿|奶猫|猫|狗|犬|孩子|娃|宝|baby|babies|infants?|kids?|child)"
)


def quantity_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every number with a unit that states something of the product."""
    spans = [_spoken_as(span, clause, known) for span in _numbers(clause)]
    marks: list[Mark] = []
    for index, span in enumerate(spans):
        begin = spans[index - 1].end if index else 0
        end = spans[index + 1].start if index + 1 < len(spans) else len(clause.text)
        window = (clause.to_norm(begin), clause.to_norm(end))
        aspect = _aspect(clause, span, window, spans[0])
        if not is_idle(clause.text, span, aspect, known):
            mark = _decide(clause, span, aspect, window, known)
            marks += [mark] if mark is not None else []
    return _whole_sizes([*marks, *thing_marks(clause, known)], clause.norm)


def _numbers(clause: Clause) -> list[QuantitySpan]:
    """The quantities of the clause; `pH值：` before it says what bare ones are."""
    found = quantities(clause.text)
    if found or not clause.label.endswith(_ACIDITY):
        return found
    lead = len(_ACIDITY[0])
    return [
        replace(span, start=span.start - lead, end=span.end - lead)
        for span in quantities(_ACIDITY[0] + clause.text)
        if span.start >= lead
    ]


def _whole_sizes(marks: list[Mark], text: str) -> list[Mark]:
    """A size with a wrong side is wrong as a whole: 200×230cm."""
    result: list[Mark] = []
    for mark in marks:
        last = result[-1] if result else None
        if last and _CROSS.fullmatch(text[last.end : mark.start]):
            worse = min((last, mark), key=lambda one: one.status == "supported")
            if worse.status != "supported":
                result[-1] = replace(worse, start=last.start, end=mark.end)
                continue
        result.append(mark)
    return result


def _spoken_as(span: QuantitySpan, clause: Clause, known: Known) -> QuantitySpan:
    """`span` in the dimension that is meant: fluid ounces, months that are an age."""
    amount = span.quantity
    for before, dimension, rate, factor in _RATES:
        said = before.search(clause.text[: span.start])
        if before is _PER_AREA:
            said = said or _AN_AREA.match(clause.text, span.end)
        if amount.dimension == dimension and said:
            return replace(span, quantity=_as(amount, rate, factor))
    young = amount.dimension == "time" and _YOUNG.match(clause.text, span.end)
    if young and known.quantities.get("age"):
        return replace(span, quantity=_in_years(amount))
    if amount.dimension == "mass" and _DRINK.match(clause.text, span.end):
        measured = known.quantities.get("volume", ())
        if measured and not _holds(amount, known):
            return replace(span, quantity=replace(amount, dimension="volume"))
    if (
        amount.unit in _DEGREES
        and not _holds(amount, known)
        and any(one.quantity.unit in _FAHRENHEIT for one in known.quantities.get("temperature", ()))
    ):
        low, high = ((value - 32) * _TO_CELSIUS for value in (amount.low, amount.high))
        return replace(
            span, quantity=replace(amount, low=low, high=high, dimension="temperature", unit="°f")
        )
    if amount.unit == "寸" and not _holds(amount, known):
        # The inch of the country, where the facts do not have the English one.
        ours = replace(amount, low=amount.low * _CHINESE_INCH, high=amount.high * _CHINESE_INCH)
        return replace(span, quantity=ours) if _holds(ours, known) else span
    if amount.unit not in _OUNCES or "volume" not in known.quantities:
        return span
    low, high = amount.low * _FLUID, amount.high * _FLUID
    if _holds(amount, known):
        return span
    return replace(span, quantity=replace(amount, low=low, high=high, dimension="volume"))


def _holds(amount: Quantity, known: Known) -> bool:
    return any(agrees(amount, one.quantity) for one in known.quantities.get(amount.dimension, ()))


def _aspect(
    clause: Clause, span: QuantitySpan, window: tuple[int, int], first: QuantitySpan
) -> str:
    """What the number measures; `first` is the first number of the clause, which shows whether
    the measures stand behind the numbers: 两米宽两米六高."""
    dimension = span.quantity.dimension
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    text = without_compounds(clause.norm)
    behind = ""
    if first is not span:
        head, tail = text[: clause.to_norm(first.start)], text[clause.to_norm(first.end) :][:1]
        if aspect_in(tail, dimension) and not aspect_in(head + clause.label, dimension):
            behind = aspect_in(text[end : end + 1], dimension)
    return (
        behind
        or aspect_in(text[window[0] : start], dimension)
        or aspect_in(text[end : min(window[1], end + 8)], dimension, near=0)
        or aspect_in(clause.label, dimension)
        or aspect_in(text, dimension, near=start)
    )


def _decide(
    clause: Clause, span: QuantitySpan, aspect: str, window: tuple[int, int], known: Known
) -> Mark | None:
    """The mark for one number; None for a count of things that are not the product's."""
    amount = span.quantity
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    candidates = _candidates(amount, known)
    candidates = _keyed(clause, candidates, known)
    sure = count_mark(clause, span, candidates, known) or _key(clause, span, known)
    if sure is not None:
        return None if sure == "idle" else sure
    if not candidates:
        return _without_candidates(clause, span, aspect, known)
    pool, named = _pool(clause, (start, end), aspect, window, candidates)
    if not named and (bound := _bound(clause, span, candidates)):
        pool, named = bound, True
    held = next((one.fact for one in pool if agrees(amount, one.quantity)), None)
    meant = "".join(one.fact.attribute for one in pool) if named else ""
    other = held or _elsewhere(amount, clause.norm, meant, candidates, known)
    other = other or derived(span, clause, known, candidates)
    other = other or _ratio(amount, clause, known)
    if other is not None:
        return Mark(start, end, "supported", other)
    if not named and OWN.search(clause.norm[:start]):
        return None
    if is_figure(clause, span, aspect, known):
        return None
    if not named and is_measure(clause, span, candidates):
        return None
    if not pool:
        return Mark(start, end, "unsupported", None, f"商品资料没有给出{aspect or '这样'}的数值")
    if named or len({one.fact.attribute for one in pool}) == 1:
        fact = pool[0].fact
        return contradicted(start, end, fact)
    return Mark(start, end, "unsupported", None, "商品资料里没有这个数值")


def _ratio(amount: Quantity, clause: Clause, known: Known) -> Fact | None:
    """The fact that proves 两倍: what it is of stands in the data with its half."""
    return ratio(amount.low, clause.norm, known) if amount.dimension == "times" else None


def _without_candidates(
    clause: Clause, span: QuantitySpan, aspect: str, known: Known
) -> Mark | None:
    """A number of a kind that no fact has."""
    start, end = clause.to_norm(span.start), clause.to_norm(span.end)
    literal = known.holding(fold(clause.text[span.start : span.end]))
    literal = literal or _ratio(span.quantity, clause, known) or derived(span, clause, known)
    if literal is None and span.spoken and span.quantity.low == _PAIR:
        # 两个盖子 are the 双盖 of the data.
        thing = clause.text[span.end :].lstrip("的")[:2]
        pairs = (known.holding(f"双{char}") for char in thing)
        literal = next((fact for fact in pairs if fact is not None), None)
    if literal is not None:
        return Mark(start, end, "supported", literal)
    if is_small_count(span, clause) and clause.text[span.start].isascii():
        return None
    if _OF_PEOPLE.search(clause.norm, end) or OWN.search(clause.norm[:start]):
        return None
    # 能装三十斤 is of the goods, 二两醋 is not.
    spelt = not (_GREAT.search(clause.norm, start, end) or _CARRIES.search(clause.norm[:start]))
    if is_figure(clause, span, aspect, known) or (spelt and not aspect):
        return None
    return Mark(start, end, "unsupported", None, "商品资料里没有这类数值")


def _candidates(amount: Quantity, known: Known) -> list[KnownQuantity]:
    found = [
        one
        for dimension in _SAME.get(amount.dimension, (amount.dimension,))
        for one in known.quantities.get(dimension, ())
    ]
    if amount.dimension.startswith("currency:") and not found:
        # The data's price names no currency.
        prices = known.quantities.get("currency:CNY", ())
        return [one for one in prices if one.fact.attribute == PRICE]
    if amount.dimension == "ratio":
        found += [_as_share(one) for one in known.quantities.get("mass", ()) if _per_hundred(one)]
    if amount.dimension != "age":
        return found
    return [_as_age(one) if one.quantity.dimension == "time" else one for one in found]


def _per_hundred(one: KnownQuantity) -> bool:
    return _PER_HUNDRED.search(normalise(f"{one.fact.attribute} {one.fact.value}").text) is not None


def _as_share(one: KnownQuantity) -> KnownQuantity:
    """13.5克 of 100克 are 13.5 %."""
    return replace(one, quantity=replace(one.quantity, dimension="ratio", unit="%"))


def _as_age(one: KnownQuantity) -> KnownQuantity:
    """6个月以上 is an age of half a year."""
    return replace(one, quantity=_in_years(one.quantity))


def _in_years(amount: Quantity) -> Quantity:
    return replace(amount, low=amount.low / YEAR, high=amount.high / YEAR, dimension="age")


def _as(amount: Quantity, dimension: str, factor: Decimal) -> Quantity:
    low, high = amount.low * factor, amount.high * factor
    return replace(amount, low=low, high=high, dimension=dimension)


def _key(clause: Clause, span: QuantitySpan, known: Known) -> Mark | None:
    """A number that an attribute's name holds: the 1.5m of 1.5m床规格."""
    for key, fact in known.keys:
        if key.dimension == span.quantity.dimension and agrees(span.quantity, key):
            start, end = clause.to_norm(span.start), clause.to_norm(span.end)
            return Mark(start, end, "supported", fact)
    return None


def _keyed(clause: Clause, candidates: list[KnownQuantity], known: Known) -> list[KnownQuantity]:
    """Only the facts for the size that the sentence speaks of: 1.8米床的这套，被套是…"""
    if not known.keys or not candidates:
        return candidates
    said = [span.quantity for span in quantities(clause.sentence)]
    meant = {
        fact.attribute
        for key, fact in known.keys
        if any(one.dimension == key.dimension and agrees(one, key) for one in said)
    }
    keyed = {fact.attribute for _, fact in known.keys}
    return [
        one
        for one in candidates
        if not meant or one.fact.attribute in meant or one.fact.attribute not in keyed
    ]


def _elsewhere(
    amount: Quantity, said: str, meant: str, candidates: list[KnownQuantity], known: Known
) -> Fact | None:
    """A fact with this very number, where the text does not name another one (`meant`: the names
    of the attributes it names)."""
    both = _ends(amount, candidates)
    if both is not None:
        return both
    if meant:
        # The floor's size and the floor's rating have one subject.
        shared = (one for one in candidates if agrees(amount, one.quantity))
        return next((one.fact for one in shared if _named_in(said, one.fact, meant)), None)
    held = next((one.fact for one in candidates if agrees(amount, one.quantity)), None)
    if held is None and amount.low != amount.high and amount.dimension == "size":
        # 35到44码 is the 35-44 of 尺码.
        pattern = re.compile(rf"(?<!\d){amount.low:f}\D{{1,3}}{amount.high:f}(?!\d)")
        return next((fact for fact in known.facts if pattern.search(fact.value)), None)
    return held


def _pool(
    clause: Clause,
    place: tuple[int, int],
    aspect: str,
    window: tuple[int, int],
    candidates: list[KnownQuantity],
) -> tuple[list[KnownQuantity], bool]:
    """The facts that the number may speak of, and whether the text names them."""
    start, end = place
    near = clause.label + clause.norm[window[0] : start]
    after = clause.norm[start : window[1]]
    following = [one for one in candidates if _names(one.fact, clause.norm[end:])]
    if following:
        return following, True
    leading = _leads(clause, window, candidates)
    labelled = _labelled(near, clause.norm[end:], candidates, leading=leading)
    if labelled:
        return labelled, True
    called = _called(near, candidates)
    if called:
        return called, True
    subjects = [one for one in candidates if one.speaks_of(near)]
    if not subjects and not any(one.aspect == aspect != "" for one in candidates):
        subjects = [one for one in candidates if one.speaks_of(after)]
    if subjects:
        exact = [one for one in subjects if one.aspect == aspect] if aspect else subjects
        return exact or subjects, True
    if aspect:
        same = [one for one in candidates if one.aspect == aspect]
        # A part's own measure (杯盖直径) says nothing of the measure of the whole, and a fact that
        # names no aspect (尺寸, 规格) may be the one.
        free = [one for one in candidates if not one.aspect]
        return same + free, bool(same)
    said = clause.norm
    free = [one for one in candidates if one.aspect not in BOUND or _shares(said, one.fact)]
    return free, False


def _leads(clause: Clause, window: tuple[int, int], candidates: list[KnownQuantity]) -> bool:
    """Whether the parts stand before their numbers: 前轮五寸后轮六寸, not 七成棉三成麻."""
    if not window[0]:
        return True
    first = clause.norm[: clause.to_norm(quantities(clause.text)[0].start)]
    return any(first.endswith(label) for one in candidates for label in one.labels)


def _called(near: str, candidates: list[KnownQuantity]) -> list[KnownQuantity]:
    """Those whose attribute the text calls by its name last before the number: 坐高, where 总高
    is a height too."""
    generic = attribute_words().generic
    best, chosen = 0, list[KnownQuantity]()
    for one in candidates:
        name = normalise(one.fact.attribute).text
        place = near.rfind(name) + len(name) if name in near else 0
        if len(name) < _PAIR or name in generic or name in measures() or place < best or not place:
            continue
        chosen = [*chosen, one] if place == best else [one]
        best = place
    return chosen


def _bound(
    clause: Clause, span: QuantitySpan, candidates: list[KnownQuantity]
) -> list[KnownQuantity]:
    """Those that stand in the data beside another number of the clause: 60℃ of 6小时后不低于60℃
    where the text tells of 6小时, unless that number is told too."""
    others = [one.quantity for one in quantities(clause.text) if one.start != span.start]
    kind = span.quantity.dimension
    found = [
        one
        for one in candidates
        if one.fact.attribute not in IDENTITY
        # 500克 are the four pieces of 125g×4块.
        and not any(one.quantity.low * many.low == span.quantity.low for many in one.beside)
        and any(
            other.dimension == beside.dimension != kind and agrees(other, beside)
            for other in others
            for beside in one.beside
        )
    ]
    told = any(
        other.dimension == kind and agrees(other, one.quantity) for other in others for one in found
    )
    return [] if told else found


def _names(fact: Fact, after: str) -> bool:
    """Whether the name of the attribute follows the number: 32GB存储."""
    name = normalise(fact.attribute).text
    return len(name) > 1 and after.lstrip("的 ").startswith(name)


def _named_in(said: str, fact: Fact, meant: str) -> bool:
    """Whether the text has a word of the attribute's name that tells it from those `meant`."""
    words = query_tokens(fact.attribute)
    generic = attribute_words().generic
    telling = (word for word in words if len(word) > 1 and word not in generic)
    return any(word in said and word not in meant.lower() for word in telling)


def _ends(amount: Quantity, candidates: list[KnownQuantity]) -> Fact | None:
    """The fact with both ends of a range: from 17 to 50 feet of 17 ft, expands to 50 ft."""
    if amount.low == amount.high:
        return None
    for one in candidates:
        same = [each.quantity for each in candidates if each.fact == one.fact]
        values = {value for each in same for value in (each.low, each.high)}
        if {amount.low, amount.high} <= values or _both_in(amount, one.fact):
            return one.fact
    ends = [
        next((one.fact for one in candidates if one.quantity.low == one.quantity.high == end), None)
        for end in (amount.low, amount.high)
    ]
    return ends[0] if all(ends) else None


def _both_in(amount: Quantity, fact: Fact) -> bool:
    """Whether the value has both numbers in this unit: 450 and 1,700 rpm of 0-450 / 0-1,700 rpm."""
    value = normalise(fact.value).text.replace(",", "")
    unit = unit_table().units.get(amount.unit)
    if unit is None or amount.unit not in value:
        return False
    numbers = {value_of(match) for match in NUMBER.finditer(value)}
    return {amount.low / unit.factor, amount.high / unit.factor} <= numbers


def _labelled(
    near: str, after: str, candidates: list[KnownQuantity], *, leading: bool
) -> list[KnownQuantity]:
    """Those whose part or size the text names right after the number, or last before it."""
    before = [one for one in candidates for label in one.labels if near.endswith(label)]
    if before and leading:
        return before
    following = [
        one
        for one in candidates
        for label in one.labels
        if not label.isascii() and after.lstrip("的").startswith(label)
    ]
    if following:
        return following
    best, chosen = -1, list[KnownQuantity]()
    for one in candidates:
        for label in one.labels:
            place = _rfind(near, label)
            if place > best:
                best, chosen = place, [one]
            elif place == best >= 0 and one not in chosen:
                chosen.append(one)
    return chosen


def _rfind(text: str, label: str) -> int:
    if not label.isascii():
        return text.rfind(label)
    found = [match.start() for match in re.finditer(rf"(?<![a-z]){label}(?![a-z])", text)]
    return found[-1] if found else -1


def _shares(text: str, fact: Fact) -> bool:
    """Whether the text has a word of the fact: 提醒 of 40分钟提醒."""
    words = query_tokens(f"{fact.attribute} {fact.value}")
    return any(len(word) > 1 and word.isalpha() and word in text for word in words)
