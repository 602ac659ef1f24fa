from __future__ import annotations

import pytest

from zhanggui.descriptions.channel import TextLimit, channel_names, load_channel
from zhanggui.descriptions.forms import forms
from zhanggui.errors import InputError
from zhanggui.records import Product


def test_the_channels_of_the_contract_are_there_and_load() -> None:
    assert set(channel_names()) >= {"generic", "taobao", "xiaohongshu", "shopify"}
    for name in channel_names():
        channel = load_channel(name)
        assert channel.name == name
        assert channel.bullets.least <= channel.bullets.most
        assert channel.body.least < channel.body.limit
        assert set(channel.forbidden) <= set(forms())


def test_an_unknown_channel_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="taobao"):
        load_channel("nowhere")


@pytest.mark.parametrize(
    ("count", "text", "length"),
    [
        ("characters", "保温杯500ml", 8),
        ("wide", "保温杯500ml", 6),
        ("wide", "保温杯", 3),
        ("wide", "a", 1),
    ],
)
def test_titles_are_counted_the_platforms_way(count: str, text: str, length: int) -> None:
    limit = TextLimit.model_validate({"limit": 30, "count": count})
    assert limit.length(text) == length


def test_the_generic_channel_writes_in_the_language_of_the_product() -> None:
    generic = load_channel("generic")
    assert generic.language_for(Product(id="1", title="保温杯")) == "zh"
    assert generic.language_for(Product(id="1", title="Vacuum Bottle")) == "en"
    assert load_channel("shopify").language_for(Product(id="1", title="保温杯")) == "en"


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("emoji", "好用✨推荐", ["✨"]),
        ("emoji", "36×22cm、23℃、¥9", []),
        ("exclamations", "好用！！！", ["！！！"]),
        ("exclamations", "好用！", []),
        ("url", "见 www.example.com/a", ["www.example.com/a"]),
        ("url", "GB/T 29606-2013，USB-C 3.2", []),
        ("phone", "拨打13800138000", ["13800138000"]),
        ("phone", "备案编号2025000000，续航138小时", []),
        ("chat", "加V聊，微信同号", ["加V", "微信"]),
        ("chat", "VX-200 支架，QQ糖", []),
    ],
)
def test_a_forbidden_form_is_found_and_nothing_like_it(
    form: str, text: str, found: list[str]
) -> None:
    channel = load_channel("taobao").model_copy(update={"forbidden": (form,)})
    violations = channel.violations({"body": text})
    assert [one.text for one in violations] == found
    assert all(text[one.start : one.end] == one.text for one in violations)
    assert {one.rule for one in violations} <= {f"channel.{form}"}
