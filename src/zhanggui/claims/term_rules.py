"""Terms of the lexicons: materials, colours, places, people, certificates, functions."""

from __future__ import annotations

import re

import rjieba

from zhanggui.claims.known import Known
from zhanggui.claims.lexicon import TermSpan, lexicon
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.vocabulary import attribute_words, is_included, opinion_words
from zhanggui.records import Fact
from zhanggui.text.normalise import fold, normalise

_NAMES = {
    "material": "材质",
    "colour": "颜色",
    "origin": "产地",
    "audience": "适用对象",
    "certificate": "认证或标准",
    "function": "功能",
    "ingredient": "成分",
    "cut": "款式",
}
# Words of these kinds are in everybody's mouth: 补水, 休闲, 柠檬.
_SPOKEN = frozenset(("function", "cut", "ingredient"))
_DENIES = re.compile(r"不|无|没|非|未|免|勿|别|\b(?:no|not|non|without|never)\b")
_NO = ("无", "不含", "没有", "0", "零", "不支持", "不添加", "no", "free of", "without")
# 控糖的朋友: whom the text speaks to, not what the thing does.
_PEOPLE = re.compile(r"的?(?:朋友|人群|人士|姐妹|宝子|小伙伴|伙伴|亲|党|星人|家庭|同学|用户)")
_NEAR = 12
# 不含香精 says what is in it, 别放牛奶 what the buyer should not do.
_CONTAINS = re.compile(r"含|无|零|0|没有|添加|不加|\b(?:no|without|free)\b")
_PIECES = re.compile(r"[、，,;；/|和与及\s]+")
# 还有奶油黄, 奶咖三色: an item of a list of colours.
_SHADE = re.compile(
    r"(?:^|[和与及跟/]|还有|以及|外加|另有|\d[号色]?是?)"
    r"(?P<shade>(?:(?![和与及跟])[\u4e00-\u9fff]){1,3}[红橙黄绿青蓝紫黑白灰粉棕咖杏米银金褐驼]色?)"
    r"(?=[一二两三四五六][种个]?[颜色款]|[和与及跟/]|都|各|任|可选|随|$)"
)
# Sorts of people and animals; a term excludes another of its own sort only.
# 猫咪也爱吃: said of others than those the data names.
_ALSO = re.compile(r"们?[也都][爱能可]")
_STRONG = re.compile(r"适合|适用|专为|专用|专属|designed for|made for|suitable for|ideal for")
_GROUPS = (
    frozenset(("敏感肌", "油皮", "干皮", "混合肌", "中性肌肤", "痘痘肌", "任何肤质")),
    frozenset(("男士", "女士", "男童", "女童")),
    frozenset(("新生儿", "婴儿", "幼儿", "儿童", "青少年", "成人", "老人")),
    frozenset(("猫", "幼猫", "狗", "幼犬", "小型犬", "大型犬")),
    frozenset(("学生",)),
    frozenset(("初学者",)),
    frozenset(("孕妇", "产妇", "糖尿病人")),
)
# 切半根香蕉, 撒几颗蓝莓, 配牛仔: what the buyer may take with it.
_BESIDE = re.compile(
    r"(?:[撒切拌蘸淋煮炖炒佐]|加点|融入|映衬|衬着|呼应|(?:smell|scent|notes?|aroma|hint|hints) of)"
    r"[^，。]{0,4}$"
)
_PAIR = 2
_TOWN = 3
_CORE = re.compile(r"^可(?=.$|调节$)|节$|[质制材子]$|(?:可用|适用)$|^certified ?|-certified$")
# ABS为键帽, 尼龙做的面料: what stands between a material and its part.
_MADE_INTO = re.compile(r"^[的制作做成当为 ]+")
_MOVES = "调挂转伸缩"
_MIXED = frozenset(("棉麻", "丝棉", "羊毛羊绒"))
_ANY_SHADE = re.compile(
    r"(?:^|[和与及跟/]|还有|以及|外加|另有|\d[号色]?是?)"
    r"(?P<shade>(?:(?![和与及跟])[\u4e00-\u9fff]){1,3}[红橙黄绿青蓝紫黑白灰粉棕咖杏米银金褐驼]色?)"
)
_CAPITALS = re.compile(r"[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?")
_LISTED = re.compile(r"\b(?:or|and|in|from) $")
_LOOKS = re.compile(r"的?颜色|般|的?质感|风(?![扇机])")
_COMPARED = re.compile(
    r"(?:[像似]|仿佛|宛如|好似|犹如|如同)[^，。；、]{0,6}$|(?:如|不是|不同于|般的?|like)\s?$"
)


