"""How fast the model answers here, beside what the machine's memory allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from zhanggui.llm.engine import ChatMessage, Completion, Engine, Request, chat
from zhanggui.llm.gguf import bytes_per_token
from zhanggui.llm.local_engine import LocalEngine

_READ_BYTES = 1 << 30
_READERS = 2
_ROUNDS = 5
_DECODE_TOKENS = 128
_SYSTEM = (
    "你是一家网店的客服，只根据店铺资料回答。店铺资料：本店在付款后四十八小时内发货，默认发中通快递；"
    "签收后七天内商品完好可以退换，运费由责任方承担；定制商品不支持无理由退货；发票在确认收货后开具。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured; None where it has no meaning for an endpoint."""

    model: str
    start_seconds: float | None
    """Until a fresh process answers; None where it ran already."""
    cold_first_token_ms: float
    """A prompt of which nothing is cached."""
    cold_tokens: int
    warm_first_token_ms: float
    """The same beginning, another question."""
    warm_tokens: int
    prefill_per_second: float
    decode_per_second: float
    peak_bytes: int | None
    token_bytes: int | None
    read_bytes_per_second: float | None
    kernels: str = ""
    """What the local model's llama.cpp was compiled for; empty for an endpoint."""

    @property
    def ratio(self) -> float | None:
        """Share of the memory-read ceiling that decoding uses."""
        if self.token_bytes is None or not self.read_bytes_per_second:
            return None
        return self.decode_per_second * self.token_bytes / self.read_bytes_per_second


def bench(engine: Engine, weights: Path | None) -> Figures:
    """Measures `engine`; for a `LocalEngine`, `weights` is its file."""
    start, peak, kernels = None, None, ""
    if isinstance(engine, LocalEngine):
        # A child that others use is left alone; then its start cannot be measured.
        began = None if engine.server.running() else time.perf_counter()
        engine.server.address()
        start = began and time.perf_counter() - began
    nonce = f"{time.time_ns():x}"
    cold = _best(_calls(engine, nonce, fresh=True))
    warm = _best(_calls(engine, nonce, fresh=False))
    decode = max(_decode_rate(engine, nonce, turn) for turn in range(3))
    if isinstance(engine, LocalEngine):
        child = engine.server.address()
        peak, kernels = peak_bytes(child.pid), child.kernels
    fresh = cold.usage.prompt_tokens - cold.usage.cached_tokens
    return Figures(
        model=engine.model,
        start_seconds=start,
        cold_first_token_ms=cold.usage.first_token_ms,
        cold_tokens=fresh,
        warm_first_token_ms=warm.usage.first_token_ms,
        warm_tokens=warm.usage.prompt_tokens - warm.usage.cached_tokens,
        prefill_per_second=fresh / (cold.usage.first_token_ms / 1000),
        decode_per_second=decode,
        peak_bytes=peak,
        token_bytes=bytes_per_token(weights) if weights else None,
        read_bytes_per_second=read_ceiling() if weights else None,
        kernels=kernels,
    )


def read_ceiling() -> float:
    """Bytes per second that two threads read from memory, the best of five rounds.

    Each thread ORs its own half of 1 GiB as 64-bit integers: one pass, nothing written, and
    faster than the sums and dot products that were tried.
    """
    halves = [np.ones(_READ_BYTES // _READERS // 8, np.int64) for _ in range(_READERS)]
    best = float("inf")
    for _ in range(_ROUNDS):
        threads = [threading.Thread(target=np.bitwise_or.reduce, args=(half,)) for half in halves]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        best = min(best, time.perf_counter() - began)
    return _READ_BYTES / best


def peak_bytes(pid: int) -> int:
    """The largest resident size that a process has had; where unknown, its size now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    memory = psutil.Process(pid).memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))


def _calls(engine: Engine, nonce: str, *, fresh: bool) -> Iterator[Completion]:
    for turn in range(3):
        # A number in front makes the whole prompt unknown to the prefix cache.
        system = f"{nonce}-{turn} {_SYSTEM}" if fresh else f"{nonce}-0 {_SYSTEM}"
        asked = "什么时候发货？" if fresh else f"第{turn + 1}位顾客问：收到的杯子有划痕，怎么退？"
        yield chat(engine, _request(system, asked, 8))


def _decode_rate(engine: Engine, nonce: str, turn: int) -> float:
    asked = f"第{turn + 1}次：请从1数到200，用顿号隔开，不要说别的。"
    usage = chat(engine, _request(f"{nonce}-0 {_SYSTEM}", asked, _DECODE_TOKENS)).usage
    return (usage.completion_tokens - 1) / ((usage.ms - usage.first_token_ms) / 1000)


def _request(system: str, asked: str, max_tokens: int) -> Request:
    messages = (ChatMessage("system", system), ChatMessage("user", asked))
    return Request(
        messages=messages, purpose="models.bench", max_tokens=max_tokens, priority="customer"
    )


def _best(completions: Iterator[Completion]) -> Completion:
    return min(completions, key=lambda completion: completion.usage.first_token_ms)
