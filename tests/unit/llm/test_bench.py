from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhanggui.cli import models
from zhanggui.cli.options import GlobalOptions
from zhanggui.llm import bench
from zhanggui.llm.fake import FakeEngine


def test_an_engine_without_a_process_has_no_memory_figures() -> None:
    engine = FakeEngine({"models.bench": "一、二、三、四、五、六、七、八、九、十"})
    figures = bench.bench(engine, None)
    assert (figures.peak_bytes, figures.read_bytes_per_second, figures.ratio) == (None, None, None)
    assert figures.cold_tokens == sum(len(m.content) for m in engine.history[0].messages)
    purposes = {request.purpose for request in engine.history}
    assert purposes == {"models.bench"}


def test_cold_prompts_share_no_beginning_and_warm_ones_do() -> None:
    engine = FakeEngine({"models.bench": "一、二、三、四、五、六、七、八、九、十"})
    bench.bench(engine, None)
    beginnings = [request.messages[0].content for request in engine.history]
    assert len(set(beginnings[:3])) == 3
    assert set(beginnings[3:6]) == {beginnings[0]}
    assert len({request.messages[1].content for request in engine.history[3:6]}) == 3


def test_the_ratio_is_bytes_read_over_bytes_that_could_be_read() -> None:
    figures = bench.Figures(
        model="m",
        start_seconds=1.0,
        cold_first_token_ms=1000.0,
        cold_tokens=90,
        warm_first_token_ms=200.0,
        warm_tokens=9,
        prefill_per_second=90.0,
        decode_per_second=20.0,
        peak_bytes=10**9,
        token_bytes=10**9,
        read_bytes_per_second=40e9,
    )
    assert figures.ratio == 0.5


def test_the_ceiling_reads_the_whole_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_READ_BYTES", 1 << 22)
    assert bench.read_ceiling() > 1e6


def test_peak_memory_covers_what_is_used_now() -> None:
    assert bench.peak_bytes(os.getpid()) > 10_000_000


def test_the_table_shows_every_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = FakeEngine({"models.bench": "一、二、三、四、五、六、七、八、九、十"})
    monkeypatch.setattr(models, "bare_engine", lambda settings: engine)
    options = GlobalOptions(endpoint="http://127.0.0.1:9/v1", model="some-model")
    result = CliRunner().invoke(models.app, ["bench"], obj=options, catch_exceptions=False)
    assert result.exit_code == 0
    for word in ("首字（冷）", "首字（热）", "prefill", "decode"):
        assert word in result.stdout


def test_list_marks_what_is_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHANGGUI_MODELS", str(tmp_path))
    with (tmp_path / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf").open("wb") as file:
        file.truncate(491_400_064)
    result = CliRunner().invoke(models.app, ["list"], obj=GlobalOptions(), catch_exceptions=False)
    lines = [line for line in result.stdout.splitlines() if "✓" in line]
    assert [line.split()[0] for line in lines] == ["qwen2.5-coder-0.5b"]
    assert "qwen3-4b" in result.stdout
