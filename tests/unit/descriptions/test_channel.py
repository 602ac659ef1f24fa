from __future__ import annotations

import pytest

from zhanggui.descriptions.channel import TitleLimit, channel_names, load_channel
from zhanggui.errors import InputError
from zhanggui.records import Product


def test_the_channels_of_the_contract_are_there_and_load() -> None:
    assert set(channel_names()) >= {"generic", "taobao", "xiaohongshu", "shopify"}
    for name in channel_names():
        channel = load_channel(name)
        assert channel.name == name
        assert channel.bullets.least <= channel.bullets.most
        assert channel.body.least < channel.body.limit


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
    limit = TitleLimit.model_validate({"limit": 30, "count": count})
    assert limit.length(text) == length


def test_the_generic_channel_writes_in_the_language_of_the_product() -> None:
    generic = load_channel("generic")
    assert generic.language_for(Product(id="1", title="保温杯")) == "zh"
    assert generic.language_for(Product(id="1", title="Vacuum Bottle")) == "en"
    assert load_channel("shopify").language_for(Product(id="1", title="保温杯")) == "en"