def term_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every term that states something of the product."""
    suitable = None
    marks = []
    for span in lexicon().find(clause.norm):
        if not span.term.meant(clause.norm[span.start : span.end], clause.text):
            continue
        if span.term.soft and suitable is None:
            suitable = any(word in clause.norm for word in attribute_words().suitability)
        if span.term.soft and not suitable and not _ALSO.match(clause.norm, span.end):
            continue
        if span.term.kind == "audience" and "男" in clause.norm and "女" in clause.norm:
            continue
        addressed = span.term.kind == "function" and _PEOPLE.match(clause.norm, span.end)
        beside = span.term.kind in ("ingredient", "style", "material") and _BESIDE.search(
            clause.norm[: span.start]
        )
        looks = span.term.kind == "material" and _LOOKS.match(clause.norm, span.end)
        if beside or looks:
            continue
        if not addressed and not _COMPARED.search(clause.norm[: span.start]):
            mark = _decide(clause, span, known)
            # 学生党都能驾驭 is praise unless the data says that it is for others.
            weak = span.term.soft and not _STRONG.search(clause.norm)
            if mark.status != "unsupported" or not weak:
                marks.append(mark)
    return marks


def denial_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark where the clause has what a fact says is not there."""
    marks = []
    for phrase, fact in known.denials:
        start = clause.norm.find(phrase)
        if start < 0:
            continue
        end = start + len(phrase)
        if clause.denies(start, end) or _DENIES.search(clause.norm[:start]):
            marks.append(Mark(start, end, "supported", fact))
        else:
            marks.append(contradicted(start, end, fact))
    return marks


def _english_shades(clause: Clause, fact: Fact, names: list[str]) -> list[Mark]:
    """Capitalised names in a list with one of the data's colours: Slate, Moss or Crimson."""
    told = [name for name in names if len(name) > 2 and name.isascii()]
    marks = []
    for match in _CAPITALS.finditer(clause.text):
        word = match[0].lower()
        before = clause.text[: match.start()].lower()
        listed = _LISTED.search(before) and any(name in before for name in told)
        known = any(word in name or name in word for name in told) or word in opinion_words()
        if listed and told and not known:
            start, end = clause.to_norm(match.start()), clause.to_norm(match.end())
            marks.append(contradicted(start, end, fact))
    return marks


