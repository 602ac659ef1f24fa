from __future__ import annotations

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.records import Claim, Product

MOUNT = Product(
    id="M1",
    title="途野 车载手机支架 折叠款",
    attributes={
        "材质": "铝合金",
        "功能": "可折叠，密封防潮",
        "重量": "62g",
        "充电功率": "15W",
        "适用年龄": "3岁以上",
        "颜色": "曜黑、原木",
        "等级": "一级",
        "Compartments": "2",
        "盖": "双盖",
    },
)
FACTS = facts_of(MOUNT)


def claims(text: str) -> list[Claim]:
    return [claim for claim in verify({"t": text}, FACTS) if claim.why]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("能去除车里的异味", "去除车里的异味"),
        ("有效防止手机滑落", "防止手机滑落"),
        ("保护手机屏幕", "保护手机屏幕"),
        ("能锻炼孩子的专注力", "锻炼孩子的专注力"),
        ("保证了使用寿命", "保证了使用寿命"),
        ("确保品质", "确保品质"),
        ("不易滑落", "不易滑落"),
        ("适用于各种车载场景", "适用于各种车载场景"),
        ("充电快到飞起", "充电快到飞起"),
        ("不掉漆", "不掉漆"),
        ("特级用料", "特级"),
        ("没有任何异味", "没有任何异味"),
        ("四季都能用", "四季都"),
        ("It protects the phone from scratches", "protects the phone from scratches"),
    ],
)
def test_an_effect_that_no_fact_names_is_unsupported(text: str, span: str) -> None:
    found = claims(text)
    assert [claim.status for claim in found] == ["unsupported"]
    assert found[0].text == span


@pytest.mark.parametrize(
    "text",
    [
        "提升一整天的好心情",
        "减少了出门的麻烦",
        "记得密封，防止受潮",
        "给生活增添一点氛围",
        "挑个好看的保护套",
        "15W充电，充电够快",
        "62g，方便携带",
        "折叠起来方便携带",
        "密封防潮，防止受潮",
        "一级用料",
        "It lifts the mood and improves your day",
    ],
)
def test_moods_advice_and_what_a_fact_or_number_bears_out_pass(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "两只猫挤在旁边看",
        "约上两个朋友出门",
        "一米八的个子也够得着",
        "一天跑五公里也没掉",
        "搭两把就好",
        "黑的耐看，原木色亮堂",
        "三岁往上的孩子都能玩",
        "两个盖子换着用",
        "Two compartments for this and that",
    ],
)
def test_numbers_and_words_of_the_scene_are_no_claims_or_proved(text: str) -> None:
    assert claims(text) == []


def test_an_effect_is_proved_by_a_fact_that_says_the_same() -> None:
    (claim,) = [one for one in verify({"t": "防止受潮"}, FACTS) if one.evidence]
    assert claim.evidence is not None
    assert (claim.status, claim.evidence.attribute) == ("supported", "功能")


def test_a_denied_thing_may_be_denied_in_any_words() -> None:
    product = Product(
        id="2", title="杯", attributes={"洗碗机": "不可", "无线充电": "not supported"}
    )
    facts = facts_of(product)
    assert not [one for one in verify({"t": "洗碗机就别放了"}, facts) if one.why]
    assert [one.status for one in verify({"t": "可放洗碗机"}, facts) if one.why] == ["contradicted"]
