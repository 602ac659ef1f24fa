"""The real model writes; whatever it writes, nothing unproved comes out as publishable."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.llm.open_engine import open_engine
from zhanggui.records import Product, Receipt
from zhanggui.settings import Settings

LAMP = Product(
    id="L1",
    title="栖野 露营灯 复古款",
    category="户外/照明",
    brand="栖野",
    attributes={
        "亮度": "350流明",
        "续航": "低亮18小时",
        "防水等级": "IPX4",
        "充电接口": "Type-C",
        "重量": "420g",
        "颜色": "军绿",
        "快充": "不支持",
        "质保": "1年",
    },
)


@pytest.mark.live
def test_the_real_model_writes_copy_that_is_proved(models_dir: Path, tmp_path: Path) -> None:
    receipts: list[Receipt] = []
    settings = Settings(home=tmp_path, models=models_dir, runtime=tmp_path / "run", idle_seconds=5)
    channel = load_channel("generic")
    draft = describe(LAMP, channel, open_engine(settings, on_receipt=receipts.append))
    assert {receipt.purpose for receipt in receipts} == {"describe.write"}
    assert len(receipts) <= channel.bullets.most
    assert draft.verdict.claims == verify(draft.copy.parts(), facts_of(LAMP))
    assert any(claim.evidence for claim in draft.verdict.claims)
    if draft.state == "draft":
        assert {claim.status for claim in draft.verdict.claims} <= {"supported", "opinion"}
        assert len(draft.bullets) >= channel.bullets.least
        assert len(draft.body) >= channel.body.least