def colour_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for a colour that the text lists beside those of the data and the data has not."""
    listing = known.kinds.get("colour") or []
    names = [piece.strip() for fact in listing for piece in _PIECES.split(fact.value.lower())]
    if not any(name in clause.sentence.lower() for name in names if len(name) > 1):
        return []
    english = _english_shades(clause, listing[0], names)
    told = sum(name in clause.sentence.lower() for name in names if len(name) > 1)
    marks = []
    for match in (_SHADE if told < _PAIR else _ANY_SHADE).finditer(clause.norm):
        shade = match["shade"]
        bare = shade.removesuffix("色")
        ends = [name.removesuffix("色") for name in names]
        held = known.holding(bare) or any(bare.endswith(end) for end in ends if end)
        if not held and shade not in opinion_words():
            fact = listing[0]
            start, end = match.start("shade"), match.end("shade")
            marks.append(contradicted(start, end, fact))
    return marks + english


def _decide(clause: Clause, span: TermSpan, known: Known) -> Mark:
    name, start, end = span.term.name, span.start, span.end
    kind = _NAMES[span.term.kind]
    if clause.denies(start, end):
        return _denied(clause.norm, span, known)
    affirmed, denied = known.affirmed.get(name), known.denied.get(name)
    if affirmed is not None:
        other = _other_part(clause, span, known)
        if other is not None:
            return contradicted(start, end, other)
        return Mark(start, end, "supported", affirmed)
    if denied is not None and _permits(denied, clause.norm[start:end]):
        return Mark(start, end, "supported", denied)
    if denied is not None:
        return Mark(start, end, "contradicted", denied, f"资料里{denied.attribute}：{denied.value}")
    word = clause.norm[start:end].replace(" ", "")
    core = _CORE.sub("", word)
    if span.term.capitals and word.isascii():
        literal = known.holding_capitals(word.upper())
    else:
        literal = _held(clause.norm[start:end], core, known)
    if literal is not None:
        return Mark(start, end, "supported", literal)
    shade = _shaded(word, span, known)
    if shade is not None:
        return Mark(start, end, "supported", shade)
    rival = _rival(span, known)
    if rival is not None and span.term.kind == "origin":
        end = _place_end(clause.norm, end)
    if rival is not None:
        return contradicted(start, end, rival)
    if span.term.kind == "origin":
        end = _place_end(clause.norm, end)
    does = span.term.kind == "function"
    spoken = span.term.kind in _SPOKEN and not (does and is_included(clause.norm, start, end))
    return Mark(start, end, "unsupported", None, f"商品资料里没有这项{kind}", does, spoken)


def _shaded(word: str, span: TermSpan, known: Known) -> Fact | None:
    """The colours in which the data have a shade of `word`: 黄色 of 奶油黄小鸭."""
    bare = word.removesuffix("色")
    if span.term.kind != "colour" or word.isascii() or len(bare) != 1:
        return None
    return next((fact for fact in known.kinds.get("colour", ()) if bare in fact.value), None)


def _permits(fact: Fact, word: str) -> bool:
    """Whether the fact is about `word` and denies only some of it: 消毒方式: 可煮沸，不可紫外线."""
    pieces = [piece for piece in _PIECES.split(fact.value) if piece]
    return word in normalise(fact.attribute).text and not all(map(_DENIES.search, pieces))


def _place_end(text: str, end: int) -> int:
    """Where a place ends that the lexicon knows the beginning of: 福建漳州."""
    following = rjieba.tag(text[end : end + _TOWN])
    known = bool(following) and following[0][1] == "ns" and len(following[0][0]) > 1
    return end + len(following[0][0]) if known else end


def _held(word: str, core: str, known: Known) -> Fact | None:
    """The fact that says the word itself: 铁质 is 铁, 可拆 is the 拆 of 外套可拆洗."""
    if len(word) < _PAIR:
        return None
    apart = known.holding_apart(word)
    word = word.replace(" ", "")
    alone = known.holding(core) if core and core != word else None
    if word.startswith("可") and word[-1] in _MOVES and alone is None:
        # 可悬挂 is the 挂 of 挂钩, 可调 are the three of 档位.
        alone = known.holding(word[-1]) or (known.holding("档") if word == "可调" else None)
    if word == "控温" and alone is None:
        alone = next((one.fact for one in known.quantities.get("temperature", ())), None)
    listed = (
        next((fact for text, fact in known.folded if all(char in text for char in word)), None)
        if word in _MIXED
        else None
    )
    return known.holding(word) or alone or listed or apart


def _denied(text: str, span: TermSpan, known: Known) -> Mark:
    name, start, end = span.term.name, span.start, span.end
    word = text[start:end]
    affirmed, denied = known.affirmed.get(name), known.denied.get(name)
    if denied is not None:
        return Mark(start, end, "supported", denied)
    if affirmed is not None:
        return contradicted(start, end, affirmed)
    literal = next((fact for no in _NO if (fact := known.holding(no + fold(word)))), None)
    if literal is not None:
        return Mark(start, end, "supported", literal)
    advice = not _CONTAINS.search(text[max(0, start - _NEAR) : start])
    return Mark(start, end, "unsupported", None, "商品资料没有这样说", open=advice)


def _terms_of_kind(fact: Fact, kind: str) -> list[str]:
    return [term for term in fact.terms if lexicon().kind(term) == kind]


def _rival(span: TermSpan, known: Known) -> Fact | None:
    """A fact of the same kind that says something else, unless the claim only says it closer."""
    if not span.term.exclusive:
        return None
    wider = lexicon().broader(span.term.name)
    for fact in known.facts:
        others = [
            term
            for term in _terms_of_kind(fact, span.term.kind)
            if _comparable(term, span.term.name)
        ]
        if others:
            return None if any(other in wider for other in others) else fact
    return None


def _comparable(left: str, right: str) -> bool:
    """Whether two terms of a kind can exclude each other: two skin types, not a skin and an age."""
    sorts = (lexicon().broader(left), lexicon().broader(right))
    both = any(sorts[0] & group and sorts[1] & group for group in _GROUPS)
    either = any(sorts[0] & group or sorts[1] & group for group in _GROUPS)
    return both or not either


def _other_part(clause: Clause, span: TermSpan, known: Known) -> Fact | None:
    """The fact of the part that the text names right before the term, if it says otherwise."""
    if not span.term.exclusive or span.term.kind == "audience":
        return None
    before = clause.label + clause.norm[max(0, span.start - _NEAR) : span.start]
    after = _MADE_INTO.sub("", clause.norm[span.end :])
    for subject, fact in known.subjects.items():
        if after.startswith(subject) and _terms_of_kind(fact, span.term.kind):
            return None if _holds(fact, span.term.name) else fact
    best: tuple[int, Fact] | None = None
    for subject, fact in known.subjects.items():
        position = before.rfind(subject)
        named = position >= 0 and _terms_of_kind(fact, span.term.kind)
        if named and (best is None or position > best[0]):
            best = (position, fact)
    if best is None or fold(clause.norm[span.start : span.end]) in fold(best[1].value):
        return None
    return None if _holds(best[1], span.term.name) else best[1]


def _holds(fact: Fact, term: str) -> bool:
    return any(term in lexicon().broader(held) for held in fact.terms)
